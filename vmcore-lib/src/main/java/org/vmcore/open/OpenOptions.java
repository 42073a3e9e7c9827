package org.vmcore.open;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.values.PageSizes;

/**
 * How a dump is opened.
 *
 * @param padding what fractional pages show around the PT_LOAD's bytes
 * @param noteAlign p_align of the merged PT_NOTE; when empty, a single PT_NOTE keeps its own and
 *     several get 4
 * @param pageSize in bytes; when empty, what VMCOREINFO tells, else 4096
 * @param deviceDumps what is added in front of the notes
 * @param copyLimit the most bytes that a mapping copies where it can't share them
 * @param parts the other files of a split dump, in any order; what is in none of the files is lost
 * @param ramMap where RAM lies in a file that is raw memory without crash headers: its format is
 *     then not probed
 * @param spill where a file is unpacked that is wrapped in gzip or zstd
 */
public record OpenOptions(
    Padding padding,
    OptionalInt noteAlign,
    OptionalLong pageSize,
    List<DeviceDump> deviceDumps,
    long copyLimit,
    List<Path> parts,
    Optional<RamMap> ramMap,
    Spill spill) {
  /** The default of {@link #copyLimit}: 1 GiB. */
  public static final long COPY_LIMIT = 1L << 30;

  /** Zero padding, page size and note alignment as the dump has them. */
  public static final OpenOptions DEFAULT =
      new OpenOptions(
          Padding.ZERO,
          OptionalInt.empty(),
          OptionalLong.empty(),
          List.of(),
          COPY_LIMIT,
          List.of(),
          Optional.empty(),
          Spill.DEFAULT);

  /**
   * @throws IllegalArgumentException when the page size is no power of two from 4 KiB to 1 MiB, or
   *     a number is negative
   */
  public OpenOptions {
    if (pageSize.isPresent() && !PageSizes.isValid(pageSize.getAsLong())) {
      throw new IllegalArgumentException("no page size: " + pageSize.getAsLong());
    }
    deviceDumps = List.copyOf(deviceDumps);
    parts = List.copyOf(parts);
    if (noteAlign.orElse(0) < 0 || copyLimit < 0) {
      throw new IllegalArgumentException("negative");
    }
  }

  /** These options with another padding. */
  public OpenOptions withPadding(Padding other) {
    return new OpenOptions(
        other, noteAlign, pageSize, deviceDumps, copyLimit, parts, ramMap, spill);
  }

  /** These options with p_align of the merged PT_NOTE set. */
  public OpenOptions withNoteAlign(int align) {
    return new OpenOptions(
        padding, OptionalInt.of(align), pageSize, deviceDumps, copyLimit, parts, ramMap, spill);
  }

  /** These options with the page size set, in bytes. */
  public OpenOptions withPageSize(long size) {
    return new OpenOptions(
        padding, noteAlign, OptionalLong.of(size), deviceDumps, copyLimit, parts, ramMap, spill);
  }

  /** These options with device dumps to be added. */
  public OpenOptions withDeviceDumps(List<DeviceDump> dumps) {
    return new OpenOptions(padding, noteAlign, pageSize, dumps, copyLimit, parts, ramMap, spill);
  }

  /** These options with another bound on what a mapping copies, in bytes. */
  public OpenOptions withCopyLimit(long limit) {
    return new OpenOptions(padding, noteAlign, pageSize, deviceDumps, limit, parts, ramMap, spill);
  }

  /** These options with the other files of a split dump. */
  public OpenOptions withParts(List<Path> files) {
    return new OpenOptions(
        padding, noteAlign, pageSize, deviceDumps, copyLimit, files, ramMap, spill);
  }

  /** These options for raw memory in which RAM lies by {@code map}. */
  public OpenOptions withRamMap(RamMap map) {
    return new OpenOptions(
        padding, noteAlign, pageSize, deviceDumps, copyLimit, parts, Optional.of(map), spill);
  }

  /** These options with another place, or bound, for what is unpacked. */
  public OpenOptions withSpill(Spill other) {
    return new OpenOptions(
        padding, noteAlign, pageSize, deviceDumps, copyLimit, parts, ramMap, other);
  }
}
