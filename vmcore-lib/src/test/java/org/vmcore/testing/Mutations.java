package org.vmcore.testing;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.vmcore.elf.ElfClass;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;

/**
 * Sets every field of every header and note of a good dump to every odd value, and uses the dump:
 * nothing but a {@link org.vmcore.memory.VmcoreException} may come out, within five seconds.
 */
public final class Mutations {
  private static final long MOST_NANOS = 5_000_000_000L;

  private final Path file;
  private int count;
  private int opened;

  Mutations(Path file) {
    this.file = file;
  }

  /** Works in folder {@code args[0]}. */
  public static void main(String[] args) throws IOException {
    Mutations mutations = new Mutations(Path.of(args[0], "mutated"));
    for (ElfClass elfClass : ElfClass.values()) {
      mutations.all(elfClass, ByteOrder.LITTLE_ENDIAN, OpenOptions.DEFAULT);
      mutations.all(elfClass, ByteOrder.BIG_ENDIAN, OpenOptions.DEFAULT);
    }
    mutations.all(
        ElfClass.ELF64,
        ByteOrder.LITTLE_ENDIAN,
        OpenOptions.builder().padding(Padding.OLDMEM).pageSize(0x10000).build());
    mutations.report();
  }

  void report() throws IOException {
    System.out.printf("%d mutations, %d opened, peak %d MiB%n", count, opened, peakMiB());
  }

  private static DumpBuilder dump(ElfClass elfClass, ByteOrder order) {
    int machine = elfClass == ElfClass.ELF64 ? 62 : 3;
    return DumpBuilder.of(elfClass, order)
        .machine(machine)
        .noteArea(0x200)
        .prstatus(1, 11, 5)
        .noteArea(0x200)
        .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
        .vmcoredd("card", new byte[] {1, 2, 3})
        .load(0x1000, 0x2000)
        .vaddr(0xc000_1000L)
        .load(0x5800, 0x1000)
        .memsz(0x1800);
  }

  private void all(ElfClass elfClass, ByteOrder order, OpenOptions options) throws IOException {
    DumpBuilder dump = dump(elfClass, order);
    fields(dump.build(), dump.fields(), order, options);
  }

  /** Sets each of {@code fields} to every odd value. */
  void fields(byte[] good, List<DumpBuilder.Field> fields, ByteOrder order, OpenOptions options)
      throws IOException {
    for (DumpBuilder.Field field : fields) {
      for (long value : values(number(good, field, order), field.size())) {
        byte[] bad = good.clone();
        put(bad, field, order, value);
        use(bad, field.name() + " = 0x" + Long.toHexString(value) + " " + order, options);
      }
    }
  }

  /**
   * Changes each byte from {@code from} to before {@code to} in every way that {@code masks} do.
   */
  void bytes(byte[] good, int from, int to, OpenOptions options, int... masks) throws IOException {
    for (int at = from; at < to; at++) {
      for (int mask : masks) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) mask;
        use(bad, "byte 0x" + Integer.toHexString(at) + " ^ " + mask, options);
      }
    }
  }

  private void use(byte[] bad, String what, OpenOptions options) throws IOException {
    Files.write(file, bad);
    long start = System.nanoTime();
    try {
      count++;
      opened += Exercise.dump(file, options) ? 1 : 0;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + ": " + e, e);
    }
    if (System.nanoTime() - start > MOST_NANOS) {
      throw new AssertionError(what + " took " + (System.nanoTime() - start) + " ns");
    }
  }

  /** Every odd value for a field of {@code size} bytes that holds {@code value}. */
  public static Set<Long> values(long value, int size) {
    long mask = size == 8 ? -1 : (1L << (8 * size)) - 1;
    long sign = 1L << (8 * size - 1);
    TreeSet<Long> values = new TreeSet<>();
    for (long each :
        new long[] {
          0,
          1,
          2,
          4,
          0xffff,
          mask,
          mask - 1,
          mask - 0xfff,
          mask >>> 1,
          sign,
          sign + 1,
          value + 1,
          value - 1,
          value * 2,
          value + 0x1000,
          -value,
          value | sign,
          0x7fff_f000L,
          1L << 31,
          1L << 32,
          1L << 40,
          (1L << 62) - 1
        }) {
      values.add(each & mask);
    }
    return values;
  }

  private static long number(byte[] bytes, DumpBuilder.Field field, ByteOrder order) {
    long value = 0;
    for (int i = 0; i < field.size(); i++) {
      value = (value << 8) | (bytes[at(field, order, i)] & 0xff);
    }
    return value;
  }

  private static void put(byte[] bytes, DumpBuilder.Field field, ByteOrder order, long value) {
    for (int i = 0; i < field.size(); i++) {
      bytes[at(field, order, i)] = (byte) (value >>> (8 * (field.size() - 1 - i)));
    }
  }

  /** Where the {@code i}-th byte from the highest stands. */
  private static int at(DumpBuilder.Field field, ByteOrder order, int i) {
    return (int) field.offset() + (order == ByteOrder.BIG_ENDIAN ? i : field.size() - 1 - i);
  }

  private static long peakMiB() throws IOException {
    if (!Reading.isLinux()) {
      return 0;
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
      }
    }
    return 0;
  }
}
