package org.vmcore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The README's command lines on samples print what it says. A line that is {@code …} stands for any
 * number of lines, one that ends so for any end.
 */
class ReadmeTest {
  private static final Path ROOT = Contract.FOLDER.getParent();
  private static final String SAMPLES = "samples/dumps/";
  private static final String CODE = "    ";
  private static final String PROMPT = CODE + "$ vmcore ";
  private static final Pattern ECHO = Pattern.compile(CODE + "\\$ echo '([^']*)' \\| vmcore (.*)");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
  private static final Pattern PIPE = Pattern.compile("(head|tail) -n (\\d+)|grep (\\S+)");

  @TempDir Path folder;

  private final InputStream stdin = System.in;

  @AfterEach
  void giveBack() {
    System.setIn(stdin);
  }

  /** A command line, what it finds on stdin, and what stands below it. */
  record Example(String line, String stdin, List<String> expected) {
    @Override
    public String toString() {
      return line;
    }
  }

  static Stream<Example> examples() {
    return all().stream().filter(each -> each.line().contains(SAMPLES));
  }

  private static List<String> readme() {
    try {
      return Files.readAllLines(ROOT.resolve("README.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Example> all() {
    List<Example> all = new ArrayList<>();
    List<String> lines = readme();
    for (int i = 0; i < lines.size(); i++) {
      Matcher echo = ECHO.matcher(lines.get(i));
      if (lines.get(i).startsWith(PROMPT)) {
        String line = withoutComment(lines.get(i).substring(PROMPT.length()));
        all.add(new Example(line, "", output(lines, i + 1)));
      } else if (echo.matches()) {
        String line = withoutComment(echo.group(2));
        all.add(new Example(line, echo.group(1) + "\n", output(lines, i + 1)));
      }
    }
    return all;
  }

  private static String withoutComment(String line) {
    return line.replaceFirst(" +# .*", "");
  }

  /** Those up to the next command line or text, without empty ones at their end. */
  private static List<String> output(List<String> lines, int from) {
    List<String> output = new ArrayList<>();
    for (String line : lines.subList(from, lines.size())) {
      if (line.startsWith(CODE + "$ ") || !(line.isEmpty() || line.startsWith(CODE))) {
        break;
      }
      output.add(line.isEmpty() ? "" : line.substring(CODE.length()));
    }
    while (!output.isEmpty() && output.getLast().isEmpty()) {
      output.removeLast();
    }
    return output;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void printsWhatTheReadmeSays(Example example) {
    System.setIn(new ByteArrayInputStream(example.stdin().getBytes(UTF_8)));
    String[] stages = example.line().split(" \\| ", -1);
    Run run = Run.of(words(stages[0]).toArray());
    List<String> printed = run.out().replace(ROOT + "/", "").lines().toList();
    for (int i = 1; i < stages.length; i++) {
      printed = piped(printed, stages[i]);
    }

    assertThat(run.status()).as(run.err()).isIn(0, 3);
    if (!example.expected().isEmpty()) {
      assertThat(String.join("\n", printed)).matches(pattern(example.expected()));
    }
  }

  /** Samples by their whole path, outputs in a folder of their own. */
  private List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      String word = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      boolean isOutput = !words.isEmpty() && words.getLast().equals("-o");
      boolean isSample = word.startsWith(SAMPLES);
      words.add(
          isOutput
              ? folder.resolve(word).toString()
              : isSample ? ROOT.resolve(word).toString() : word);
    }
    return words;
  }

  private static List<String> piped(List<String> lines, String stage) {
    Matcher pipe = PIPE.matcher(stage);
    assertThat(pipe.matches()).as("only head, tail and grep are known here: " + stage).isTrue();
    if (pipe.group(3) != null) {
      return lines.stream().filter(line -> line.contains(pipe.group(3))).toList();
    }
    int count = Math.min(Integer.parseInt(pipe.group(2)), lines.size());
    return pipe.group(1).equals("head")
        ? lines.subList(0, count)
        : lines.subList(lines.size() - count, lines.size());
  }

  private static Pattern pattern(List<String> expected) {
    StringBuilder regex = new StringBuilder();
    for (String line : expected) {
      if (line.equals("…")) {
        regex.append("(?:\n[^\n]*)*");
      } else {
        boolean isCut = line.endsWith("…");
        String whole = isCut ? line.substring(0, line.length() - 1) : line;
        regex.append(regex.isEmpty() ? "" : "\n").append(Pattern.quote(whole));
        regex.append(isCut ? "[^\n]*" : "");
      }
    }
    return Pattern.compile(regex.toString());
  }

  @Test
  void thereAreExamples() {
    assertThat(examples().filter(each -> !each.expected().isEmpty())).hasSizeGreaterThan(15);
  }

  /** What is told to be typed in first, and what that prints. */
  @Test
  void theFirstExamplePrintsWhatItSays() {
    List<String> lines = readme();
    int said = lines.indexOf("The first one prints");
    assertThat(said).isPositive();
    String sample = SAMPLES + "crashed.kdump";
    assertThat(lines.subList(0, said))
        .anyMatch(line -> line.startsWith(CODE + "vmcore-cli/vmcore info " + sample + " "));

    assertThat(Run.of("info", ROOT.resolve(sample)).ok().out().lines())
        .containsExactlyElementsOf(output(lines, said + 2));
  }
}
