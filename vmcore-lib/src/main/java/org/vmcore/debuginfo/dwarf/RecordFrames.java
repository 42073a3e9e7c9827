package org.vmcore.debuginfo.dwarf;

import java.nio.ByteBuffer;
import java.util.List;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * {@code .debug_frame} of an arm64 kernel, whose functions keep frame records: x29 points to the
 * caller's x29 and the address of return (AAPCS64, 6.4.6; FORMATS.md, 198). Without it gdb makes
 * frames of what it takes the beginnings of functions for, and goes round in circles. Where a CPU
 * was in a function that had made no record yet, x30 tells where it returns to.
 */
final class RecordFrames {
  private static final int VERSION = 1;
  private static final int WORD = -8;
  private static final int X29 = 29;
  private static final int X30 = 30;
  private static final int RECORD = 16;
  private static final int INSTRUCTION = 4;

  private static final int SP = 31;

  private static final int ADVANCE4 = 0x04;
  private static final int SAME_VALUE = 0x08;
  private static final int DEF_CFA = 0x0c;
  private static final int OFFSET = 0x80;
  private static final int RESTORE = 0xc0;

  private final KernelLayout layout;
  private final List<AddressRange> recordless;
  private final FrameEntries entries;

  private RecordFrames(KernelLayout layout, List<AddressRange> recordless, int functions) {
    this.layout = layout;
    this.recordless = recordless;
    this.entries = new FrameEntries(functions);
  }

  /**
   * The frames of all {@code functions}, by their addresses, and of modules.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  static ByteBuffer of(KernelLayout layout, long[] functions) throws VmcoreException {
    List<AddressRange> recordless = Recordless.of(layout);
    RecordFrames frames = new RecordFrames(layout, recordless, functions.length);
    frames.common();
    for (long function : functions) {
      frames.function(function, layout.room(function));
    }
    for (LoadedModule module : layout.modules()) {
      module.ranges().stream().findFirst().ifPresent(frames::module);
    }
    return frames.entries.toBuffer();
  }

  private void common() {
    DwarfBuffer out = entries.out();
    int start = entries.begin(FrameEntries.CIE);
    out.u8(VERSION);
    out.u8(0);
    out.uleb(INSTRUCTION);
    out.sleb(WORD);
    out.u8(X30);
    out.u8(DEF_CFA);
    out.uleb(X29);
    out.uleb(RECORD);
    out.u8(OFFSET | X29);
    out.uleb(2);
    out.u8(OFFSET | X30);
    out.uleb(1);
    entries.end(start);
  }

  private void module(AddressRange code) {
    function(code.start(), code.size());
  }

  private void function(long address, long size) {
    if (size > 0 && !entries.areMany()) {
      int start = entries.begin(0);
      entries.out().u64(layout.linked(address));
      entries.out().u64(size);
      recordless(new AddressRange(address, address + size));
      entries.end(start);
    }
  }

  /** Changes the rules of the first place in {@code code} where there is no record. */
  private void recordless(AddressRange code) {
    for (AddressRange each : recordless) {
      if (code.contains(each)) {
        advance(each.start() - code.start());
        rules(SP, 0, SAME_VALUE);
        advance(each.size());
        rules(X29, RECORD, RESTORE);
        return;
      }
    }
  }

  private void advance(long bytes) {
    entries.out().u8(ADVANCE4);
    entries.out().u32((int) (bytes / INSTRUCTION));
  }

  private void rules(int base, int offset, int of) {
    DwarfBuffer out = entries.out();
    out.u8(DEF_CFA);
    out.uleb(base);
    out.uleb(offset);
    for (int register : new int[] {X29, X30}) {
      if (of == RESTORE) {
        out.u8(RESTORE | register);
      } else {
        out.u8(of);
        out.uleb(register);
      }
    }
  }
}
