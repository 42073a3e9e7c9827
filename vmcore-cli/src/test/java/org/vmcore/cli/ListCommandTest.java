package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.LinkedKernel.HEAD;
import static org.vmcore.testing.LinkedKernel.LIST;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.LinkedKernel;

class ListCommandTest {
  @TempDir Path folder;
  private final LinkedKernel kernel = new LinkedKernel();
  private final long one = kernel.item(1);
  private final long two = kernel.item(2);

  private Run run(Object... more) throws IOException {
    List<Object> line = new ArrayList<>(List.of("list"));
    line.add(kernel.dump().writeTo(folder.resolve("vmcore")));
    line.addAll(List.of(more));
    return Run.of(line.toArray());
  }

  private static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  @Test
  void aListWithMembers() throws IOException {
    kernel.list(HEAD, one, two).memory().u64(one + 80, two);

    Run run = run("head", "--type", "item", "--member", "list", "--show", "id,name,mood");

    assertThat(run.ok().lines())
        .containsExactly(
            "ADDRESS id name mood", hex(one) + " 1 item 1 GRIM", hex(two) + " 2 item 2 GLAD");
  }

  @Test
  void whatLiesBehindPointersIsShownAndWhereNoneIsADash() throws IOException {
    kernel.list(HEAD, one, two).memory().u64(one + 80, two);

    Run run = run("head", "--type", "item", "--kind", "list", "--show", "friend.name,friend");

    assertThat(run.ok().lines())
        .containsExactly(
            "ADDRESS friend.name friend", hex(one) + " item 2 " + hex(two), hex(two) + " - 0x0");
  }

  @Test
  void json() throws IOException {
    kernel.list(HEAD, one);

    Run run =
        run(
            "head",
            "--type",
            "item",
            "--kind",
            "list",
            "--show",
            "id,name,big,friend,list",
            "--json");

    assertThat(run.ok().out())
        .endsWith(
            "\"kind\":\"list\",\"more\":false,\"nodes\":[{\"address\":\""
                + hex(one)
                + "\",\"id\":1,\"name\":\"item 1\",\"big\":\"18446744073709551614\",\"friend\":\"0x0\","
                + "\"list\":\"{.next = "
                + hex(HEAD)
                + ", .prev = "
                + hex(HEAD)
                + "}\"}]}\n");
  }

  @Test
  void numbersInHexadecimal() throws IOException {
    kernel.list(HEAD, one).memory().u32(one, -2);

    Run run = run("head", "--type", "item", "--kind", "list", "--show", "id,big,mood", "--hex");

    assertThat(run.ok().lines().getLast())
        .isEqualTo(hex(one) + " 0xfffffffe 0xfffffffffffffffe GRIM");
  }

  @Test
  void fromAnObjectInTheList() throws IOException {
    kernel.list(one + LIST, two);

    assertThat(run(hex(one), "--type", "item", "--member", "list", "--no-header").ok().lines())
        .containsExactly(hex(one), hex(two));
    assertThat(run(hex(one), "--head", "item.list", "--type", "item", "--no-header").ok().lines())
        .as("as a head, which is no object of the list")
        .containsExactly(hex(two));
  }

  @Test
  void backwards() throws IOException {
    kernel.list(HEAD, one, two);

    assertThat(
            run("head", "--type", "item", "--kind", "list", "--reverse", "--no-header")
                .ok()
                .lines())
        .containsExactly(hex(two), hex(one));
  }

  @Test
  void nodesAloneWithoutAType() throws IOException {
    kernel.list(HEAD, one);

    assertThat(run("head", "--kind", "list", "--no-header").ok().lines())
        .containsExactly(hex(one + LIST));
  }

  @Test
  void aLimit() throws IOException {
    kernel.list(HEAD, one, two);

    Run run = run("head", "--type", "item", "--kind", "list", "--limit", "1", "--no-header");

    assertThat(run.status()).isZero();
    assertThat(run.lines()).containsExactly(hex(one));
    assertThat(run.err()).contains("only the first 1: --limit");
  }

