package org.vmcore.cli.option;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.FileKind;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The files that a command reads, none of which may be written by it: every path on its command
 * line but those of outputs.
 */
public final class Inputs {
  private static final Path STDOUT = Path.of("/dev/stdout");

  private final List<Path> files = new ArrayList<>();

  private Inputs() {}

  /** The value of an option that names files. */
  interface Named {
    List<Path> files();
  }

  /** Those of {@code command}, which has been parsed. */
  public static Inputs of(CommandSpec command) {
    Inputs inputs = new Inputs();
    for (ArgSpec arg : command.args()) {
      if (!isOutput(arg)) {
        Object value = arg.getValue();
        inputs.add(value);
      }
    }
    return inputs;
  }

  static boolean isOutput(ArgSpec arg) {
    return arg.converters().length > 0
        && arg.converters()[0] instanceof PathConverter path
        && path.isOutput();
  }

  private void add(Object value) {
    if (value instanceof Path path) {
      files.add(path);
    } else if (value instanceof Named named) {
      files.addAll(named.files());
    } else if (value instanceof Iterable<?> values) {
      for (Object each : values) {
        add(each);
      }
    }
  }

  /** Refuses to write one of them, by whatever name or link. */
  void requireOther(Path target) throws VmcoreException {
    for (Path input : files) {
      if (isSame(target, input)) {
        throw VmcoreException.of(target.toString(), "is read by the command itself: not replaced");
      }
    }
  }

  /** The one that stdout leads to: what is printed would be written into it. */
  public Optional<Path> stdout() throws VmcoreException {
    for (Path input : files) {
      if (isSame(STDOUT, input)) {
        return Optional.of(input);
      }
    }
    return Optional.empty();
  }

  private static boolean isSame(Path target, Path input) throws VmcoreException {
    try {
      return holdsBytes(target) && holdsBytes(input) && Files.isSameFile(target, input);
    } catch (IOException e) {
      throw VmcoreException.of(target.toString(), "can't be told from " + input, e);
    }
  }

  /** Only the host's files can be written. */
  private static boolean holdsBytes(Path path) {
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      return false;
    }
    try {
      FileKind kind = FileKind.of(path);
      return kind == FileKind.REGULAR || kind == FileKind.BLOCK_DEVICE;
    } catch (IOException e) {
      return false; // there is none, or opening it tells what is wrong
    }
  }
}
