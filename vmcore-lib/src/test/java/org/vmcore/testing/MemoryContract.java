package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** What every {@link Memory} does, whatever address space it is. */
public abstract class MemoryContract {
  private static final byte UNTOUCHED = 0x55;
  private static final int[] LENGTHS = {0, 1, 2, 3, 0x7ff, 0x800, 0xfff, 0x1000, 0x1001, 0x3001};

  private Subject subject = new Subject(new Nothing(), List.of(), () -> {});

  /**
   * A memory, and what must be in it.
   *
   * @param parts in ascending order; what lies between them is no RAM and can't be read
   */
  public record Subject(Memory memory, List<Part> parts, AutoCloseable resource) {
    Part partAt(long address) {
      return parts.stream()
          .filter(part -> address - part.start() >= 0 && address - part.start() < part.size())
          .findFirst()
          .orElse(new Part(address, 1, PageState.NOT_RAM, new byte[0]));
    }

    /** What a read of {@code length} bytes at {@code address} must give. */
    byte[] expected(long address, int length) {
      ByteBuffer out = ByteBuffer.allocate(length);
      while (out.hasRemaining()) {
        Part part = partAt(address + out.position());
        int from = (int) (address + out.position() - part.start());
        if (from >= part.bytes().length) {
          break;
        }
        out.put(part.bytes(), from, Math.min(out.remaining(), part.bytes().length - from));
      }
      return Arrays.copyOf(out.array(), out.position());
    }
  }

  /** Bytes of one state: as they read, or none where they can't be read. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Part(long start, long size, PageState state, byte[] bytes) {
    /** Bytes that are there. */
    public static Part present(long start, byte[] bytes) {
      return new Part(start, bytes.length, PageState.PRESENT, bytes);
    }

    /** Bytes that can't be read. */
    public static Part missing(long start, long size, PageState state) {
      return new Part(start, size, state, new byte[0]);
    }

    /** What is no RAM and reads as zeros, as inside of a vmcore. */
    public static Part zeros(long start, int size) {
      return new Part(start, size, PageState.NOT_RAM, new byte[size]);
    }

