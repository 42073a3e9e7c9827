package org.vmcore.debuginfo.dwarf;

import java.nio.ByteBuffer;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.memory.AddressRange;

/**
 * {@code .debug_frame} of an arm64 kernel, whose functions keep frame records: x29 points to the
 * caller's x29 and the address of return (AAPCS64, 6.4.6). Without it gdb makes frames of what it
 * takes the beginnings of functions for, and goes round in circles. A function that was interrupted
 * before it had made its record hides its caller.
 */
final class RecordFrames {
  private static final int VERSION = 1;
  private static final int WORD = -8;
  private static final int X29 = 29;
  private static final int X30 = 30;
  private static final int RECORD = 16;
  private static final int INSTRUCTION = 4;

  private static final int DEF_CFA = 0x0c;
  private static final int OFFSET = 0x80;

  private final KernelLayout layout;
  private final FrameEntries entries;

  private RecordFrames(KernelLayout layout, int functions) {
    this.layout = layout;
    this.entries = new FrameEntries(functions);
  }

  /** The frames of all {@code functions}, by their addresses, and of {@code modules}. */
  static ByteBuffer of(KernelLayout layout, long[] functions, Iterable<LoadedModule> modules) {
    RecordFrames frames = new RecordFrames(layout, functions.length);
    frames.common();
    for (long function : functions) {
      frames.function(function, layout.room(function));
    }
    for (LoadedModule module : modules) {
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
      entries.end(start);
    }
  }
}
