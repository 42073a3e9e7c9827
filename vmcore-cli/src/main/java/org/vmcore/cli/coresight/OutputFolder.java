package org.vmcore.cli.coresight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.UsageException;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/** A folder in which files are written. */
final class OutputFolder {
  private final Path folder;
  private final FileOptions files;

  private OutputFolder(Path folder, FileOptions files) {
    this.folder = folder;
    this.files = files;
  }

  /**
   * The folder at {@code path}, made where there is none.
   *
   * @param names the files that will be written
   * @throws VmcoreException when it can't be made, or one of the files is there and may not be
   *     replaced
   */
  static OutputFolder of(Path path, FileOptions files, List<String> names) throws VmcoreException {
    if (FileOptions.isStdout(path)) {
      throw new UsageException("Files in a folder can't go to stdout");
    }
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      String reason = Files.exists(path) ? "not a directory" : "the directory can't be made";
      throw VmcoreException.of(path.toString(), reason, e);
    }
    for (String name : names) {
      files.requireNew(path.resolve(name));
    }
    return new OutputFolder(path, files);
  }

  /** Whether both are one folder, which need not be there. */
  static boolean isSame(Path one, Path other) {
    return real(one.toAbsolutePath().normalize()).equals(real(other.toAbsolutePath().normalize()));
  }

  private static Path real(Path path) {
    Path parent = path.getParent();
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }

  /** Writes a file's bytes. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputFile file) throws VmcoreException;
  }

  /** Writes a file, which appears whole or not at all. */
  void write(String name, Content content) throws VmcoreException {
    try (OutputFile file = files.create(folder.resolve(name))) {
      content.writeTo(file);
      file.commit();
    }
  }

  /** Writes text. */
  void write(String name, String text) throws VmcoreException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(name, file -> file.write(bytes, 0, bytes.length));
  }
}