    long end() {
      return start + size;
    }
  }

  /** Opens the memory. */
  protected abstract Subject open() throws IOException;

  /** Whether each address of an extent gives the whole of it, not what is around and behind it. */
  protected boolean isFoundFromAnywhere() {
    return true;
  }

  @BeforeEach
  final void openSubject() throws IOException {
    subject = open();
  }

  @AfterEach
  final void closeSubject() throws Exception {
    subject.resource().close();
  }

  @Test
  final void aReadEqualsTheExpectedBytesAroundEveryBoundary() throws VmcoreException {
    for (long address : addresses()) {
      for (int length : LENGTHS) {
        requireRead(address, length);
      }
    }
  }

  @Test
  final void aReadLeavesWhatIsBehindItsBytesUntouched() throws VmcoreException {
    for (Part part : subject.parts()) {
      byte[] dst = new byte[0x100];
      byte[] wanted = new byte[dst.length];
      Arrays.fill(dst, UNTOUCHED);
      Arrays.fill(wanted, UNTOUCHED);
      byte[] bytes = subject.expected(part.end() - 16, dst.length);
      System.arraycopy(bytes, 0, wanted, 0, bytes.length);
      subject.memory().read(part.end() - 16, MemorySegment.ofArray(dst));
      assertThat(dst).isEqualTo(wanted);
    }
  }

  @Test
  final void extentsContainTheirAddressAndHaveItsState() throws VmcoreException {
    for (long address : addresses()) {
      Extent extent = subject.memory().extentAt(address);
      assertThat(extent.contains(address)).as("%s at %x", extent, address).isTrue();
      assertThat(extent.state()).as("%x", address).isEqualTo(subject.partAt(address).state());
    }
  }

  @Test
  final void extentsTileTheSpace() throws VmcoreException {
    long at = 0;
    int count = 0;
    do {
      Extent extent = subject.memory().extentAt(at);
      assertThat(extent.start()).isEqualTo(at);
      requireInside(extent, extent.start() + extent.size() - 1);
      requireInside(extent, at + (extent.size() >>> 1));
      at = extent.end();
      assertThat(++count).isLessThan(1000);
    } while (at != 0 && at != -1);
  }

  private void requireInside(Extent extent, long address) throws VmcoreException {
    Extent inside = subject.memory().extentAt(address);
    if (isFoundFromAnywhere()) {
      assertThat(inside).isEqualTo(extent);
    }
    assertThat(inside.state()).isEqualTo(extent.state());
    assertThat(inside.contains(address)).as("%s at %x", inside, address).isTrue();
  }

  @Test
  final void whatIsBlankReadsAsZerosOrNotAtAll() throws VmcoreException {
    for (long address : addresses()) {
      for (long most : new long[] {0, 1, 0x801, 0x10000, -1}) {
        long blank = subject.memory().blank(address, most);
        assertThat(Long.compareUnsigned(blank, most)).isNotPositive();
        for (Part part : subject.parts()) {
          requireBlank(part, address, blank);
        }
      }
    }
  }

  /** What of {@code part} lies in {@code size} bytes from {@code address} on holds nothing. */
  private void requireBlank(Part part, long address, long size) {
    long from = Math.max(0, address - part.start());
    for (long i = from; i < part.size() && part.start() + i - address < size; i++) {
      assertThat(part.state()).as("%x", part.start() + i).isNotEqualTo(PageState.LOST);
      assertThat(i < part.bytes().length ? part.bytes()[(int) i] : 0).isZero();
    }
  }

  @Test
  final void addressesAreUnsigned() throws VmcoreException {
    for (long address : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, -4096, -1}) {
      requireRead(address, 1);
      Extent extent = subject.memory().extentAt(address);
      assertThat(extent.contains(address)).as("%s at %x", extent, address).isTrue();
    }
  }

  @Test
  final void pastTheEndNothingIsRead() throws VmcoreException {
    long end = subject.parts().getLast().end();
    for (long address : new long[] {end, end + 1, end + (1L << 40)}) {
      assertThat(Reading.bytes(subject.memory(), address, 16)).isEmpty();
      assertThat(subject.memory().extentAt(address).state()).isEqualTo(PageState.NOT_RAM);
    }
  }

  @Test
  final void anyKindOfSegmentCanBeReadInto() throws VmcoreException {
    Part part =
        subject.parts().stream().filter(p -> p.bytes().length > 16).findFirst().orElseThrow();
    try (Arena arena = Arena.ofConfined()) {
      for (MemorySegment dst :
          List.of(
              MemorySegment.ofArray(new byte[13]),
              MemorySegment.ofArray(new byte[40]).asSlice(7, 13),
              MemorySegment.ofArray(new long[8]).asSlice(3, 13),
              arena.allocate(13),
              arena.allocate(4096).asSlice(4083, 13),
              MemorySegment.ofBuffer(ByteBuffer.allocateDirect(13)))) {
        assertThat(subject.memory().read(part.start() + 1, dst)).isEqualTo(13);
        assertThat(dst.toArray(ValueLayout.JAVA_BYTE))
            .isEqualTo(Arrays.copyOfRange(part.bytes(), 1, 14));
      }
    }
  }

  @Test
  @Tag("slow")
  final void eightThreadsReadAtOnce() throws Exception {
    long[] addresses = addresses();
    Reading.inThreads(
        () -> {
          Random random = new Random(Thread.currentThread().threadId());
          for (int i = 0; i < 500; i++) {
            requireRead(addresses[random.nextInt(addresses.length)], random.nextInt(0x2000));
          }
          return true;
        });
  }

  private void requireRead(long address, int length) throws VmcoreException {
    byte[] read = Reading.bytes(subject.memory(), address, length);
    if (!Arrays.equals(read, subject.expected(address, length))) {
      assertThat(read)
          .as("%x bytes at %x", length, address)
          .isEqualTo(subject.expected(address, length));
    }
  }

  /** Every start and end, and what is next to it; one inside of each part. */
  private long[] addresses() {
    TreeSet<Long> addresses = new TreeSet<>();
    for (Part part : subject.parts()) {
      for (int near = -2; near <= 2; near++) {
        addresses.add(part.start() + near);
        addresses.add(part.end() + near);
      }
      addresses.add(part.start() + part.size() / 2);
    }
    return addresses.stream().mapToLong(Long::longValue).toArray();
  }

  private static final class Nothing implements Memory {
    @Override
    public long read(long address, MemorySegment dst) {
      return 0;
    }

    @Override
    public Extent extentAt(long address) {
      return new Extent(0, -1, PageState.NOT_RAM);
    }
  }
}
