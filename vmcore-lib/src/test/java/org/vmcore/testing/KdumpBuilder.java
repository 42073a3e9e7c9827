package org.vmcore.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.codec.Compression;
import org.vmcore.convert.PageCompression;
import org.vmcore.elf.ElfClass;

/**
 * Makes a kdump-compressed dump in a few lines.
 *
 * <pre>{@code
 * byte[] dump = KdumpBuilder.le64()
 *     .vmcoreinfo("OSRELEASE=6.1.0")
 *     .page(0x10, PageCompression.ZLIB)
 *     .page(0x11, new byte[4096], PageCompression.NONE)
 *     .excluded(0x12, 0x13)
 *     .build();
 * }</pre>
 *
 * <p>The header is version 6 and the block size 4096 unless they are set. Bitmaps, descriptors and
 * pages follow each other as makedumpfile writes them.
 */
@SuppressWarnings("InvalidBlockTag") // javadoc knows @hidden
public final class KdumpBuilder {
  private static final int PADDED = 8;
  private static final int MACHINE = 12 + 4 * 65;

  private final ElfClass elfClass;
  private final ByteOrder order;
  private final KdumpPages pages = new KdumpPages();
  private final Map<String, Long> fields = new LinkedHashMap<>();
  private final Map<Long, byte[]> patches = new LinkedHashMap<>();
  private final KdumpNotes notes;
  private String signature = "KDUMP   ";
  private String machine = "x86_64";
  private int align = Integer.BYTES;
  private int time;
  private int version = 6;
  private int block = 4096;
  private OptionalLong maxMapnr = OptionalLong.empty();
  private boolean oneBitmap;
  private OptionalInt truncateAt = OptionalInt.empty();

  private KdumpBuilder(ElfClass elfClass, ByteOrder order) {
    this.elfClass = elfClass;
    this.order = order;
    this.notes = new KdumpNotes(order);
    this.time = elfClass.bits() / 8;
    this.align = elfClass == ElfClass.ELF64 ? PADDED : Integer.BYTES;
  }

  /** An x86_64 dump: 64 bits, little-endian. */
  public static KdumpBuilder le64() {
    return new KdumpBuilder(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN);
  }

  /** An i386 dump: 32 bits, little-endian. */
  public static KdumpBuilder le32() {
    return new KdumpBuilder(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN).machine("i686");
  }

  /** A dump of this class and byte order, of a machine that isn't named. */
  public static KdumpBuilder of(ElfClass elfClass, ByteOrder order) {
    return new KdumpBuilder(elfClass, order).machine("");
  }

  // --- the headers

  /** In 32-bit dumps, numbers of 64 bits are aligned to 8 bytes, as on ARM, not to 4. */
  public KdumpBuilder padded() {
    align = PADDED;
    return this;
  }

  /** In 32-bit dumps, the times of the main header have 64 bits. */
  public KdumpBuilder time64() {
    time = Long.BYTES;
    return this;
  }

  /** header_version. */
  public KdumpBuilder version(int number) {
    version = number;
    return this;
  }

  /** The signature is DISKDUMP. */
  public KdumpBuilder diskdump() {
    signature = "DISKDUMP";
    return this;
  }

  /** block_size in bytes. */
  public KdumpBuilder blockSize(int size) {
    block = size;
    return this;
  }

  /** utsname's machine. */
  public KdumpBuilder machine(String name) {
    machine = name;
    return this;
  }

  /** max_mapnr; unless it is set it is behind the last page frame that is told of. */
  public KdumpBuilder maxMapnr(long pfn) {
    maxMapnr = OptionalLong.of(pfn);
    return this;
  }

  /** There is one bitmap, of the dumped pages; max_mapnr is above half of its bits. */
  public KdumpBuilder oneBitmap() {
    oneBitmap = true;
    return this;
  }

  /**
   * The file is one of a split set: it holds the pages from {@code first} to before {@code end}.
   */
  public KdumpBuilder part(long first, long end) {
    pages.part(first, end);
    return this;
  }

  /** A note. */
  public KdumpBuilder note(String name, int type, byte[] desc) {
    notes.note(name, type, desc);
    return this;
  }

