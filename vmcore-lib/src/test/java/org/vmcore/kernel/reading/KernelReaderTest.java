package org.vmcore.kernel.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.BytesMemory;

class KernelReaderTest {
  private static final long START = 0xffff_ffff_8100_0000L;

  /** Keeps how much the largest read asked for. */
  private static final class Asked implements Memory {
    private final Memory memory;
    private long most;

    Asked(Memory memory) {
      this.memory = memory;
    }

    @Override
    public long read(long address, MemorySegment dst) throws VmcoreException {
      most = Math.max(most, dst.byteSize());
      return memory.read(address, dst);
    }

    @Override
    public Extent extentAt(long address) throws VmcoreException {
      return memory.extentAt(address);
    }
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i / 7);
    }
    return bytes;
  }

  private static KernelReader reader(Memory memory) {
    return new KernelReader("vmcore", memory, ByteOrder.LITTLE_ENDIAN, 64);
  }

  @Test
  void noMoreMemoryIsTakenThanIsThere() throws Exception {
    byte[] bytes = bytes(200_000);
    Asked memory = new Asked(BytesMemory.at(START, bytes));

    assertThat(reader(memory).upTo(START, 1 << 30)).isEqualTo(bytes);
    assertThat(reader(memory).upTo(START, 150_000)).isEqualTo(Arrays.copyOf(bytes, 150_000));
    assertThat(memory.most).isLessThanOrEqualTo(bytes.length);
    assertThatThrownBy(() -> reader(memory).bytes(START, 1 << 30, "field"))
        .isInstanceOf(Unreadable.class)
        .hasMessage("vmcore: field at 0xffffffff81030d40: the dump knows of no memory there")
        .extracting(e -> ((Unreadable) e).state())
        .isEqualTo(PageState.NOT_RAM);
    assertThat(memory.most).isLessThanOrEqualTo(bytes.length);
  }

  @Test
  void whatIsInFrontOfAnAddressIsReadUpToTheFirstHole() throws Exception {
    byte[] bytes = bytes(200_000);
    KernelReader in = reader(BytesMemory.at(START, bytes));

    assertThat(in.before(START + 200_000, 1 << 20)).isEqualTo(bytes);
    assertThat(in.before(START + 199_998, 1 << 20))
        .isEqualTo(Arrays.copyOfRange(bytes, 2, 199_998));
    assertThat(in.before(START + 200_000, 1 << 16))
        .isEqualTo(Arrays.copyOfRange(bytes, 200_000 - (1 << 16), 200_000));
    assertThat(in.before(START, 1 << 16)).isEmpty();
  }
}
