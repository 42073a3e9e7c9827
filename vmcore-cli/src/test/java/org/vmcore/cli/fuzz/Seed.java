package org.vmcore.cli.fuzz;

import java.util.List;

/**
 * Good files that belong together, and the words of a command line that open them.
 *
 * @param files all of them; any may be bent
 * @param words in them {@code {NAME}} is the path of the file of that name
 */
public record Seed(List<SeedFile> files, List<String> words) {
  /** Copies are kept. */
  public Seed {
    files = List.copyOf(files);
    words = List.copyOf(words);
  }

  /** One file, given as DUMP. */
  public static Seed of(SeedFile file) {
    return new Seed(List.of(file), List.of("{" + file.name() + "}"));
  }

  /** What it is called in reports. */
  String name() {
    return files.getFirst().name();
  }
}
