package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;

class MapCommandTest {
  @TempDir Path folder;

  @Test
  void letters() throws IOException {
    Run run =
        Run.of(
            "map",
            "--width",
            "8",
            DumpBuilder.elf64()
                .load(0x1000, 0x2000)
                .load(0x3800, 0x800)
                .load(0x4000, 0x1000)
                .memsz(0x2000)
                .load(0x40000, 0x1000)
                .writeTo(folder.resolve("vmcore")));

    assertThat(run.ok().out())
        .isEqualTo(
            """
            0x00000  .PPBPX
                     ... 224 KiB without RAM
            0x40000  P

            P  present   16 KiB
            X  excluded  4 KiB
            B  BUFFER    4 KiB: pages that are RAM in part, shown where there is any
            .  not RAM   236 KiB
            A letter stands for 4 KiB.
            """);
  }

  @Test
  void coloursAreForTerminals() throws IOException {
    Path dump = DumpBuilder.elf64().load(0x1000, 0x2000).writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("map", "--color", "always", "--width", "4", dump).out())
        .startsWith("0x0000  .\u001b[44mPP\u001b[0m\n");
  }

  @Test
  void lostPages() throws IOException {
    Path truncated = Dumps.truncated(folder);

    Run run = Run.of("map", "--width", "4", truncated);
    run.fails(3, "vmcore: " + truncated + ": page frames are lost");
    assertThat(run.out()).contains("L  lost ");
  }

  @Test
  void runs() throws IOException {
    Path dump =
        DumpBuilder.elf64().load(0x1000, 0x2000).load(0x3800, 0x800).writeTo(folder.resolve("v"));

    List<Map<String, Object>> runs = Run.of("map", "--json", dump).ok().records("runs");
    assertThat(runs)
        .containsExactly(
            Map.of("start", "0x0", "size", "0x1000", "state", "not_ram"),
            Map.of("start", "0x1000", "size", "0x2000", "state", "present"),
            Map.of("start", "0x3000", "size", "0x1000", "state", "buffer"));
  }

  @Test
  void aPictureIsXmlWhateverTheDumpIsCalled() throws Exception {
    Path dump =
        DumpBuilder.elf64().load(0x1000, 0x2000).writeTo(folder.resolve("a<&\u001b\">]]>.vmcore"));
    Path picture = folder.resolve("map.svg");

    assertThat(Run.of("map", "-o", picture, dump).ok().out()).isEmpty();
    var root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(picture.toFile())
            .getDocumentElement();
    assertThat(root.getElementsByTagName("title").item(0).getTextContent())
        .endsWith("a<&\\x1b\">]]>.vmcore");
    assertThat(Files.readString(picture)).contains("<title>0x1000-0x2fff: present, 8 KiB</title>");
    assertThat(Run.of("map", "-o", picture, dump).status()).isEqualTo(1);
  }

  @Test
  void aHugeSparseMachineTakesFewLines() throws IOException {
    DumpBuilder dump = DumpBuilder.elf64();
    for (int i = 0; i < 500; i++) {
      dump.load((long) i << 35, 0x1000); // 16 TiB
    }
    Run run = Run.of("map", "--width", "32", dump.writeTo(folder.resolve("huge"))).ok();

    assertThat(run.lines()).hasSizeLessThan(80);
    assertThat(run.out()).contains("P  present   1.9 MiB");
  }

  @Test
  void thePageAtTheTopOfTheAddressSpace() throws IOException {
    DumpBuilder dump = DumpBuilder.elf64().load(0x1000, 0x1000).load(-0x1000, 0x1000);
    Run run = Run.of("map", dump.writeTo(folder.resolve("top"))).ok();

    assertThat(run.lines()).anyMatch(line -> line.startsWith("0xffff"));
    assertThat(run.out()).contains("P  present   8 KiB").doesNotContain("-");
  }

  @Test
  void nothingToDraw() throws IOException {
    Path empty = DumpBuilder.elf64().prstatus(1, 2).writeTo(folder.resolve("empty"));

    Run.of("map", empty).fails(1, "vmcore: " + empty + ": no PT_LOAD: the dump holds no memory");
    Run.of("map", "--force", empty).misused("vmcore map", "--force has no effect without --output");
    assertThat(Run.of("map", "--json", "--width", "3", empty).status()).isEqualTo(2);
    assertThat(Run.of("map", "--width", "0", empty).status()).isEqualTo(2);
  }
}
