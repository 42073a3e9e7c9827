package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a command line gave. */
final class Run {
  private final int status;
  private final byte[] bytes;
  private final String err;

  private Run(int status, byte[] bytes, String err) {
    this.status = status;
    this.bytes = bytes;
    this.err = err;
  }

  /** Runs a command line; arguments that are paths are given as they are. */
  static Run of(Object... args) {
    String[] line = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      line[i] = args[i].toString();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(out, new PrintStream(err, true, StandardCharsets.UTF_8), line);
    return new Run(status, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  /** The exit status. */
  int status() {
    return status;
  }

  /** Stdout. */
  byte[] bytes() {
    return bytes;
  }

  /** Stderr. */
  String err() {
    return err;
  }

  /** Stdout as text. */
  String out() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The lines of stdout with each run of spaces as one. */
  List<String> lines() {
    return out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
  }

  /** Stdout as a JSON object, which is what its command's schema says. */
  Map<String, Object> json() {
    assertThat(Contract.violations(out())).isEmpty();
    return JsonText.object(out());
  }

  /** The objects of array {@code name} in stdout's JSON. */
  List<Map<String, Object>> records(String name) {
    return JsonText.objects(json(), name);
  }

  /** Says nothing on stderr and ends well. */
  Run ok() {
    assertThat(err).isEmpty();
    assertThat(status).isZero();
    return this;
  }

  /** Ends with {@code expected} and this on stderr. */
  Run fails(int expected, String... lines) {
    assertThat(err.lines()).containsExactly(lines);
    assertThat(status).isEqualTo(expected);
    return this;
  }

  /** Is refused with this line and a hint to the help of {@code command}. */
  void misused(String command, String line) {
    assertThat(out()).isEmpty();
    fails(2, "vmcore: " + line, "Try '" + command + " --help'.");
  }
}
