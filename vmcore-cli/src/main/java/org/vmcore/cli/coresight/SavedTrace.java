package org.vmcore.cli.coresight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.cli.output.Progress;
import org.vmcore.coresight.CrashMetadata;
import org.vmcore.coresight.MissingBytes;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.MemoryCopy;
import org.vmcore.output.OutputFile;
import org.vmcore.values.Hex;

/**
 * A trace in reserved memory, and what became of it.
 *
 * @param file the file's name in the folder; empty where none is written
 * @param obstacle why the trace can't be had, in one line; empty when it can
 * @param missing what of the trace isn't in the dump
 * @param isIntact whether its buffer is that of its CRC; empty where that can't be said
 */
record SavedTrace(
    CrashMetadata metadata,
    Optional<String> file,
    Optional<String> obstacle,
    List<Extent> missing,
    Optional<Boolean> isIntact) {
  /** Whether the obstacle is damage. */
  boolean isBroken() {
    return metadata.isBroken() || (obstacle.isPresent() && metadata.obstacle().isEmpty());
  }

  /** Whether its buffer isn't that of its CRC. */
  boolean isChanged() {
    return !isIntact.orElse(true);
  }

  static String fileName(CrashMetadata metadata) {
    return "reserved-" + Hex.of(metadata.address()) + ".bin";
  }

  /** Of what isn't written. */
  static SavedTrace listed(Memory physical, CrashMetadata metadata) throws VmcoreException {
    return of(physical, metadata, Optional.empty());
  }

  /** Writes it, if there is a trace. */
  static SavedTrace written(
      Memory physical, CrashMetadata metadata, OutputFolder folder, Progress progress)
      throws VmcoreException {
    if (metadata.obstacle(physical).isPresent()) {
      return listed(physical, metadata);
    }
    String name = fileName(metadata);
    folder.write(name, file -> append(file, physical, metadata, metadata.length(), progress));
    return of(physical, metadata, Optional.of(name));
  }

  /**
   * Appends {@code size} bytes of the trace from its oldest byte on; where what was before that is
   * overwritten a barrier marks it.
   */
  static void append(
      OutputFile file, Memory physical, CrashMetadata metadata, long size, Progress progress)
      throws VmcoreException {
    long skipped = 0;
    if (metadata.isFull() && size >= CrashMetadata.BARRIER_SIZE) {
      skipped = CrashMetadata.BARRIER_SIZE;
      file.write(CrashMetadata.barrier(), 0, CrashMetadata.BARRIER_SIZE);
    }
    long left = size - skipped;
    for (AddressRange piece : metadata.pieces()) {
      long from = Math.min(skipped, piece.size());
      long n = Math.min(left, piece.size() - from);
      new MemoryCopy(progress::add).append(file, physical, piece.start() + from, n);
      skipped -= from;
      left -= n;
    }
  }

  /** What of the trace isn't in the dump. */
  static List<Extent> missing(Memory physical, CrashMetadata metadata) throws VmcoreException {
    List<Extent> missing = new ArrayList<>();
    for (AddressRange piece : metadata.pieces()) {
      missing.addAll(MissingBytes.of(physical, piece.start(), piece.size()));
    }
    return missing;
  }

  private static SavedTrace of(Memory physical, CrashMetadata metadata, Optional<String> file)
      throws VmcoreException {
    // It reads the buffer: what is lost shows then.
    Optional<Boolean> isIntact = metadata.isTraceIntact(physical);
    Optional<String> obstacle = metadata.obstacle(physical);
    List<Extent> missing = obstacle.isPresent() ? List.of() : missing(physical, metadata);
    return new SavedTrace(metadata, file, obstacle, missing, isIntact);
  }
}
