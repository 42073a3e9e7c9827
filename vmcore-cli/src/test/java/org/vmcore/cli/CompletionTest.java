package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.cli.help.Names;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What is offered to shells; that they take it is tested by {@code .ci/completion}. */
class CompletionTest {
  private static final Pattern NONE_OF = Pattern.compile("is none of ([^;]*)$");

  @TempDir Path folder;

  /** Every command that isn't hidden, by its words behind vmcore. */
  private static Map<String, CommandLine> commands() {
    Map<String, CommandLine> found = new TreeMap<>();
    add(found, Main.commandLine());
    return found;
  }

  private static void add(Map<String, CommandLine> found, CommandLine command) {
    if (!command.getCommandSpec().usageMessage().hidden()) {
      found.put(command.getCommandSpec().qualifiedName().replaceFirst("^vmcore ?", ""), command);
      command.getSubcommands().values().forEach(below -> add(found, below));
    }
  }

  private static Stream<ArgSpec> arguments() {
    return commands().values().stream()
        .flatMap(command -> command.getCommandSpec().args().stream())
        .filter(arg -> !arg.hidden());
  }

  private static List<String> words(ArgSpec arg) {
    List<String> words = new ArrayList<>();
    if (arg.completionCandidates() != null) {
      arg.completionCandidates().forEach(words::add);
    }
    return words;
  }

  @Test
  void whatIsOfferedIsAccepted() {
    List<String> tried = new ArrayList<>();
    arguments()
        .filter(arg -> arg.converters().length > 0)
        .forEach(arg -> words(arg).forEach(word -> tried.add(accepted(arg, word))));

    assertThat(tried).contains("x86_64", "oldmem", "notice", "list", "zstd", "all");
  }

  private static String accepted(ArgSpec arg, String word) {
    ITypeConverter<?> converter = arg.converters()[0];
    try {
      assertThat((Object) converter.convert(word)).isNotNull();
    } catch (Exception e) {
      throw new AssertionError(arg + " is offered " + word, e);
    }
    return word;
  }

  /** What refuses a word by telling all that there are offers just these. */
  @Test
  void whatIsAcceptedIsOffered() {
    List<ArgSpec> choices = new ArrayList<>();
    arguments()
        .filter(arg -> arg.converters().length > 0 && arg.isOption())
        .forEach(
            arg -> {
              try {
                arg.converters()[0].convert("\u0001");
              } catch (Exception e) {
                Matcher list = NONE_OF.matcher(String.valueOf(e.getMessage()));
                if (list.find()) {
                  assertThat(words(arg)).as("%s", arg).containsExactly(list.group(1).split(", "));
                  choices.add(arg);
                }
              }
            });
    assertThat(choices).hasSizeGreaterThan(10);
  }

  @Test
  void everyOptionIsInEveryScript() {
    String bash = Run.of("completion", "bash").ok().out();
    String zsh = Run.of("completion", "zsh").ok().out();
    String fish = Run.of("completion", "fish").ok().out();
    commands()
        .forEach(
            (path, command) -> {
              List<OptionSpec> options =
                  command.getCommandSpec().options().stream().filter(o -> !o.hidden()).toList();
              assertThat(bashOptions(bash, path))
                  .as(path)
                  .containsExactlyElementsOf(
                      options.stream().flatMap(o -> Arrays.stream(o.names())).toList());
              String function = "_vmcore" + (path.isEmpty() ? "" : "_" + path.replace(' ', '_'));
              String body = zsh.split("\n" + function + "\\(\\) \\{", 2)[1].split("\n}", 2)[0];
              for (OptionSpec option : options) {
                for (String name : option.names()) {
                  assertThat(body).as(path).containsPattern("[')*]" + name + "[=+]?\\[");
                  String fishName =
                      name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.charAt(1);
                  assertThat(fish.lines())
                      .as(path + " " + name)
                      .anyMatch(
                          line ->
                              line.contains(where(path)) && (line + " ").contains(fishName + " "));
                }
              }
            });
  }

  private static String where(String path) {
    String quoted = "\"" + path + "\"";
    return "__vmcore_in " + quoted;
  }

