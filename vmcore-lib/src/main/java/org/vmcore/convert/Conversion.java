package org.vmcore.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.convert.filter.PageKind;
import org.vmcore.convert.filter.PageTally;
import org.vmcore.convert.kdump.KdumpWriter;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import org.vmcore.output.PlacedOutput;

/** Writes a dump anew: as another format, compressed otherwise, without pages that nobody needs. */
public final class Conversion {
  private final Vmcore vmcore;
  private final ConversionOptions options;

  private Conversion(Vmcore vmcore, ConversionOptions options) {
    this.vmcore = vmcore;
    this.options = options;
  }

  /** The conversion of {@code vmcore}. Nothing is read or written before it is asked for. */
  public static Conversion of(Vmcore vmcore, ConversionOptions options) {
    return new Conversion(vmcore, options);
  }

  /**
   * Writes it.
   *
   * @param outputs one file, or several for a split set: each has a part of the pages
   * @throws VmcoreException when something that the level needs isn't known of the kernel, the dump
   *     is closed, its file fails, or an output can't be written; then there is none
   * @throws IllegalArgumentException when there is no output, or the format can't be split
   */
  public Converted write(List<Path> outputs) throws VmcoreException {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("no output");
    }
    return switch (options.format()) {
      case ELF -> throw VmcoreException.of(vmcore.name(), "not written yet");
      case KDUMP, FLAT -> writeKdump(outputs);
    };
  }

  private Converted writeKdump(List<Path> outputs) throws VmcoreException {
    if (vmcore.isDeviceMemory()) {
      throw VmcoreException.of(
          vmcore.name(),
          "the memory of a device, which has no page frames: it can be written as ELF alone");
    }
    List<PlacedOutput> opened = new ArrayList<>();
    try (SourcePages pages = SourcePages.of(vmcore, options.scratch())) {
      for (Path output : outputs) {
        opened.add(open(output));
      }
      return writeKdump(pages, opened);
    } finally {
      opened.forEach(PlacedOutput::close);
    }
  }

  private PlacedOutput open(Path output) throws VmcoreException {
    OutputFile.Options how = new OutputFile.Options(options.force(), options.sync());
    return options.format() == OutputFormat.FLAT
        ? PlacedOutput.flattened(output, how)
        : PlacedOutput.file(output, how);
  }

  private Converted writeKdump(SourcePages pages, List<PlacedOutput> outputs)
      throws VmcoreException {
    PageTally leftOut = new PageTally();
    pages.keepLost();
    MemoryProgress progress =
        new MemoryProgress(vmcore.memorySize(), pages.pageSize(), options.progress());
    KdumpWriter writer =
        KdumpWriter.of(
            vmcore,
            pages,
            options.level().value(),
            compression(options.compression()),
            options.compressionLevel(),
            options.jobs(),
            progress::pages);
    writer.write(outputs);
    PlacedOutput.commit(outputs);
    progress.finish();
    boolean withoutZeros = options.level().excludes(PageKind.ZERO);
    if (withoutZeros) {
      leftOut.add(PageKind.ZERO, writer.zeros());
    }
    return new Converted(
        pages.pageSize(),
        writer.dumped() - writer.lost() - (withoutZeros ? writer.zeros() : 0),
        leftOut,
        pages.excluded(),
        writer.lost(),
        outputs.stream().map(PlacedOutput::size).toList(),
        losses(writer.lost()));
  }

  private List<Finding> losses(long lost) {
    return lost == 0
        ? List.of()
        : List.of(
            new Finding(
                "lost_pages",
                Finding.Severity.ERROR,
                OptionalLong.empty(),
                lost + " pages are lost in the source, and so they are in the output"));
  }

  private static Compression compression(PageCompression compression) {
    return switch (compression) {
      case NONE -> Compression.RAW;
      case ZLIB -> Compression.ZLIB;
      case LZO -> Compression.LZO1X;
      case SNAPPY -> Compression.SNAPPY;
      case ZSTD -> Compression.ZSTD;
    };
  }

  /**
   * Tells what would be written.
   *
   * @throws VmcoreException as {@link #write} does
   */
  public DryRun dryRun() throws VmcoreException {
    throw VmcoreException.of(vmcore.name(), "not written yet");
  }
}
