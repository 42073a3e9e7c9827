package org.vmcore.cli.remoteproc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vmcore.cli.bytes.Missing;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.When;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.MemoryCopy;
import org.vmcore.output.OutputFile;
import org.vmcore.remoteproc.kernel.CoredumpImage;
import org.vmcore.remoteproc.kernel.PendingCoredump;
import org.vmcore.remoteproc.kernel.RemoteProcessor;
import org.vmcore.remoteproc.kernel.RemoteProcessors;
import org.vmcore.values.FileNames;
import org.vmcore.values.Hex;

/** Writes coredumps to files, each named after the device and the coredump's own name. */
final class Extraction {
  private final FileOptions files;
  private final Console console;
  private final Map<PendingCoredump, Written> written = new LinkedHashMap<>();

  Extraction(FileOptions files, Console console) {
    this.files = files;
    this.console = console;
  }

  /**
   * A coredump that was written, or couldn't be.
   *
   * @param fault why it wasn't written
   */
  record Written(Path file, Missing missing, List<Finding> gaps, Optional<VmcoreException> fault) {
    long missingBytes() {
      return missing.of(PageState.LOST)
          + missing.of(PageState.EXCLUDED)
          + missing.of(PageState.NOT_RAM);
    }
  }

  /** What becomes one file. */
  private record Part(RemoteProcessor rproc, PendingCoredump coredump, Path file) {}

  /** Writes all coredumps of {@code found} into {@code directory}, which is made. */
  void write(RemoteProcessors found, Path directory) throws VmcoreException {
    List<Part> parts = parts(found, directory);
    if (parts.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      boolean exists = Files.exists(directory);
      String reason = exists ? "not a directory" : "the directory can't be made";
      throw VmcoreException.of(directory.toString(), reason, e);
    }
    for (Part part : parts) {
      files.requireNew(part.file());
    }
    for (Part part : parts) {
      write(found, part);
    }
  }

  private static List<Part> parts(RemoteProcessors found, Path directory) {
    List<Part> parts = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (RemoteProcessor rproc : found.all()) {
      for (PendingCoredump coredump : rproc.coredumps()) {
        String name = plain(rproc.device()) + "-" + plain(coredump.name());
        while (!names.add(name)) {
          name += "-" + Hex.of(coredump.address());
        }
        parts.add(new Part(rproc, coredump, directory.resolve(name + ".elf")));
      }
    }
    return parts;
  }

  private static String plain(String name) {
    String safe = FileNames.safe(name);
    return safe.isEmpty() ? "unnamed" : safe;
  }

  private void write(RemoteProcessors found, Part part) throws VmcoreException {
    CoredumpImage image;
    try {
      image = found.image(part.rproc(), part.coredump());
    } catch (VmcoreException e) {
      keep(part, new Missing(), List.of(), Optional.of(e));
      return;
    }
    Progress progress = Progress.of(console, When.AUTO, image.size(), false);
    MemoryCopy copy = new MemoryCopy(progress::add);
    try (OutputFile file = files.create(part.file())) {
      copy.append(file, image.memory(), image.start(), image.size());
      file.commit();
    }
    keep(part, Missing.of(copy.missing()), image.gaps(), Optional.empty());
  }

  private void keep(
      Part part, Missing missing, List<Finding> gaps, Optional<VmcoreException> fault) {
    written.put(part.coredump(), new Written(part.file(), missing, gaps, fault));
  }

  /** The file of {@code coredump}, where it was written. */
  Optional<Written> of(PendingCoredump coredump) {
    return Optional.ofNullable(written.get(coredump)).filter(each -> each.fault().isEmpty());
  }

  /** Whether there was nothing to write. */
  boolean isEmpty() {
    return written.isEmpty();
  }

  /** Says what is missing: a part of what was asked for, unless no file was written at all. */
  void end(Ending ending) {
    boolean isPart = written.values().stream().anyMatch(each -> each.fault().isEmpty());
    for (Written each : written.values()) {
      if (each.fault().isPresent()) {
        say(ending, each.fault().get(), isPart);
        continue;
      }
      String file = each.file().toString() + ": ";
      for (Finding gap : each.gaps()) {
        ending.gap(file, gap);
      }
      for (PageState state : PageState.values()) {
        if (each.missing().of(state) > 0) {
          say(ending, file, state, each.missing());
        }
      }
    }
  }

  private static void say(Ending ending, VmcoreException fault, boolean isPart) {
    if (isPart || fault.isLoss()) {
      ending.lost(fault.reason());
    } else {
      ending.failed(fault.reason());
    }
  }

  private static void say(Ending ending, String file, PageState state, Missing missing) {
    String what =
        switch (state) {
          case LOST -> " lost";
          case EXCLUDED -> " excluded from the dump";
          case PRESENT, NOT_RAM -> " not RAM";
        };
    String line = file + HumanSize.bytes(missing.of(state)) + what + ": written as zeros";
    if (state == PageState.LOST) {
      ending.lost(line);
    } else {
      ending.gap("", Finding.info("remoteproc", line));
    }
  }
}
