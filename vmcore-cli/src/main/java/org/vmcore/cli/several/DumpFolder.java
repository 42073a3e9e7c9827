package org.vmcore.cli.several;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.vmcore.Vmcore;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;

/**
 * The dumps in a folder and the folders in it: files that begin as a dump does, whatever their
 * names. Others are passed over, unless their name is a dump's: one that is empty or can't be read
 * isn't hidden.
 *
 * <p>Links to folders aren't followed: there is no circle. A link to a file counts unless it leads
 * to a file that is in the folder itself.
 */
final class DumpFolder {
  /** Folders in folders: kdump's have one level. */
  private static final int MOST_DEEP = 16;

  /** The most files that are looked at. */
  private static final int MOST = 1 << 18;

  private final List<DumpFile> dumps = new ArrayList<>();
  private final List<Path> links = new ArrayList<>();
  private final Set<Object> keys = new HashSet<>();
  private int looked;

  private DumpFolder() {}

  /** The dumps in {@code folder}, by path; what can't be looked at is among them, as refused. */
  static List<DumpFile> dumps(Path folder) {
    DumpFolder seen = new DumpFolder();
    seen.folder(folder, 0);
    if (seen.looked > MOST) {
      seen.refuse(folder, "more than " + MOST + " files are in it: only these were looked at");
    }
    for (Path link : seen.links) {
      seen.link(link);
    }
    if (!seen.links.isEmpty()) {
      seen.dumps.sort((one, other) -> one.path().compareTo(other.path()));
    }
    return seen.dumps;
  }

  private void refuse(Path path, String reason) {
    dumps.add(DumpFile.refused(path, reason));
  }

  private void folder(Path folder, int depth) {
    if (depth > MOST_DEEP) {
      refuse(folder, "not looked into: more than " + MOST_DEEP + " folders deep");
      return;
    }
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path each : all) {
        if (entries.size() > MOST) {
          break;
        }
        entries.add(each);
      }
    } catch (IOException e) {
      refuse(folder, IoReason.of(e));
    } catch (DirectoryIteratorException e) {
      IOException why = e.getCause();
      refuse(folder, why == null ? "can't be listed" : IoReason.of(why));
    }
    entries.sort(null);
    for (Path each : entries) {
      if (++looked > MOST) {
        return;
      }
      entry(each, depth);
    }
  }

  private void entry(Path path, int depth) {
    try {
      BasicFileAttributes kind =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (kind.isDirectory()) {
        folder(path, depth + 1);
      } else if (kind.isSymbolicLink()) {
        links.add(path);
      } else if (kind.isRegularFile()) {
        if (kind.fileKey() != null) {
          keys.add(kind.fileKey());
        }
        file(path, kind.size());
      }
    } catch (IOException e) {
      // It went meanwhile.
    }
  }

  private void link(Path link) {
    try {
      BasicFileAttributes target = Files.readAttributes(link, BasicFileAttributes.class);
      if (target.isRegularFile() && (target.fileKey() == null || keys.add(target.fileKey()))) {
        file(link, target.size());
      }
    } catch (IOException e) {
      // It leads nowhere.
    }
  }

  private void file(Path path, long size) {
    try {
      if (size == 0 ? isNamed(path) : Vmcore.mayBeDump(path)) {
        dumps.add(DumpFile.of(path)); // an empty one is refused when it is opened
      }
    } catch (VmcoreException e) {
      if (isNamed(path)) {
        refuse(path, e.reason());
      }
    }
  }

  /**
   * Whether kdump's scripts call a dump so: {@code vmcore-incomplete}, {@code dump.202611300412}.
   */
  private static boolean isNamed(Path path) {
    String name = String.valueOf(path.getFileName());
    boolean isText = name.endsWith(".txt") || name.endsWith(".log");
    return !isText && (name.startsWith("vmcore") || name.startsWith("dump."));
  }
}