  /** VMCOREINFO of these lines: a note, in header version 3 the text alone. */
  public KdumpBuilder vmcoreinfo(String... lines) {
    notes.vmcoreinfo(lines);
    return this;
  }

  /**
   * Any field of the main header, the sub header or, as {@code page[17].size}, of a descriptor;
   * what it tells of stays where it is.
   */
  public KdumpBuilder set(String field, long value) {
    fields.put(field, value);
    return this;
  }

  // --- the pages

  /** A page frame of these bytes. */
  public KdumpBuilder page(long pfn, byte[] bytes, PageCompression how) {
    return stored(pfn, PageEncoder.encode(bytes, how), how);
  }

  /** A page frame of {@link DumpBuilder#pattern}. */
  public KdumpBuilder page(long pfn, PageCompression how) {
    return page(pfn, content(pfn), how);
  }

  /** {@code count} page frames of {@link DumpBuilder#pattern}. */
  public KdumpBuilder pages(long first, int count, PageCompression how) {
    for (int i = 0; i < count; i++) {
      page(first + i, how);
    }
    return this;
  }

  /** A page frame that stands in the file as these bytes, whatever they are. */
  public KdumpBuilder stored(long pfn, byte[] bytes, PageCompression how) {
    pages.stored(pfn, bytes, PageEncoder.flag(how));
    return this;
  }

  /**
   * As {@link #page(long, byte[], PageCompression)}, by the library's own name.
   *
   * @hidden
   */
  public KdumpBuilder page(long pfn, byte[] bytes, Compression how) {
    return page(pfn, bytes, named(how));
  }

  /**
   * As {@link #page(long, PageCompression)}, by the library's own name.
   *
   * @hidden
   */
  public KdumpBuilder page(long pfn, Compression how) {
    return page(pfn, named(how));
  }

  /**
   * As {@link #pages(long, int, PageCompression)}, by the library's own name.
   *
   * @hidden
   */
  public KdumpBuilder pages(long first, int count, Compression how) {
    return pages(first, count, named(how));
  }

  /**
   * As {@link #stored(long, byte[], PageCompression)}, by the library's own name.
   *
   * @hidden
   */
  public KdumpBuilder stored(long pfn, byte[] bytes, Compression how) {
    return stored(pfn, bytes, named(how));
  }

  /** What users call {@code how}. */
  static PageCompression named(Compression how) {
    return switch (how) {
      case RAW -> PageCompression.NONE;
      case ZLIB -> PageCompression.ZLIB;
      case LZO1X -> PageCompression.LZO;
      case SNAPPY -> PageCompression.SNAPPY;
      case ZSTD -> PageCompression.ZSTD;
    };
  }

  /** A page frame whose descriptor points at the bytes of {@code other}. */
  public KdumpBuilder same(long pfn, long other) {
    pages.same(pfn, other);
    return this;
  }

  /** Page frames that exist and were left out. */
  public KdumpBuilder excluded(long... pfns) {
    pages.excluded(pfns);
    return this;
  }

  /** The bytes of page frame {@code pfn} in {@link #page(long, PageCompression)}. */
  public byte[] content(long pfn) {
    return DumpBuilder.pattern(pfn * block, block);
  }

  // --- faults

  /** The file ends at {@code size}. */
  public KdumpBuilder truncateAt(int size) {
    truncateAt = OptionalInt.of(size);
    return this;
  }

  /** Overwrites bytes of the file. */
  public KdumpBuilder patch(long offset, byte... bytes) {
    patches.put(offset, bytes.clone());
    return this;
  }

  // --- what comes out

  /** The file offset of the first bitmap. */
  public int bitmapOffset() {
    return (1 + subBlocks()) * block;
  }

  /** The file offset of the first descriptor. */
  public int descriptorsOffset() {
    return bitmapOffset() + bitmapBlocks() * block;
  }

  /** The file offset of the bytes of page frame {@code pfn}. */
  public int pageOffset(long pfn) {
    return offsets().get(pages.sharedWith(pfn)).intValue();
  }

  /** Where each field of the headers and descriptors stands in the file. */
  public List<DumpBuilder.Field> fields() {
    int word = elfClass.bits() / 8;
    List<DumpBuilder.Field> all = new ArrayList<>(KdumpStruct.header(word, time, align).fields());
    all.addAll(KdumpStruct.subHeader(block, word, align, version).fields());
    long at = descriptorsOffset();
    for (long pfn : pages.dumped()) {
      all.addAll(KdumpStruct.descriptor(at, pfn).fields());
      at += 24;
    }
    return all;
  }

