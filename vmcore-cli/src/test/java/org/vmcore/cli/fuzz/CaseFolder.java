package org.vmcore.cli.fuzz;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a case: its inputs, {@code out} for what commands write, {@code tmp}. */
final class CaseFolder {
  private final Path folder;
  private final Map<Path, byte[]> inputs = new LinkedHashMap<>();

  CaseFolder(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder;
  }

  Path out() {
    return folder.resolve("out");
  }

  /** Where temporary files are. */
  Path temporary() {
    return folder.resolve("tmp");
  }

  /** Deletes everything. */
  void clear() throws IOException {
    inputs.clear();
    deleteIn(folder);
    Files.createDirectories(out());
    Files.createDirectories(temporary());
  }

  private static void deleteIn(Path folder) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path each : all) {
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          deleteIn(each);
        }
        Files.delete(each);
      }
    }
  }

  void add(String name, byte[] bytes) throws IOException {
    inputs.put(Files.write(folder.resolve(name), bytes), bytes);
  }

  /** What stands there that shouldn't, and inputs that aren't what they were. */
  List<String> litter() throws IOException {
    List<String> litter = new ArrayList<>();
    for (Map.Entry<Path, byte[]> each : inputs.entrySet()) {
      boolean isThere = Files.isRegularFile(each.getKey());
      if (!isThere || !Arrays.equals(Files.readAllBytes(each.getKey()), each.getValue())) {
        litter.add("input " + each.getKey().getFileName() + " is another now");
      }
    }
    try (var all = Files.walk(folder)) {
      all.filter(each -> !inputs.containsKey(each) && Files.isRegularFile(each))
          .filter(each -> !isOutput(each) || each.getFileName().toString().startsWith("."))
          .forEach(each -> litter.add("a file is left, " + folder.relativize(each)));
    }
    return litter;
  }

  /** In the folder of outputs, or a part of a split set that has its name. */
  private boolean isOutput(Path file) {
    return file.startsWith(out()) || folder.relativize(file).toString().matches("out\\.\\d+");
  }

  /** Copies the inputs. */
  void keep(Path where) throws IOException {
    Files.createDirectories(where);
    for (Map.Entry<Path, byte[]> each : inputs.entrySet()) {
      Files.write(where.resolve(each.getKey().getFileName()), each.getValue());
    }
  }
}