  @Test
  void variablesOfCpus() throws IOException {
    kernel.list(LinkedKernel.queue(0), one).list(LinkedKernel.queue(1), two);
    Object[] line = {"queue", "--head", "queue.items", "--type", "item", "--show", "id", "--cpu"};

    assertThat(run(with(line, "all")).ok().lines())
        .containsExactly("ADDRESS CPU id", hex(one) + " 0 1", hex(two) + " 1 2");
    assertThat(run(with(line, "1")).ok().lines())
        .containsExactly("ADDRESS CPU id", hex(two) + " 1 2");
    assertThat(run("queue", "--head", "queue.items").err()).contains("--cpu N, or --cpu all");
  }

  private static Object[] with(Object[] line, String last) {
    List<Object> all = new ArrayList<>(List.of(line));
    all.add(last);
    return all.toArray();
  }

  @Test
  void aTableOfLists() throws IOException {
    kernel.hlist(HEAD, 0, one).hlist(HEAD + 16, 0, two);

    assertThat(run("head", "--head", "bin.table", "--type", "item", "--no-header").ok().lines())
        .containsExactly(hex(one), hex(two));
  }

  @Test
  void anArrayHasIndexesAndNumbers() throws IOException {
    kernel.memory().u64(HEAD + 8, kernel.xaNode(0, 0, 0, one, 21 << 1 | 1) + 2);

    Run run = run("head", "--head", "xarray", "--type", "item", "--show", "name");

    assertThat(run.ok().lines())
        .containsExactly("ADDRESS INDEX VALUE name", hex(one) + " 1 - item 1", "- 2 21 -");
  }

  @Test
  void aTornListHasStatus3() throws IOException {
    kernel.list(HEAD, one, two).memory().u64(one + LIST, HEAD + 0x40);

    Run run = run("head", "--type", "item", "--member", "list", "--no-header");

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.lines()).containsExactly(hex(one), hex(two));
    assertThat(run.err()).contains("the list breaks off after 1 nodes, and 1 are found from its");
  }

  @Test
  void anEmptyListHasStatus1() throws IOException {
    kernel.list(HEAD);

    Run run = run("head", "--type", "item", "--member", "list");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("it is empty");
  }

  @Test
  void whatIsntKnownIsSaid() throws IOException {
    kernel.list(HEAD, one);

    assertThat(run("head").err()).contains("type of head: --head TYPE, --kind, or --type and");
    assertThat(run("head", "--type", "itm", "--member", "list").err()).contains("type itm");
    assertThat(run("head", "--type", "item", "--member", "lst").err()).contains("member item.lst");
    assertThat(run("head", "--type", "item", "--kind", "list", "--show", "nme").err())
        .contains("member nme");
    assertThat(run("head", "--head", "item").err())
        .contains("list, tree or array in a struct item");
    assertThat(run("nothing", "--kind", "list").err()).contains("no symbol 'nothing'");
  }

  @Test
  void wrongUsage() throws IOException {
    kernel.list(HEAD, one);

    assertThat(run("head", "--show", "id").status()).isEqualTo(2);
    assertThat(run("head", "--member", "list").status()).isEqualTo(2);
    assertThat(run("head", "--type", "item", "--hex").status()).isEqualTo(2);
    assertThat(run("head", "--cpu", "x").status()).isEqualTo(2);
    assertThat(run(hex(HEAD), "--cpu", "1", "--kind", "list").status()).isEqualTo(2);
    assertThat(run("head", "--type", "item", "--show", "id,,name").status()).isEqualTo(2);
    assertThat(run("head", "--type", "item", "--kind", "list", "--show", "name[").status())
        .isEqualTo(2);
    assertThat(run("head", "--head", ".x").status()).isEqualTo(2);
  }
}
