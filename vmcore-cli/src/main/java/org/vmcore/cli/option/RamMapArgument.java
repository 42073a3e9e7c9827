package org.vmcore.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.memory.AddressRange;
import org.vmcore.open.RamMap;

/**
 * A map of RAM as it was given: which of the files is meant isn't known yet.
 *
 * @param parts in the order in which they were given
 */
public record RamMapArgument(List<Part> parts) {
  /**
   * A range of RAM.
   *
   * @param file the path of its file, or the last name of that; none for the first file
   * @param offset in the file in bytes
   */
  public record Part(AddressRange range, Optional<Path> file, long offset) {}

  /**
   * @throws IllegalArgumentException when the ranges aren't those of RAM, or overlap
   */
  public RamMapArgument {
    parts = List.copyOf(parts);
    List<RamMap.Range> ranges = new ArrayList<>();
    parts.forEach(each -> ranges.add(range(each, 0)));
    new RamMap(ranges); // which refuses them
  }

  private static RamMap.Range range(Part part, int file) {
    return new RamMap.Range(part.range().start(), part.range().last(), part.offset(), file);
  }

  /** The map of an image in these files; each of them must be asked for. */
  public RamMap of(List<Path> files) {
    List<RamMap.Range> ranges = new ArrayList<>();
    boolean[] isUsed = new boolean[files.size()];
    for (Part each : parts) {
      int file = each.file().isEmpty() ? 0 : index(each.file().get(), files);
      isUsed[file] = true;
      ranges.add(range(each, file));
    }
    for (int i = 0; i < isUsed.length; i++) {
      if (!isUsed[i]) {
        throw new UsageException("no range of --ram-map is in " + files.get(i));
      }
    }
    return new RamMap(ranges);
  }

  /** The file of this path, else the only one whose last name it is. */
  private static int index(Path name, List<Path> files) {
    int found = -1;
    boolean isAmbiguous = false;
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      if (file.equals(PathConverter.inFolder(name))) {
        return i;
      }
      if (name.equals(file.getFileName())) {
        isAmbiguous = found >= 0;
        found = i;
      }
    }
    if (found < 0 || isAmbiguous) {
      String what = isAmbiguous ? "' is the last name of several of " : "' is none of ";
      throw new UsageException("--ram-map: '" + name + what + listed(files));
    }
    return found;
  }

  /** Their names, as the dump's own is made of them. */
  static String listed(List<Path> files) {
    StringBuilder all = new StringBuilder();
    for (Path each : files) {
      all.append(all.length() == 0 ? "" : ", ").append(each);
    }
    return all.toString();
  }
}
