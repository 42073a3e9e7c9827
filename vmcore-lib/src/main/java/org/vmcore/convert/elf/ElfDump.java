package org.vmcore.convert.elf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.vmcore.Vmcore;
import org.vmcore.convert.pack.Content;
import org.vmcore.convert.pack.SeekableZstd;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/**
 * Writes a dump as an ELF file: plain, or in a seekable zstd file.
 *
 * <p>Each PT_LOAD of the source is cut where something isn't in the dump. What was left out, by the
 * source or now, is what p_memsz exceeds p_filesz by, as makedumpfile's {@code -E} has it. What is
 * lost gets PT_LOADs of its own, whose bytes would lie behind the end of the file, and e_flags says
 * that the dump isn't whole: a reader takes it for a file that was cut.
 */
public final class ElfDump {
  /** Bytes that are read at once where nothing is written. */
  private static final int STRETCH = 1 << 20;

  private static final int ZSTD_LEVEL = 1;

  private final Vmcore vmcore;
  private final Optional<SourcePages> pages;

  private ElfDump(Vmcore vmcore, Optional<SourcePages> pages) {
    this.vmcore = vmcore;
    this.pages = pages;
  }

  /**
   * An ELF dump of {@code vmcore}.
   *
   * @param pages which page frames are kept; empty when all are
   */
  public static ElfDump of(Vmcore vmcore, Optional<SourcePages> pages) {
    return new ElfDump(vmcore, pages);
  }

  /** How an ELF dump is packed. */
  public sealed interface Packing {
    /** Not at all. */
    record Plain() implements Packing {}

    /**
     * In a seekable zstd file.
     *
     * @param level how hard zstd tries
     * @param jobs how many threads work at it
     */
    record Zstd(OptionalInt level, int jobs) implements Packing {}
  }

  /**
   * Writes it, and doesn't commit it.
   *
   * @param progress is told which share of the file was written, in parts of {@code all}
   * @param all what all of it amounts to
   * @return whether all is well; else something turned out to be lost of which the program headers
   *     say that it is there: it is to be written once more, to another output
   * @throws VmcoreException when the dump is closed, its file fails, or the output can't be written
   */
  public boolean write(OutputFile out, Packing packing, LongConsumer progress, long all)
      throws VmcoreException {
    try (Arena arena = Arena.ofShared()) {
      ElfContent content = content(arena);
      Share share = new Share(content.size(), all, progress);
      switch (packing) {
        case Packing.Plain() -> write(out, content, share);
        case Packing.Zstd(OptionalInt level, int jobs) ->
            SeekableZstd.write(out, content, level.orElse(ZSTD_LEVEL), jobs, share::done);
      }
      return !content.hasNewLosses();
    }
  }

  /**
   * The size of the plain file in bytes.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public long size() throws VmcoreException {
    return ElfLayout.of(vmcore, SegmentCut.of(vmcore, pages)).size();
  }

  /**
   * Reads all of it, so that what is lost shows: for an output that can't be written twice.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public void findLosses() throws VmcoreException {
    try (Arena arena = Arena.ofShared()) {
      Content content = content(arena);
      MemorySegment stretch = arena.allocate(STRETCH);
      for (long at = 0; at < content.size(); at += STRETCH) {
        content.read(at, stretch.asSlice(0, Math.min(STRETCH, content.size() - at)));
      }
    }
  }

  private ElfContent content(Arena arena) throws VmcoreException {
    return new ElfContent(vmcore, ElfLayout.of(vmcore, SegmentCut.of(vmcore, pages)), arena);
  }

  private static void write(OutputFile out, ElfContent content, Share share)
      throws VmcoreException {
    long at = 0;
    while (at < content.size()) {
      long from = at;
      long zeros = content.zerosAt(at);
      if (zeros > 0) {
        out.skip(zeros);
        at += zeros;
      } else {
        at += out.append(content.size() - at, dst -> content.readSome(from, dst));
      }
      share.done(at - from);
    }
  }

  /** What share of the file was written. */
  private static final class Share {
    private final long size;
    private final long all;
    private final LongConsumer out;
    private long done;
    private long told;

    Share(long size, long all, LongConsumer out) {
      this.size = size;
      this.all = all;
      this.out = out;
    }

    void done(long bytes) {
      done += bytes;
      long now = (long) ((double) done / size * all);
      if (now > told) {
        out.accept(now - told);
        told = now;
      }
    }
  }
}
