package org.vmcore.convert;

import java.nio.file.Path;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compressor;
import org.vmcore.convert.filter.PageFilter;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.pages.KeptPages;
import org.vmcore.convert.pages.PageReader;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.memory.VmcoreException;

/** Some pages, spread evenly, compressed: what pages come to at each level, on average. */
final class Samples {
  /** One page in so many is a sample. */
  private static final int ONE_IN = 256;

  private static final int LEAST = 1 << 10;
  private static final int MOST = 1 << 12;

  /** Pages in a sample of an ELF dump, which is compressed in larger frames. */
  private static final int TOGETHER = 16;

  /** The levels that leave out one kind. */
  private static final int[] KINDS = {2, 4, 8, 16};

  private final int pageSize;

  /** The first page frame of each sample. */
  private final long[] frames;

  /** What a page of each sample takes when it is compressed, in bytes. */
  private final int[] sizes;

  /** Of each sample the levels that leave it out, summed up. */
  private final int[] leftOutBy;

  private Samples(int pageSize, int count) {
    this.pageSize = pageSize;
    this.frames = new long[count];
    this.sizes = new int[count];
    this.leftOutBy = new int[count];
  }

  /**
   * Samples of the pages that are kept in {@code pages}.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  static Samples of(Vmcore vmcore, SourcePages pages, ConversionOptions options)
      throws VmcoreException {
    int pageSize = Math.toIntExact(pages.pageSize());
    KeptPages kept = KeptPages.of(pages, new PageReader(vmcore.physical(), pageSize));
    int together = options.format() == OutputFormat.ELF ? TOGETHER : 1;
    long most = Math.clamp(kept.count() / ONE_IN, LEAST, MOST) / together;
    Samples samples = new Samples(pageSize, (int) Math.min(kept.count() / together, most));
    samples.compress(kept, together, options);
    return samples;
  }

  private void compress(KeptPages kept, int together, ConversionOptions options)
      throws VmcoreException {
    int length = together * pageSize;
    byte[] bytes = new byte[length];
    byte[] packed = new byte[length];
    try (Compressor compressor =
        Compressor.of(options.compression().codec(), options.compressionLevel())) {
      for (int i = 0; i < frames.length; i++) {
        long rank = kept.count() / frames.length * i;
        frames[i] = kept.pfn(rank);
        kept.read(rank, together, bytes, _ -> {});
        int size = compressor.compress(bytes, 0, length, packed, 0, length);
        sizes[i] = size == 0 ? pageSize : (size + together - 1) / together;
      }
    }
  }

  /**
   * Finds out which levels leave them out, of those that enough is known for.
   *
   * @param filter of any level
   * @param possible the sum of these levels
   */
  void classify(PageFilter filter, int possible, long end, Path scratch) throws VmcoreException {
    for (int level : KINDS) {
      if ((level & possible) != 0) {
        try (PfnBitmap set = PfnBitmap.of(end, scratch)) {
          for (long frame : frames) {
            set.set(frame, frame + 1);
          }
          filter.of(new DumpLevel(level)).apply(set);
          for (int i = 0; i < frames.length; i++) {
            leftOutBy[i] |= set.get(frames[i]) ? 0 : level;
          }
        }
      }
    }
  }

  /** The bytes that a page takes which {@code level} keeps. */
  double average(DumpLevel level) {
    return average(i -> (leftOutBy[i] & level.value()) == 0);
  }

  /** The bytes that a page of {@code kept} takes. */
  double average(PfnBitmap kept) {
    return average(i -> kept.get(frames[i]));
  }

  private double average(IntPredicate isKept) {
    return IntStream.range(0, frames.length)
        .filter(isKept)
        .map(i -> sizes[i])
        .average()
        .orElse(pageSize);
  }
}
