package org.vmcore.cli.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a command line did, and what is wrong with that.
 *
 * @param line the command line
 * @param run what it gave
 * @param litter files that shouldn't be there, or inputs that are others now
 */
record Outcome(List<String> line, Worker.Result run, List<String> litter) {
  private static final Duration MOST = Duration.ofSeconds(5);
  private static final int WORST_STATUS = 3;
  private static final int USAGE = 2;

  /** What is said of a fault that no file of a fuzz can have: the guards' words. */
  private static final Pattern SWALLOWED =
      Pattern.compile(
          "a bug in vmcore|out of memory|don't fit into the memory|the dump is closed"
              + "|was truncated while it was open|interrupted");

  private static final Pattern THROWN = Pattern.compile("(?m)^([\\w.$]+)(: .*)?\\R\\tat (.*)$");

  private static final Pattern COLOR = Pattern.compile("\033\\[[\\d;]*m");

  private String command() {
    return line.getFirst();
  }

  private boolean has(String word) {
    return line.contains(word);
  }

  /** Each finding in one line; what is the same again begins with the same words. */
  List<String> findings(Consumer<String> json) {
    List<String> all = new ArrayList<>();
    if (run.status() < 0 || run.status() > WORST_STATUS) {
      String why = run.status() < 0 ? ": " + decoded(run.err()).orElse("").strip() : "";
      all.add("exit status " + run.status() + why);
    }
    if (run.took().compareTo(MOST) > 0) {
      all.add("slow: it took " + run.took().toSeconds() + " s");
    }
    litter.forEach(each -> all.add("litter: " + each));
    errors(all);
    output(all, json);
    return all.stream().map(each -> command() + ": " + each).toList();
  }

  private void errors(List<String> all) {
    Optional<String> decoded = decoded(run.err());
    String text = decoded.orElse("");
    if (decoded.isEmpty()) {
      all.add("stderr isn't UTF-8");
    }
    Matcher thrown = THROWN.matcher(text);
    boolean isTraced = thrown.find();
    if (isTraced && isUnchecked(thrown.group(1))) {
      all.add("threw " + thrown.group(1) + " at " + thrown.group(3));
    }
    Matcher swallowed = SWALLOWED.matcher(text);
    if (swallowed.find()) {
      all.add("said " + swallowed.group() + (isTraced ? "" : ": " + text.strip()));
    }
    String said = isTraced ? text.substring(0, thrown.start()) : text;
    said = has("always") ? COLOR.matcher(said).replaceAll("") : said;
    control(said, has("--progress") ? "\n\r" : "\n")
        .ifPresent(what -> all.add("stderr has " + what));
    boolean isOfSeveral = line.stream().anyMatch(List.of("--no-header", "--jobs")::contains);
    boolean isTold = run.status() == 1 && run.out().length > 0 && isOfSeveral; // in a row
    if ((run.status() == 1 || run.status() == USAGE) && said.isBlank() && !isTold) {
      all.add("failed without a word");
    }
  }

  private void output(List<String> all, Consumer<String> json) {
    boolean isMisused = run.status() == USAGE;
    if (isMisused && run.out().length > 0 && !has("--json")) {
      all.add("printed something in spite of wrong usage");
    }
    if (has("raw")) {
      return;
    }
    Optional<String> text = decoded(run.out());
    if (text.isEmpty()) {
      all.add("stdout isn't UTF-8");
      return;
    }
    String spaces = command().equals("log") ? "\n\t\u000b\f\r" : "\n\t";
    String plain = has("always") ? COLOR.matcher(text.get()).replaceAll("") : text.get();
    control(plain, spaces).ifPresent(what -> all.add("stdout has " + what));
    if (has("--group-by") && plain.isEmpty()) {
      return; // no crash that was read: stderr tells why
    }
    if (has("--json") && (isMisused ? !plain.isEmpty() : !has("--help"))) {
      json(plain, all, json);
    }
  }

  /** A failure is a document, too. */
  private void json(String text, List<String> all, Consumer<String> json) {
    try {
      json.accept(text);
    } catch (RuntimeException | AssertionError e) {
      all.add((text.isEmpty() ? "no JSON: " : "bad JSON: ") + e);
    }
  }

  private static boolean isUnchecked(String name) {
    try {
      Class<?> type = Class.forName(name);
      return RuntimeException.class.isAssignableFrom(type) || Error.class.isAssignableFrom(type);
    } catch (ClassNotFoundException e) {
      return false; // a line that only looks like it
    }
  }

  private static Optional<String> decoded(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> control(String text, String allowed) {
    return text.chars()
        .filter(c -> Character.isISOControl(c) && allowed.indexOf(c) < 0)
        .mapToObj(c -> "control character " + Integer.toHexString(c))
        .findFirst();
  }
}