  /** The file. */
  public byte[] build() {
    Map<Long, Long> offsets = offsets();
    int end = descriptorsOffset() + 24 * pages.dumped().size();
    for (Map.Entry<Long, Long> each : offsets.entrySet()) {
      end = each.getValue().intValue() + pages.stored(each.getKey()).length;
    }
    byte[] file = new byte[end];
    byte[] magic = signature.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, file, 0, magic.length);
    byte[] name = machine.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, file, MACHINE, name.length);
    byte[] behind = notes.bytes(version);
    System.arraycopy(behind, 0, file, notesOffset(), behind.length);
    bitmaps(file);
    offsets.forEach(
        (pfn, at) -> {
          byte[] stored = pages.stored(pfn);
          System.arraycopy(stored, 0, file, at.intValue(), stored.length);
        });
    numbers(file, numbers(offsets));
    patches.forEach((at, bytes) -> System.arraycopy(bytes, 0, file, at.intValue(), bytes.length));
    return truncateAt.isPresent() ? Arrays.copyOf(file, truncateAt.getAsInt()) : file;
  }

  /** Writes the file; gives {@code path} back. */
  public Path writeTo(Path path) throws IOException {
    return Files.write(path, build());
  }

  private void bitmaps(byte[] file) {
    int second = bitmapOffset() + (oneBitmap ? 0 : bitmapBlocks() / 2 * block);
    pages.setStored(file, second);
    if (!oneBitmap) {
      pages.setExisting(file, bitmapOffset());
    }
  }

  private void numbers(byte[] file, Map<String, Long> numbers) {
    ByteBuffer out = ByteBuffer.wrap(file).order(order);
    for (DumpBuilder.Field field : fields()) {
      Long value = numbers.remove(field.name());
      if (value != null && field.size() == Long.BYTES) {
        out.putLong((int) field.offset(), value);
      } else if (value != null) {
        out.putInt((int) field.offset(), value.intValue());
      }
    }
    numbers.keySet().removeIf(name -> name.startsWith("page[")); // of another part
    if (!numbers.isEmpty()) {
      throw new IllegalArgumentException("no field " + numbers.keySet());
    }
  }

  private Map<String, Long> numbers(Map<Long, Long> offsets) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    numbers.put("header_version", (long) version);
    numbers.put("tv_sec", 1_700_000_000L);
    numbers.put("tv_usec", 123_456L);
    numbers.put("status", 1L);
    numbers.put("block_size", (long) block);
    numbers.put("sub_hdr_size", (long) subBlocks());
    numbers.put("bitmap_blocks", (long) bitmapBlocks());
    numbers.put("max_mapnr", end() & 0xffff_ffffL);
    numbers.put("nr_cpus", 1L);
    numbers.put("dump_level", 31L);
    if (version >= 2 && pages.isPart()) {
      numbers.put("split", 1L);
      numbers.put("start_pfn", pages.from());
      numbers.put("end_pfn", pages.to());
    }
    notes.numbers(numbers, version, notesOffset());
    if (version >= 6) {
      numbers.put("max_mapnr_64", end());
      numbers.put("start_pfn_64", pages.isPart() ? pages.from() : 0);
      numbers.put("end_pfn_64", pages.isPart() ? pages.to() : 0);
    }
    pages.numbers(numbers, offsets);
    numbers.putAll(fields);
    return numbers;
  }

  private Map<Long, Long> offsets() {
    return pages.offsets(descriptorsOffset());
  }

  /** Behind the sub header's 104 bytes. */
  private int notesOffset() {
    return block + 0x80;
  }

  private int subBlocks() {
    return (0x80 + notes.size() + block - 1) / block;
  }

  private int bitmapBlocks() {
    int one = (int) ((Math.max(end(), 1) + 8L * block - 1) / (8L * block));
    return oneBitmap ? one : 2 * one;
  }

  private long end() {
    long last = pages.end();
    last = oneBitmap ? Math.max(last, 4L * block + 1) : last;
    return maxMapnr.orElse(last);
  }
}