  private static List<String> bashOptions(String script, String path) {
    Matcher options =
        Pattern.compile("\n    '" + path + "'[^)]*\\)\n      options='([^']*)'").matcher(script);
    assertThat(options.find()).as(path).isTrue();
    return Arrays.stream(options.group(1).split(" ")).map(each -> each.split("=", 2)[0]).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void theScriptsTellHowTheyAreInstalled(String shell) {
    String script = Run.of("completion", shell).ok().out();
    assertThat(script).contains("vmcore completion " + shell).doesNotContain("COMMANDS\n");
    assertThat(script).doesNotContain("vtop", "${COMPLETION");
  }

  @Test
  void scriptsAndPagesAreWrittenToAFolder() throws IOException {
    Path scripts = folder.resolve("completion");
    Path pages = folder.resolve("man/man1");

    assertThat(Run.of("completion", "-o", scripts).ok().out()).isEmpty();
    assertThat(Run.of("man", "--output", pages).ok().out()).isEmpty();

    assertThat(scripts.resolve("vmcore")).hasContent(Run.of("completion", "bash").out());
    assertThat(scripts.resolve("_vmcore")).hasContent(Run.of("completion", "zsh").out());
    assertThat(scripts.resolve("vmcore.fish")).hasContent(Run.of("completion", "fish").out());
    assertThat(pages.resolve("vmcore-devcoredump-collect.1"))
        .hasContent(Run.of("man", "devcoredump", "collect").out());
    try (Stream<Path> files = Files.list(pages)) {
      assertThat(files).hasSize(commands().size());
    }
    Run.of("completion", "-o", scripts, "bash")
        .misused(
            "vmcore completion",
            "--output writes the scripts of all shells: give no SHELL with it");
    Run.of("man", "-o", pages, "info")
        .misused("vmcore man", "--output writes all pages: give no COMMAND with it");
    Path file = Files.createFile(folder.resolve("file"));
    Run.of("man", "-o", file).fails(1, "vmcore: " + file + ": not a directory");
  }

  @Test
  void aPageHasEveryOption() {
    commands()
        .forEach(
            (path, command) -> {
              List<Object> line = new ArrayList<>(List.of("man"));
              line.addAll(path.isEmpty() ? List.of() : List.of(path.split(" ")));
              String page = Run.of(line.toArray()).ok().out().replace("\\-", "-");
              assertThat(page).startsWith(".TH VMCORE").contains(".SH NAME\nvmcore");
              for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(page).contains("\\fB" + option.longestName() + "\\fR");
              }
            });
  }

  @Test
  void whatIsNoShellOrCommand() {
    Run.of("completion").misused("vmcore completion", "Missing required parameter: 'SHELL'");
    Run.of("completion", "tcsh")
        .misused("vmcore completion", "Invalid value for SHELL: 'tcsh' is none of bash, zsh, fish");
    Run.of("man", "nonsense").misused("vmcore man", "There is no command 'nonsense'");
    Run.of("man", "info", "x").misused("vmcore man", "There is no command 'x'");
  }

  @Test
  void symbolsOfADump() {
    Path dump = sample("kernel.vmcore");

    assertThat(Run.of("names", Names.SYMBOLS, dump, "pan").ok().lines()).containsExactly("panic");
    assertThat(Run.of("names", Names.SYMBOLS, dump, "no_such").ok().out()).isEmpty();
    assertThat(Run.of("names", Names.SYMBOLS, dump, "p*").ok().out()).isEmpty();
    assertThat(Run.of("names", "nonsense", dump, "p").ok().out()).isEmpty();
  }

  private static Path sample(String name) {
    return Contract.FOLDER.resolveSibling("samples/dumps/" + name);
  }

  @Test
  void typesOfADump() {
    Path dump = sample("types.vmcore");

    assertThat(Run.of("names", Names.TYPES, dump, "sample_").ok().lines())
        .containsExactly("sample_item", "sample_state", "sample_work_t");
  }

  @Test
  void completionIsSilentWhateverTheDumpIs() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no dump");
    for (Object dump :
        List.of(text, folder, folder.resolve("none"), "/dev/stdin", "-", "", "\0", "/dev/zero")) {
      assertThat(Run.of("names", Names.SYMBOLS, dump, "pan").ok().out()).isEmpty();
    }
  }
}
