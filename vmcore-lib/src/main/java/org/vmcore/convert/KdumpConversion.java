package org.vmcore.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.codec.ZstdLibrary;
import org.vmcore.convert.kdump.KdumpWriter;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import org.vmcore.output.PlacedOutput;

/** A conversion to kdump-compressed files, flattened or not. */
final class KdumpConversion {
  private final Vmcore vmcore;
  private final ConversionOptions options;

  KdumpConversion(Vmcore vmcore, ConversionOptions options) {
    this.vmcore = vmcore;
    this.options = options;
  }

  Converted write(List<Path> outputs) throws VmcoreException {
    if (vmcore.isDeviceMemory()) {
      throw deviceMemory(vmcore);
    }
    if (options.compression() == PageCompression.ZSTD) {
      ZstdLibrary.require(outputs.getFirst().toString());
    }
    List<PlacedOutput> opened = new ArrayList<>();
    try (SourcePages pages = SourcePages.of(vmcore, options.scratch())) {
      long parts = pages.keepParts(vmcore.physical());
      Kernel kernel = Kernel.of(vmcore);
      Selection selection = Selection.of(vmcore, kernel, pages, options);
      for (Path output : outputs) {
        opened.add(open(output));
      }
      return write(kernel, pages, parts, selection, opened);
    } finally {
      opened.forEach(PlacedOutput::close);
    }
  }

  static VmcoreException deviceMemory(Vmcore vmcore) {
    return VmcoreException.of(
        vmcore.name(),
        "the memory of a device, which has no page frames: it can be written as ELF alone");
  }

  private PlacedOutput open(Path output) throws VmcoreException {
    OutputFile.Options how = new OutputFile.Options(options.force(), options.sync());
    return options.format() == OutputFormat.FLAT
        ? PlacedOutput.flattened(output, how)
        : PlacedOutput.file(output, how);
  }

  private Converted write(
      Kernel kernel, SourcePages pages, long parts, Selection selection, List<PlacedOutput> outputs)
      throws VmcoreException {
    pages.keepLost();
    MemoryProgress progress = MemoryProgress.of(vmcore, options.progress());
    KdumpWriter writer =
        KdumpWriter.of(
            vmcore,
            kernel,
            pages,
            options.level().value(),
            options.compression().codec(),
            options.compressionLevel(),
            options.threads(),
            progress::pages);
    writer.write(outputs);
    PlacedOutput.commit(outputs);
    progress.finish();
    long zeros = options.level().excludes(PageKind.ZERO) ? writer.zeros() : 0;
    selection.leftOut().add(PageKind.ZERO, zeros);
    long written = writer.dumped() - writer.lost() - zeros;
    return new Converted(
        pages.pageSize(),
        written,
        selection.leftOut(),
        pages.excluded(),
        writer.lost(),
        outputs.stream().map(PlacedOutput::size).toList(),
        Remarks.of(vmcore, selection.findings())
            .unplaced(vmcore, options.format())
            .parts(parts)
            .written(written)
            .lost(writer.lost())
            .findings());
  }
}
