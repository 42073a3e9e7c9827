package org.vmcore.testing;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.vmcore.codec.Compression;
import org.vmcore.elf.ElfClass;
import org.vmcore.open.OpenOptions;

/**
 * {@link Mutations} of kdump-compressed dumps: of every field of headers and descriptors, and of
 * every byte of these, the notes, the bitmaps and the pages.
 */
public final class KdumpMutations {
  private static final OpenOptions OPTIONS = OpenOptions.builder().copyLimit(64 << 20).build();

  private KdumpMutations() {}

  /** Works in folder {@code args[0]}. */
  public static void main(String[] args) throws IOException {
    Mutations mutations = new Mutations(Path.of(args[0], "mutated"));
    fields(mutations, KdumpBuilder.le64(), ByteOrder.LITTLE_ENDIAN);
    fields(mutations, KdumpBuilder.le64().part(2, 6), ByteOrder.LITTLE_ENDIAN);
    fields(mutations, KdumpBuilder.le32().padded().version(4), ByteOrder.LITTLE_ENDIAN);
    fields(
        mutations,
        KdumpBuilder.of(ElfClass.ELF32, ByteOrder.BIG_ENDIAN).version(3),
        ByteOrder.BIG_ENDIAN);
    bytes(mutations);
    mutations.report();
  }

  private static KdumpBuilder pages(KdumpBuilder dump) {
    return dump.vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
        .page(2, new byte[4096], Compression.ZLIB)
        .page(3, Compression.RAW)
        .excluded(4)
        .same(5, 3)
        .page(8, Compression.SNAPPY);
  }

  private static void fields(Mutations mutations, KdumpBuilder dump, ByteOrder order)
      throws IOException {
    pages(dump);
    mutations.fields(dump.build(), dump.fields(), order, OPTIONS);
  }

  private static void bytes(Mutations mutations) throws IOException {
    KdumpBuilder dump = pages(KdumpBuilder.le64());
    byte[] good = dump.build();
    mutations.bytes(good, 0, 12, OPTIONS, 1, 0x80, 0xff);
    mutations.bytes(good, 12, 402, OPTIONS, 0xff); // utsname
    mutations.bytes(good, 402, 464, OPTIONS, 1, 0x80, 0xff);
    mutations.bytes(good, 0x1000, 0x10e0, OPTIONS, 1, 0x80, 0xff);
    mutations.bytes(good, 0x2000, 0x2010, OPTIONS, 1, 0x80, 0xff);
    mutations.bytes(good, 0x3000, 0x3010, OPTIONS, 1, 0x80, 0xff);
    int page = dump.pageOffset(2);
    mutations.bytes(good, dump.descriptorsOffset(), page + 30, OPTIONS, 1, 0x80, 0xff);
  }
}
