package org.vmcore.debuginfo.dwarf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Machine;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.symbols.KernelSymbols;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.OrcEntry;
import org.vmcore.kernel.unwind.StackMemory;
import org.vmcore.kernel.unwind.X86Prologue;
import org.vmcore.memory.VmcoreException;

/**
 * {@code .debug_frame} made of a kernel's ORC table, by which gdb follows stacks. There is an entry
 * for each function symbol: gdb names a frame by the start of its entry (DWARF 5, 6.4.1).
 */
public final class Frames {
  private static final int VERSION = 1;
  private static final String CRASH_KEXEC = "__crash_kexec";

  private final KernelLayout layout;
  private final FrameEntries entries;
  private final DwarfBuffer out;
  private final FrameInstructions instructions;

  private Frames(KernelLayout layout, int functions) {
    this.layout = layout;
    this.entries = new FrameEntries(functions);
    this.out = entries.out();
    this.instructions = new FrameInstructions(out);
  }

  /**
   * The frames of {@code layout}'s kernel; empty when it has neither frame records nor an ORC
   * table.
   *
   * @throws BrokenStack when the table can't be read, or isn't in order
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static Optional<ByteBuffer> of(KernelLayout layout) throws BrokenStack, VmcoreException {
    if (layout.machine().number() == Machine.ARM64) {
      return Optional.of(RecordFrames.of(layout, functions(layout)));
    }
    Optional<OrcRows> rows = OrcRows.of(layout);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    long[] functions = functions(layout);
    Frames frames = new Frames(layout, functions.length);
    frames.common();
    for (long function : functions) {
      frames.function(rows.get(), function, layout.room(function));
      if (frames.entries.areMany()) {
        throw new BrokenStack(
            "the kernel's ORC table changes too often: " + FrameEntries.MOST + " bytes");
      }
    }
    frames.crashKexec();
    for (LoadedModule module : layout.modules()) {
      frames.module(rows.get(), module);
    }
    return Optional.of(frames.entries.toBuffer());
  }

  /**
   * Where code begins, ascending: freed code, too, for idle tasks were started by it; {@code
   * __crash_kexec} left out.
   */
  private static long[] functions(KernelLayout layout) {
    KernelSymbols symbols = layout.symbols();
    long crash = layout.address(CRASH_KEXEC).orElse(0);
    long[] functions = new long[symbols.count()];
    int count = 0;
    for (int i = 0; i < symbols.count(); i++) {
      if (layout.isCode(i) && symbols.address(i) != crash) {
        functions[count++] = symbols.address(i);
      }
    }
    return Arrays.stream(functions, 0, count).sorted().distinct().toArray();
  }

  /** The common information entry. */
  private void common() {
    int start = entries.begin(FrameEntries.CIE);
    out.u8(VERSION);
    out.u8(0);
    out.uleb(1);
    out.sleb(FrameInstructions.WORD);
    out.u8(FrameInstructions.RETURN_ADDRESS);
    instructions.begin();
    entries.end(start);
  }

  /**
   * The function whose registers a kernel saves that panics. ORC leaves it out; how it makes its
   * frame the instructions at its beginning tell (FORMATS.md, 89).
   */
  private void crashKexec() throws BrokenStack, VmcoreException {
    OptionalLong function = layout.address(CRASH_KEXEC);
    if (function.isEmpty()) {
      return;
    }
    StackMemory memory = new ReadWords(layout.kernel().objects().reader());
    int start = entries.begin(0);
    out.u64(layout.linked(function.getAsLong()));
    out.u64(layout.room(function.getAsLong()));
    OrcEntry entry = X86Prologue.entry(memory, function.getAsLong());
    instructions.change(FrameRules.CALLED, FrameRules.of(entry));
    entries.end(start);
  }

  /** All of a module's code in one entry. What can't be read of one leaves the others. */
  private void module(OrcRows kernels, LoadedModule module) throws VmcoreException {
    try {
      Optional<OrcRows> rows = kernels.ofModule(layout.kernel().objects(), module);
      if (rows.isPresent() && !module.ranges().isEmpty() && !entries.areMany()) {
        long size = module.ranges().getFirst().size();
        function(rows.get(), rows.get().address(0), size);
      }
    } catch (BrokenStack e) {
      // gdb doesn't follow stacks through it, and says so
    }
  }

  private void function(OrcRows rows, long function, long size) {
    int row = rows.at(function);
    if (row < 0 || size <= 0) {
      return;
    }
    int start = entries.begin(0);
    out.u64(layout.linked(function));
    out.u64(size);
    FrameRules rules = FrameRules.CALLED;
    long at = function;
    for (; row < rows.count() && rows.address(row) - function < size; row++) {
      FrameRules next = FrameRules.of(rows.entry(row));
      long from = Math.max(rows.address(row), function);
      boolean isShort = row + 1 < rows.count() && rows.address(row + 1) <= from;
      if (!isShort && !next.equals(rules)) {
        if (from > at) {
          instructions.advance(from - at);
        }
        instructions.change(rules, next);
        rules = next;
        at = from;
      }
    }
    entries.end(start);
  }
}
