package org.vmcore.samples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.convert.Conversion;
import org.vmcore.convert.ConversionOptions;
import org.vmcore.convert.PageCompression;
import org.vmcore.convert.essential.EssentialMemory;
import org.vmcore.convert.essential.EssentialRange;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;

/** A dump of which only those pages are kept that some questions read. */
final class ReducedDump {
  private static final int BEST = 19;

  /** What is asked of a dump. */
  interface Questions {
    /** Asks them. */
    void ask(Vmcore vmcore) throws VmcoreException;
  }

  private ReducedDump() {}

  /**
   * Writes {@code dump} as a kdump-compressed file in which the pages that {@code questions} read
   * are present, all others excluded.
   *
   * @return how many pages are in it
   */
  static int write(Vmcore dump, Questions questions, Path output) throws VmcoreException {
    PartialMemory memory = new PartialMemory(dump);
    CrashHeaders headers = headers(dump);
    try (Vmcore whole = Vmcore.of(dump.name(), headers, memory, OpenOptions.DEFAULT)) {
      questions.ask(whole);
    }
    memory.stopRecording();
    keepEssential(dump, memory);
    ConversionOptions options =
        ConversionOptions.builder()
            .compression(PageCompression.ZSTD)
            .compressionLevel(BEST)
            .force(true)
            .build();
    try (Vmcore reduced = Vmcore.of(dump.name(), headers, memory, OpenOptions.DEFAULT)) {
      Conversion.of(reduced, options).write(List.of(output));
    }
    return memory.count();
  }

  /**
   * But for the kernel's image, which is large, what {@code verify} misses where it isn't there.
   */
  private static void keepEssential(Vmcore dump, PartialMemory memory) throws VmcoreException {
    for (EssentialRange range : EssentialMemory.of(dump, Kernel.of(dump), List.of()).ranges()) {
      switch (range.kind()) {
        case KERNEL_IMAGE, IMAGE_END, STRUCT_PAGES -> {}
        case PAGE_TABLES, PER_CPU, TASKS, STACKS, LOG, NOTES ->
            memory.keep(range.from(), range.to());
      }
    }
  }

  /** Those of the image, whose p_offset become addresses of a {@link PartialMemory}. */
  private static CrashHeaders headers(Vmcore dump) {
    List<ProgramHeader> all = new ArrayList<>();
    for (ProgramHeader each : dump.segments()) {
      all.add(each.withOffset(each.isLoad() ? each.paddr() : PartialMemory.NOTES + each.offset()));
    }
    return new CrashHeaders(dump.crashHeaders().header().withProgramHeaders(all.size()), all);
  }
}
