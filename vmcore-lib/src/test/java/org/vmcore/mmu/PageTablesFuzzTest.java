package org.vmcore.mmu;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.paging.Arm64Paging;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.X86Paging;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.BytesMemory;
import org.vmcore.testing.FuzzTarget;

/**
 * Any entries as page tables: a byte that chooses the layout, a virtual address, and for each entry
 * its slot in 64 KiB of physical memory and its value.
 */
class PageTablesFuzzTest extends FuzzTarget {
  private static final int MEMORY = 1 << 16;
  private static final int HEAD = 1 + Long.BYTES;
  private static final int ENTRY = Short.BYTES + Long.BYTES;
  private static final int MAX_EXTENTS = 64;

  /** All that architectures have, and what only VMCOREINFO tells of. */
  private static final List<Paging> LAYOUTS = layouts();

  private static List<Paging> layouts() {
    List<Paging> layouts = new ArrayList<>();
    layouts.add(new X86Paging(4, 1L << 47));
    layouts.add(new Arm64Paging(16, 52, 48, LITTLE_ENDIAN));
    for (Architecture each : Architectures.ALL) {
      for (ByteOrder order : List.of(LITTLE_ENDIAN, BIG_ENDIAN)) {
        layouts.addAll(each.layouts(Optional.empty(), order));
      }
    }
    return layouts;
  }

  @Override
  protected List<byte[]> seeds() {
    return List.of(
        seed(
            0, 0xffff_8880_0000_1234L, 0x1111, 0x1067, 0x200, 0x2067, 0x400, 0x3067, 0x601, 0x5163),
        seed(0, 0, 0, 0x67),
        seed(0, 0xffff_8880_4000_0000L, 0x1111, 0x1067, 0x201, 0x1e3),
        seed(4, 0xffff_0000_0000_1000L, 0, 0x1003, 0x200, 0x2003, 0x400, 0x3003, 0x601, 0x5403),
        seed(8, 0xffff_ffff_ffff_ffffL, 0x1fff, 0x0003));
  }

  private static byte[] seed(int layout, long address, long... entries) {
    ByteBuffer out = ByteBuffer.allocate(HEAD + entries.length / 2 * ENTRY).order(LITTLE_ENDIAN);
    out.put((byte) layout).putLong(address);
    for (int i = 0; i < entries.length; i += 2) {
      out.putShort((short) (entries[i] & 0x1fff)).putLong(entries[i + 1]);
    }
    return out.array();
  }

  @Override
  protected void fuzz(byte[] input) throws VmcoreException {
    ByteBuffer in = ByteBuffer.wrap(input).order(LITTLE_ENDIAN);
    if (input.length < HEAD) {
      return;
    }
    Paging layout = LAYOUTS.get((in.get() & 0xff) % LAYOUTS.size());
    long address = in.getLong();
    byte[] memory = new byte[MEMORY];
    ByteBuffer tables = ByteBuffer.wrap(memory).order(LITTLE_ENDIAN);
    while (in.remaining() >= ENTRY) {
      tables.putLong((in.getShort() & 0x1fff) * Long.BYTES, in.getLong());
    }
    AddressSpace space = AddressSpace.of(BytesMemory.at(0, memory), layout, 0);
    check(space, address);
    check(space.ofTask(0), address);
  }

  /** What a walk tells, an extent tells, and a read gives, is the same; extents cover the space. */
  private static void check(AddressSpace space, long start) throws VmcoreException {
    long at = start;
    for (int i = 0; i < MAX_EXTENTS; i++) {
      Extent extent = space.extentAt(at);
      Translation walk = space.translate(at);
      long got = space.read(at, MemorySegment.ofArray(new byte[1]));
      require(extent.contains(at), at, extent);
      require(extent.isPresent() == (got == 1), at, extent);
      require(extent.state() == walk.state(), at, walk);
      require(walk.physical().equals(space.physical(at)), at, walk);
      require(walk.physical().isPresent() || !walk.reason().isEmpty(), at, walk);
      require(space.lossAt(at).isEmpty() || extent.state() == PageState.LOST, at, extent);
      at = extent.end();
      if (at == 0) {
        return;
      }
    }
  }

  private static void require(boolean holds, long at, Object what) {
    if (!holds) {
      throw new AssertionError("0x" + Long.toHexString(at) + ": " + what);
    }
  }
}
