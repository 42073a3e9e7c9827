package org.vmcore.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import picocli.CommandLine.Model.CommandSpec;

/** How files are written. */
public final class FileOptions {
  private static final Path STDOUT = Path.of("/dev/stdout");

  private final Opt<Boolean> force = Opt.flag("Replace files that exist.", "--force");
  private final Opt<Boolean> noSync =
      Opt.flag("Don't wait until the bytes are on the disk.", "--no-sync");

  /** Deletes what is half written when the process is told to end. */
  private static final class Cleaner {
    static {
      Runtime.getRuntime().addShutdownHook(new Thread(OutputFile::abandonAll, "cleaner"));
    }

    private Cleaner() {}

    static void install() {}
  }

  public void addTo(CommandSpec spec) {
    force.addTo(spec);
    noSync.addTo(spec);
  }

  /** Refuses these options where no file is written. */
  public void requireEffect(boolean effect, String only) {
    force.requireEffect(effect, only);
    noSync.requireEffect(effect, only);
  }

  /** Whether {@code target} is the process's stdout: {@code -} or {@code /dev/stdout}. */
  public static boolean isStdout(Path target) {
    return target.toString().equals("-") || target.equals(STDOUT);
  }

  /** Refuses a file that may not be replaced: before anything else is written. */
  public void requireNew(Path target, List<Path> inputs) throws VmcoreException {
    requireOther(target, inputs);
    if (!force.isGiven() && Files.exists(target)) {
      throw VmcoreException.of(target.toString(), "cannot create: it already exists");
    }
  }

  /**
   * Starts writing {@code target}, {@code -} being stdout.
   *
   * @param inputs what it is made of, which must not be replaced by it
   */
  public OutputFile create(Path target, List<Path> inputs) throws VmcoreException {
    requireOther(target, inputs);
    return create(target);
  }

  private static void requireOther(Path target, List<Path> inputs) throws VmcoreException {
    for (Path input : inputs) {
      requireOther(target, input);
    }
  }

  private static void requireOther(Path target, Path input) throws VmcoreException {
    try {
      if (Files.isRegularFile(target) && Files.isSameFile(target, input)) {
        throw VmcoreException.of(target.toString(), "is the dump itself: not replaced");
      }
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw VmcoreException.of(target.toString(), "can't be told from " + input, e);
    }
  }

  /** Starts writing {@code target}, {@code -} being stdout. */
  public OutputFile create(Path target) throws VmcoreException {
    Cleaner.install();
    Path path = isStdout(target) ? STDOUT : target;
    return OutputFile.create(path, new OutputFile.Options(force.isGiven(), !noSync.isGiven()));
  }
}
