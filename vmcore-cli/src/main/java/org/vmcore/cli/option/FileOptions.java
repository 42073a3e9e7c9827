package org.vmcore.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vmcore.cli.help.Section;
import org.vmcore.cli.output.Cleaner;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import picocli.CommandLine.Model.CommandSpec;

/** How files are written. */
public final class FileOptions {
  private static final Path STDOUT = Path.of("/dev/stdout");

  private final Opt<Boolean> force =
      Opt.flag("Replace files that exist.", "--force").in(Section.OUTPUT);
  private final Opt<Boolean> noSync =
      Opt.flag("Don't wait until the bytes are on the disk.", "--no-sync").in(Section.OUTPUT);
  private @Nullable CommandSpec command;

  public void addTo(CommandSpec spec) {
    command = spec;
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

  /** {@code target}, {@code -} being stdout. */
  public static Path path(Path target) {
    return isStdout(target) ? STDOUT : target;
  }

  /** Whether files that exist are replaced. */
  public boolean force() {
    return force.isGiven();
  }

  /** Whether it is waited until the bytes are on the disk. */
  public boolean sync() {
    return !noSync.isGiven();
  }

  /**
   * Gets ready for somebody else to write {@code target}.
   *
   * @throws VmcoreException when it is a file that the command reads, or may not be replaced
   */
  public void prepare(Path target) throws VmcoreException {
    Cleaner.install();
    if (isStdout(target) || isWrittenDirectly(target)) {
      inputs().requireOther(path(target));
    } else {
      requireNew(target);
    }
  }

  /** Whether it is there, and no regular file, so that nothing is replaced. */
  private static boolean isWrittenDirectly(Path target) {
    return Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target);
  }

  /** Refuses a file that may not be replaced: before anything else is written. */
  public void requireNew(Path target) throws VmcoreException {
    inputs().requireOther(target);
    if (!force.isGiven() && Files.exists(target)) {
      throw VmcoreException.of(target.toString(), "cannot create: it already exists");
    }
  }

  private Inputs inputs() {
    return Inputs.of(Objects.requireNonNull(command));
  }

  /**
   * Starts writing {@code target}, {@code -} being stdout.
   *
   * @throws VmcoreException when it is a file that the command reads, or can't be created
   */
  public OutputFile create(Path target) throws VmcoreException {
    Cleaner.install();
    Path path = path(target);
    inputs().requireOther(path);
    return OutputFile.create(path, new OutputFile.Options(force(), sync()));
  }
}
