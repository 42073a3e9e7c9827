package org.vmcore.testing;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.vmcore.Vmcore;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;

/**
 * A sparse kdump-compressed dump of a 16 TiB machine: 2^32 page frames, so 512 MiB for each bitmap.
 * RAM is {@link #GIBIBYTES}; of each only the first and the last page were dumped, as they are.
 */
public final class HugeKdump {
  /** Where there is RAM, in GiB: each of these holds 1 GiB of it. No two are neighbours. */
  static final int[] GIBIBYTES = {0, 3, 8192, 12_345, 16_383};

  /** The RAM's bytes, all in all. */
  public static final long RAM = (long) GIBIBYTES.length << 30;

  /** How many pages are in the dump. */
  public static final int DUMPED = 2 * GIBIBYTES.length;

  private static final int PAGE = 4096;
  private static final long FRAMES = 1L << 32;
  private static final int FRAMES_PER_GIB = 1 << 18;
  private static final int BITMAP = 3 * PAGE;
  private static final long BITMAP_SIZE = FRAMES / Byte.SIZE;
  private static final long TABLE = BITMAP + 2 * BITMAP_SIZE;
  private static final int DESCRIPTOR_SIZE = 24;
  private static final long DATA = TABLE + PAGE;
  private static final int NOTE_AT = PAGE + 104;

  private HugeKdump() {}

  /**
   * Opens the dump {@code args[0]}, and prints what that cost in lines {@code NAME=NUMBER}: CPU
   * time, for the machine may be busy. Even that is longer where the processor is shared, so {@code
   * bitmapsMillis} tells what it takes to read both bitmaps once, and no more.
   */
  public static void main(String[] args) throws IOException {
    long start = cpuNanos();
    readBitmaps(Path.of(args[0]));
    print("bitmapsMillis", (cpuNanos() - start) / 1_000_000);
    start = cpuNanos();
    try (Vmcore vmcore = Vmcore.open(Path.of(args[0]))) {
      print("openMillis", (cpuNanos() - start) / 1_000_000);
      print("memorySize", vmcore.memorySize());
      print(
          "chunks", vmcore.chunks().stream().filter(each -> each instanceof Chunk.OldMem).count());
      print("notes", vmcore.notes().size());
      start = cpuNanos();
      print("right", right(vmcore.physical()));
      print("readMillis", (cpuNanos() - start) / 1_000_000);
      start = cpuNanos();
      Map<PageState, Long> frames = new EnumMap<>(PageState.class);
      vmcore.pages(range -> frames.merge(range.state(), range.count(), Long::sum));
      print("pagesMillis", (cpuNanos() - start) / 1_000_000);
      for (PageState state : PageState.values()) {
        print(state.label(), frames.getOrDefault(state, 0L));
      }
    }
  }

  /**
   * What this thread has taken of the processors so far: other work on the machine is not in it.
   */
  public static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void readBitmaps(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
      for (long at = BITMAP; at < TABLE; at += buffer.position()) {
        file.read(buffer.clear(), at);
      }
    }
  }

  /** How many of the dumped pages read as they should, with their neighbours excluded. */
  private static long right(Memory physical) throws IOException {
    long right = 0;
    for (int gib : GIBIBYTES) {
      long first = (long) gib << 30;
      long last = first + (1L << 30) - PAGE;
      right += isRight(physical, first, first + PAGE) ? 1 : 0;
      right += isRight(physical, last, last - PAGE) ? 1 : 0;
    }
    return right;
  }

  private static boolean isRight(Memory physical, long page, long excluded) throws IOException {
    byte[] bytes = new byte[PAGE];
    return physical.read(page, MemorySegment.ofArray(bytes)) == PAGE
        && Arrays.equals(bytes, page(page / PAGE))
        && physical.extentAt(excluded).state() == PageState.EXCLUDED;
  }

  private static void print(String name, long value) {
    System.out.println(name + "=" + value);
  }

  /** Writes it. */
  public static Path write(Path path) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(header(), 0);
      file.write(subHeader(), PAGE);
      file.write(note(), NOTE_AT);
      ByteBuffer table = buffer(DUMPED * DESCRIPTOR_SIZE);
      int pages = 0;
      for (int gib : GIBIBYTES) {
        long first = (long) gib * FRAMES_PER_GIB;
        ram(file, first);
        for (long pfn : new long[] {first, first + FRAMES_PER_GIB - 1}) {
          long at = DATA + (long) pages++ * PAGE;
          table.putLong(at).putInt(PAGE).putInt(0).putLong(0);
          file.write(ByteBuffer.wrap(page(pfn)), at);
        }
      }
      file.write(table.flip(), TABLE);
    }
    return path;
  }

  /** Sets both bitmaps' bits of 1 GiB from a page frame on. */
  private static void ram(FileChannel file, long first) throws IOException {
    byte[] bits = new byte[FRAMES_PER_GIB / Byte.SIZE];
    bits[0] = 1;
    bits[bits.length - 1] = (byte) 0x80;
    long at = BITMAP + first / Byte.SIZE;
    file.write(ByteBuffer.wrap(bits), at + BITMAP_SIZE);
    Arrays.fill(bits, (byte) 0xff);
    file.write(ByteBuffer.wrap(bits), at);
  }

  private static ByteBuffer header() {
    ByteBuffer header = buffer(464);
    header.put(ascii("KDUMP   ")).putInt(6);
    header.put(12 + 4 * 65, ascii("x86_64"));
    header.putInt(428, PAGE); // block_size
    header.putInt(432, 2); // sub_hdr_size
    header.putInt(436, (int) (2 * BITMAP_SIZE / PAGE)); // bitmap_blocks
    header.putInt(440, -1); // max_mapnr, as far as it goes
    header.putInt(460, 1); // nr_cpus
    return header.clear();
  }

  private static ByteBuffer subHeader() {
    ByteBuffer header = buffer(104);
    header.putInt(8, 31); // dump_level
    header.putLong(48, NOTE_AT).putLong(56, note().remaining());
    header.putLong(96, FRAMES); // max_mapnr_64
    return header;
  }

  private static ByteBuffer note() {
    byte[] text = ascii("OSRELEASE=6.1.0\nPAGESIZE=4096\n\n\n");
    ByteBuffer note = buffer(24 + text.length);
    return note.putInt(11)
        .putInt(text.length)
        .putInt(0)
        .put(12, ascii("VMCOREINFO"))
        .put(24, text)
        .clear();
  }

  /** What a page holds: its number, over and over. */
  private static byte[] page(long pfn) {
    byte[] page = new byte[PAGE];
    ByteBuffer words = ByteBuffer.wrap(page);
    while (words.hasRemaining()) {
      words.putLong(pfn + 1);
    }
    return page;
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
