package org.vmcore.cli.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Printable;
import picocli.CommandLine.Help.Ansi;

/** The two streams of a command: data to one, all else to the other. */
public final class Console {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private final OutputStream stdout;
  private final PrintStream stderr;
  private final boolean isProcess;
  private final When color;
  private final boolean debug;
  private final TextOut out;
  private final AtomicBoolean isRefusalTold = new AtomicBoolean();
  private final @Nullable Console parent;
  private @Nullable JsonAnswer answer;
  private @Nullable String failure;

  private Console(
      OutputStream stdout,
      PrintStream stderr,
      boolean isProcess,
      When color,
      boolean debug,
      @Nullable Console parent) {
    this.parent = parent;
    this.stdout = stdout;
    this.stderr = stderr;
    this.isProcess = isProcess;
    this.color = color;
    this.debug = debug;
    this.out = new TextOut(stdout);
  }

  /**
   * The process's own. Its stdout is written bare: a PrintStream would hide a closed pipe.
   *
   * @param color whether help and errors are coloured
   * @param debug whether an error's line is followed by its stack trace
   */
  public static Console ofProcess(When color, boolean debug) {
    return new Console(
        new FileOutputStream(FileDescriptor.out), System.err, true, color, debug, null);
  }

  /** A caller's streams, neither of them a terminal. */
  public static Console of(OutputStream stdout, PrintStream stderr, When color, boolean debug) {
    return new Console(stdout, stderr, false, color, debug, null);
  }

  /** The output of one of several that run at a time. */
  public Turn turn() {
    out.flush();
    return new Turn(stdout, stderr);
  }

  /** A console of one of several, which writes to {@code turn}; no terminal. */
  public Console at(Turn turn) {
    return new Console(turn.out(), turn.err(), false, color, debug, this);
  }

  /** A console of one of several, of which nothing is seen but, for who debugs, stack traces. */
  public Console silent() {
    PrintStream err = debug ? stderr : new PrintStream(OutputStream.nullOutputStream());
    return new Console(OutputStream.nullOutputStream(), err, false, color, debug, this);
  }

  /** Whether its streams are the process's own, and the arguments so, too. */
  public boolean isProcess() {
    return isProcess;
  }

  /** Text for stdout. */
  public TextOut out() {
    return out;
  }

  /** From now on stdout gets a JSON document of {@code command}, even if that fails. */
  public void answerInJson(String command, boolean pretty) {
    answer = new JsonAnswer(out, pretty, command, parent != null);
  }

  /** Stdout gets nothing, whatever happens. */
  public void answerNothing() {
    answer = null;
  }

  /** What the command is asked about, by its name on the command line. */
  public void about(String dump) {
    if (answer != null) {
      answer.about(dump);
    }
  }

  /** The command's JSON document, which has begun. */
  public Json begin(Json document) {
    if (answer != null) {
      answer.begin(document);
    }
    return document;
  }

  /** Bytes for stdout, behind all text so far: native memory gets there without a copy. */
  public WritableByteChannel bytes() {
    out.flush();
    return stdout instanceof FileOutputStream file
        ? file.getChannel()
        : Channels.newChannel(stdout);
  }

  /** A line on stderr, behind all text so far: {@code vmcore: LINE}. */
  public void say(String line) {
    out.flush();
    stderr.println("vmcore: " + Printable.text(line));
  }

  /** A line on stderr about {@code file}. */
  public void say(String file, String line) {
    say(file + ": " + line);
  }

  /** An error's line on stderr, and its stack trace for who debugs. */
  public void error(String line, Throwable cause) {
    fail(line, cause instanceof VmcoreException known ? known.offset() : OptionalLong.empty());
    print(line, cause);
  }

  /** Why the command failed, without the program's name. */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  private void fail(String line, OptionalLong offset) {
    failure = line;
    if (answer != null) {
      answer.fail(new Failure(line, offset));
    }
  }

  private void print(String line, Throwable cause) {
    stderr.println(errorAnsi().string("@|bold,red vmcore:|@ ") + Printable.text(line));
    if (debug) {
      cause.printStackTrace(stderr);
    }
  }

  /** A usage error: one line, and where help is. */
  public void usage(String line, String command) {
    fail(line, OptionalLong.empty());
    String printable = Printable.text(line);
    stderr.println(errorAnsi().string("@|bold,red vmcore:|@ ") + printable);
    stderr.println("Try '" + command + " --help'.");
  }

  /** Text on stderr as it is: progress. */
  public void status(String text) {
    stderr.print(text);
    stderr.flush();
  }

  /** Colours of what goes to stdout. */
  public Ansi ansi() {
    return ansi(STDOUT);
  }

  /** Whether what goes to stdout is coloured. */
  public boolean isColored() {
    return isColored(STDOUT);
  }

  private Ansi errorAnsi() {
    return ansi(STDERR);
  }

  private Ansi ansi(int descriptor) {
    return isColored(descriptor) ? Ansi.ON : Ansi.OFF;
  }

  private boolean isColored(int descriptor) {
    if (parent != null) {
      return parent.isColored(descriptor);
    }
    return switch (color) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> !isPlain() && isTerminal(descriptor);
    };
  }

  /** https://no-color.org */
  private static boolean isPlain() {
    String noColor = System.getenv("NO_COLOR");
    return (noColor != null && !noColor.isEmpty()) || "dumb".equals(System.getenv("TERM"));
  }

  public boolean isOutTerminal() {
    return isTerminal(STDOUT);
  }

  public boolean isErrTerminal() {
    return isTerminal(STDERR);
  }

  private boolean isTerminal(int descriptor) {
    return isProcess && Descriptor.of(descriptor) == Descriptor.TERMINAL;
  }

  /** The exit status after stdout refused bytes: quiet when its reader is gone. */
  public int refused(IOException e) {
    if (parent != null) {
      return parent.refused(e);
    }
    if (e instanceof Turn.Forgone) {
      return ExitStatus.FAILED;
    }
    if (e instanceof VmcoreException || !isClosedPipe(e)) {
      if (!isRefusalTold.getAndSet(true)) {
        print("stdout: cannot write: " + e.getMessage(), e);
      }
      return ExitStatus.FAILED;
    }
    return ExitStatus.CLOSED_PIPE;
  }

  /** The system's own message may be in the user's language; a pipe refuses for no other reason. */
  private boolean isClosedPipe(IOException e) {
    return "Broken pipe".equals(e.getMessage())
        || (isProcess && Descriptor.of(STDOUT) == Descriptor.PIPE);
  }

  /** Writes out what is still held back, or owed. */
  public int finish(int status) {
    try {
      if (answer != null && status != ExitStatus.CLOSED_PIPE) {
        answer.finish();
      }
      out.flush();
      stdout.flush();
      return status;
    } catch (OutputRefused e) {
      return refused(e.reason());
    } catch (IOException e) {
      return refused(e);
    }
  }
}
