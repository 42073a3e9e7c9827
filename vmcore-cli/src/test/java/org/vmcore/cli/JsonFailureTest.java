package org.vmcore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.When;
import org.vmcore.memory.VmcoreException;

/** With {@code --json} a failure is a document, too. */
class JsonFailureTest {
  @TempDir Path folder;

  @Test
  void everyCommandTellsThatADumpCannotBeOpened() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no dump");
    for (String command : Contract.commands().keySet()) {
      if (List.of("prepare", "devcoredump collect", "crash --group-by").contains(command)) {
        continue;
      }
      List<Object> line = new ArrayList<>(List.of(command, "-j", text));
      if (List.of("symbol", "translate", "list", "type").contains(command)) {
        line.add("panic");
      }
      if (command.equals("core")) {
        line.addAll(List.of("-o", folder.resolve("core")));
      }
      if (command.equals("convert")) {
        line.add("--dry-run");
      }
      if (command.equals("debuginfo")) {
        line.addAll(List.of("-o", folder.resolve("vmlinux")));
      }
      if (command.equals("search")) {
        line.addAll(List.of("--string", "x"));
      }
      Run run = Run.of(line.toArray());

      assertThat(run.status()).as(command).isEqualTo(1);
      assertThat(run.err()).startsWith("vmcore: " + text + ": offset 0x0: not a dump");
      assertThat(run.json()).containsOnlyKeys("schema", "command", "dump", "error");
      assertThat(run.json()).containsEntry("dump", text.toString());
      assertThat(error(run)).containsEntry("offset", "0x0");
      assertThat("vmcore: " + error(run).get("message")).isEqualTo(run.err().strip());
    }
  }

  private static Map<String, Object> error(Run run) {
    Map<String, Object> error = new TreeMap<>();
    ((Map<?, ?>) run.json().get("error")).forEach((name, value) -> error.put("" + name, value));
    return error;
  }

  @Test
  void whatHasNoPlaceHasNoOffset() {
    assertThat(Run.of("info", "--json", "/nowhere").out())
        .isEqualTo(
            "{\"schema\":1,\"command\":\"info\",\"dump\":\"/nowhere\","
                + "\"error\":{\"message\":\"/nowhere: no such file or directory\"}}\n");
    assertThat(Run.of("info", "-jp", "/nowhere").out()).contains("\n  \"error\": {\n");
  }

  @Test
  void aWrongCommandLineIsAFailure() {
    Run unknown = Run.of("info", "--json", "--nonsense", "x");

    assertThat(unknown.status()).isEqualTo(2);
    assertThat(error(unknown)).isEqualTo(Map.of("message", "Unknown option: '--nonsense'"));
    assertThat(Run.of("chunks", "-j", "--no-header", "x").json())
        .containsEntry("dump", "x")
        .containsEntry("error", Map.of("message", "--no-header has no effect with --json"));
    assertThat(error(Run.of("prepare", "--json"))).containsOnlyKeys("message");
    assertThat(Run.of("dmesg", "--json").json()).containsEntry("command", "log");
  }

  @Test
  void bytesThatAreNoTextAreReplaced() {
    Run run = Run.of("chunks", "--json", "a", "b\udcff");

    assertThat(run.err()).contains("'b\\xff'");
    assertThat(error(run).get("message").toString()).endsWith("'b\ufffd'");
  }

  @Test
  void nothingIsOwedToWhoDidNotAskForIt() {
    assertThat(Run.of("info", "/nowhere").out()).isEmpty();
    assertThat(Run.of("info", "--", "--json").out()).isEmpty();
    assertThat(Run.of("read", "--json", "/nowhere").out()).isEmpty();
    assertThat(Run.of("info", "--json", "--help").ok().out()).startsWith("Usage:");
  }

  @Test
  void whatFailsInTheMiddleStaysADocument() throws IOException {
    Fields record = new Fields();
    Field name = record.text("name", "A name.");
    Fields fields = Fields.ofDump();
    Field names = fields.records("names", record, "Names.");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    Console console = Console.of(out, err, When.NEVER, false);
    console.answerInJson("names", false);
    Json json = console.begin(Json.document(console.out(), false, "names", "vmcore"));
    Row row = json.rows(names);
    row.set(name, "a").end();
    console.error("vmcore: gone", VmcoreException.at("vmcore", 0x10, "gone"));

    assertThat(console.finish(1)).isEqualTo(1);
    assertThat(out.toString(UTF_8))
        .isEqualTo(
            "{\"schema\":1,\"command\":\"names\",\"dump\":\"vmcore\",\"names\":[{\"name\":\"a\"}],"
                + "\"error\":{\"message\":\"vmcore: gone\",\"offset\":\"0x10\"}}\n");
  }

  @Test
  void theKernelsLogThatCannotBeFound() throws IOException {
    Run run = Run.of("log", "--json", Dumps.small(folder));

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.records("records")).isEmpty();
    assertThat("vmcore: " + error(run).get("message")).isEqualTo(run.err().strip());
  }
}
