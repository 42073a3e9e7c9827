package org.vmcore.find;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.LossyMemory;

class MemorySearchTest {
  private static final int UNIT = 1 << 18;

  private static List<Long> found(Memory memory, Needle... needles) throws VmcoreException {
    return found(MemorySearch.of(memory, List.of(needles)), MemorySearch.EVERYWHERE);
  }

  private static List<Long> found(MemorySearch search, AddressRange range) throws VmcoreException {
    List<Long> found = new ArrayList<>();
    assertThat(search.over(range, (address, _) -> found.add(address))).isTrue();
    return found;
  }

  private static void put(byte[] bytes, int at, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, bytes, at, ascii.length);
  }

  @Test
  void acrossBordersOfUnitsAndOfAdjoiningExtents() throws VmcoreException {
    byte[] bytes = new byte[3 * UNIT + 100];
    put(bytes, UNIT - 3, "needle");
    put(bytes, 2 * UNIT, "needle");
    put(bytes, bytes.length - 6, "needle");
    put(bytes, 0, "needle");
    CountingMemory memory = CountingMemory.of(bytes).state(PageState.PRESENT, UNIT - 1, 2);

    assertThat(found(memory, Needle.text("needle", false)))
        .containsExactly(0L, UNIT - 3L, 2L * UNIT, bytes.length - 6L);
  }

  @Test
  void notAcrossWhatIsMissing() throws VmcoreException {
    byte[] bytes = new byte[0x4000];
    put(bytes, 0xffe, "needle");
    put(bytes, 0x1ffa, "needle");
    put(bytes, 0x3000, "needle");
    CountingMemory memory =
        CountingMemory.of(bytes)
            .state(PageState.EXCLUDED, 0x1000, 0x800)
            .state(PageState.EXCLUDED, 0x2000, 0x1000);

    assertThat(found(memory, Needle.text("needle", false))).containsExactly(0x1ffaL, 0x3000L);
  }

  @Test
  void anyPlaceAgainstANaiveSearch() throws VmcoreException {
    Random random = new Random(17);
    for (int round = 0; round < 60; round++) {
      byte[] bytes = new byte[UNIT + random.nextInt(UNIT)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextInt(4) - 2); // much that nearly is it
      }
      byte[] sought = new byte[1 + random.nextInt(9)];
      byte[] mask = new byte[sought.length];
      for (int i = 0; i < sought.length; i++) {
        sought[i] = (byte) (random.nextInt(4) - 2);
        mask[i] = (byte) (i == 0 || random.nextInt(4) > 0 ? -1 : random.nextInt(256));
      }
      int alignment = 1 << random.nextInt(4);
      Needle needle = Needle.masked(sought, mask);

      List<Long> expected = new ArrayList<>();
      for (int at = 0; at + sought.length <= bytes.length; at += alignment) {
        if (isAt(bytes, at, sought, mask)) {
          expected.add((long) at);
        }
      }
      MemorySearch search =
          MemorySearch.of(CountingMemory.of(bytes), List.of(needle)).aligned(alignment).jobs(3);
      assertThat(found(search, MemorySearch.EVERYWHERE)).as("round " + round).isEqualTo(expected);
    }
  }

  private static boolean isAt(byte[] bytes, int at, byte[] sought, byte[] mask) {
    for (int i = 0; i < sought.length; i++) {
      if (((bytes[at + i] ^ sought[i]) & mask[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  @Test
  void pointersOfEachSizeAndOrder() throws VmcoreException {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      ByteBuffer bytes = ByteBuffer.allocate(0x100).order(order);
      bytes.putLong(0x10, 0xffff_ffff_8100_0000L).putLong(0x1c, 0xffff_ffff_8100_0fffL);
      bytes.putLong(0x30, 0xffff_ffff_8100_1000L).putInt(0x40, 0xc000_0010);
      Memory memory = CountingMemory.of(bytes.array());
      Needle longs = Needle.words(0xffff_ffff_8100_0000L, 0xffff_ffff_8100_0fffL, 8, order);
      Needle ints = Needle.words(0xc000_0000L, 0xc000_0fffL, 4, order);

      assertThat(found(memory, longs)).containsExactly(0x10L, 0x1cL);
      MemorySearch aligned = MemorySearch.of(memory, List.of(longs)).aligned(8);
      assertThat(found(aligned, MemorySearch.EVERYWHERE)).containsExactly(0x10L);
      assertThat(found(memory, ints)).containsExactly(0x40L);
    }
  }

  @Test
  void severalNeedlesInOrder() throws VmcoreException {
    byte[] bytes = new byte[0x100];
    put(bytes, 0x20, "two one Two");
    List<String> found = new ArrayList<>();
    List<Needle> needles = List.of(Needle.text("one", false), Needle.text("two", true));

    MemorySearch.of(CountingMemory.of(bytes), needles)
        .over(MemorySearch.EVERYWHERE, (address, needle) -> found.add(needle + "@" + address));

    assertThat(found).containsExactly("1@32", "0@36", "1@40");
  }

  @Test
  void onlyInsideOfTheRange() throws VmcoreException {
    byte[] bytes = new byte[0x100];
    put(bytes, 0x20, "aaaa");
    MemorySearch search =
        MemorySearch.of(CountingMemory.of(bytes), List.of(Needle.text("aa", false)));

    assertThat(found(search, AddressRange.ofSize(0x21, 3))).containsExactly(0x21L, 0x22L);
    assertThat(found(search, AddressRange.ofSize(0x80, 3))).isEmpty();
  }

  @Test
  void zerosAndWhatBeginsWithThem() throws VmcoreException {
    byte[] bytes = new byte[0x20];
    bytes[0x10] = 1;
    Memory memory = CountingMemory.of(bytes);

    assertThat(found(memory, Needle.bytes(new byte[] {0, 0, 1}))).containsExactly(0xeL);
    assertThat(found(memory, Needle.bytes(new byte[15]))).containsExactly(0L, 1L, 0x11L);
  }

  @Test
  void endsWhenTheListenerHasEnough() throws VmcoreException {
    Memory memory = CountingMemory.pattern(64L * UNIT);
    List<Long> found = new ArrayList<>();
    Needle needle = Needle.bytes(DumpBuilder.pattern(0x100, 1));

    boolean all =
        MemorySearch.of(memory, List.of(needle))
            .over(
                MemorySearch.EVERYWHERE,
                (address, _) -> {
                  found.add(address);
                  return found.size() < 3;
                });

    assertThat(all).isFalse();
    assertThat(found).hasSize(3);
  }

  @Test
  void lostBytesAreTold() throws VmcoreException {
    LossyMemory memory = LossyMemory.of(0x4000, 0x1000);
    List<Extent> lost = new ArrayList<>();
    List<Long> found = new ArrayList<>();
    long[] passed = new long[1];

    MemorySearch.of(memory, List.of(Needle.bytes(DumpBuilder.pattern(0x2345, 6))))
        .over(
            AddressRange.ofSize(0, 0x4000),
            new MemorySearch.Listener() {
              @Override
              public boolean found(long address, int needle) {
                return found.add(address);
              }

              @Override
              public void passed(long bytes) {
                passed[0] += bytes;
              }

              @Override
              public void lost(Extent extent) {
                lost.add(extent);
              }
            });

    assertThat(found).contains(0x2345L);
    assertThat(lost).containsExactly(new Extent(0x1000, 0x1000, PageState.LOST));
    assertThat(passed[0]).isEqualTo(0x4000);
  }

  @Test
  void whatIsNoNeedleIsRefused() {
    assertThatThrownBy(() -> Needle.text("", false)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Needle.masked(new byte[2], new byte[2])).hasMessage("no bit counts");
    assertThatThrownBy(() -> Needle.words(2, 1, 8, ByteOrder.LITTLE_ENDIAN))
        .hasMessage("0x2-0x1: the end is first");
    assertThatThrownBy(() -> Needle.words(0, 1L << 32, 4, ByteOrder.LITTLE_ENDIAN))
        .hasMessage("0x100000000: more than 32 bits");
  }
}
