package org.vmcore.kernel.unwind;

import static org.vmcore.kernel.unwind.SyntheticStack.STACK;
import static org.vmcore.kernel.unwind.SyntheticStack.TEXT;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.arch.X86_64;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.elf.Register;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.BytesMemory;
import org.vmcore.testing.FuzzTarget;
import org.vmcore.values.Hex;

/**
 * Any registers, on any stack, by any ORC table, through any code: the input's first bytes are the
 * registers, then come table, code and two stacks. That it ends, with no more frames than the
 * stacks have words, and each of them in a stack, is what must hold.
 */
class UnwindFuzzTest extends FuzzTarget {
  private static final int ENTRIES = 16;
  private static final int REGISTERS = 4 * 8;
  private static final int TABLE = 10 * ENTRIES;
  private static final int CODE = 256;
  private static final int SIZE = 1024;
  private static final int[] MACHINES = {Machine.RISCV, Machine.PPC64, Machine.S390, Machine.ARM64};
  private static final int LENGTH = REGISTERS + TABLE + CODE + 2 * SIZE;
  private static final long TABLES = 0xffff_ffff_8200_0000L;
  private static final long SECOND = STACK + 0x10_0000;

  private static final List<StackRange> STACKS =
      List.of(
          new StackRange("first", STACK, STACK + SIZE),
          new StackRange("second", SECOND, SECOND + SIZE));

  /** The parts of an input. */
  private record Input(ByteBuffer bytes) implements StackMemory, Functions {
    private static final int TEXT_AT = REGISTERS + TABLE;
    private static final int STACK_AT = TEXT_AT + CODE;

    long register(int index) {
      return bytes.getLong(8 * index);
    }

    byte[] table() {
      byte[] table = new byte[TABLE];
      bytes.get(REGISTERS, table);
      return table;
    }

    @Override
    public long word(long address) throws BrokenStack {
      int at = at(address, TEXT, CODE, TEXT_AT);
      at = at < 0 ? at(address, STACK, SIZE, STACK_AT) : at;
      at = at < 0 ? at(address, SECOND, SIZE, STACK_AT + SIZE) : at;
      if (at < 0) {
        throw new BrokenStack("nothing at " + Hex.of(address));
      }
      return bytes.getLong(at);
    }

    private static int at(long address, long start, int size, int at) {
      long offset = address - start;
      return offset >= 0 && offset <= size - 8 ? at + (int) offset : -1;
    }

    @Override
    public OptionalLong startOf(long pc) {
      long offset = pc - TEXT;
      return offset >= 0 && offset < CODE
          ? OptionalLong.of(pc & -(CODE / 4))
          : OptionalLong.empty();
    }
  }

  @Override
  protected List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (int bits : new int[] {0x005, 0x205, 0x203}) {
      seeds.add(seed(bits));
    }
    return seeds;
  }

  /** A stack on which each function calls the next, up to the end of it. */
  private static byte[] seed(int bits) {
    ByteBuffer out = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(TEXT + 4).putLong(STACK + 0x100).putLong(STACK + 0x200).putLong(TEXT + 8);
    for (int i = 0; i < ENTRIES; i++) {
      out.putInt((int) (TEXT + (long) CODE / ENTRIES * i - (TABLES + 4L * i)));
    }
    for (int i = 0; i < ENTRIES; i++) {
      out.putShort((short) 8).putShort((short) 0).putShort((short) bits);
    }
    out.position(REGISTERS + TABLE + CODE);
    for (int i = 0; i < 2 * SIZE / 8; i++) {
      out.putLong(i % 2 == 0 ? STACK + 8L * (i + 2) : TEXT + i % CODE);
    }
    return out.array();
  }

  @Override
  protected void fuzz(byte[] bytes) throws Exception {
    ByteBuffer whole = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    whole.put(bytes, 0, Math.min(bytes.length, LENGTH));
    Input input = new Input(whole);
    orc(input, true);
    orc(input, false);
    for (int machine : MACHINES) {
      chained(input, Architectures.of(Machine.of(machine, Long.SIZE)).orElseThrow());
    }
  }

  private static void chained(Input input, Architecture architecture) throws VmcoreException {
    FrameChain chain = architecture.frameChain().orElseThrow();
    Set<Long> quarter = Set.of(TEXT + CODE / 4);
    Set<Long> ends = input.register(3) % 2 == 0 ? quarter : Set.of();
    ChainLayout layout = UsualLayout.of(chain, 0, quarter, ends);
    ChainUnwinder unwinder = new ChainUnwinder(input, input, chain, layout);
    Trace sleeping = new Trace();
    unwinder.sleeping(input.register(0), input.register(2), input.register(1), STACKS, sleeping);
    check(sleeping);
    Trace called = new Trace();
    unwinder.callerOf(input.register(1), STACKS, called);
    check(called);
    List<Register> registers = new ArrayList<>();
    registers.add(new Register(chain.names().pc(), input.register(0)));
    registers.add(new Register(chain.names().sp(), input.register(1)));
    registers.add(new Register(chain.names().frame(), input.register(2)));
    registers.add(new Register(chain.names().link(), input.register(3)));
    Trace running = new Trace();
    unwinder.running(registers, STACKS, running);
    check(running);
  }

  private static void orc(Input input, boolean isInterrupted) throws VmcoreException {
    byte[] table = input.table();
    byte[] entries = new byte[6 * ENTRIES];
    System.arraycopy(table, 4 * ENTRIES, entries, 0, entries.length);
    KernelReader in =
        new KernelReader("fuzz", BytesMemory.at(TABLES, table), ByteOrder.LITTLE_ENDIAN, 64);
    OrcFormat format = OrcFormat.of(entries).orElse(OrcFormat.THREE_BITS);
    OrcTable orc = new OrcTable(in, "table", format, TABLES, TABLES + 4L * ENTRIES, ENTRIES);
    OrcLookup lookup = pc -> orc.covers(pc) ? Optional.of(orc.at(pc)) : Optional.empty();
    List<Register> registers =
        List.of(new Register("r10", input.register(3)), new Register("r13", input.register(3)));
    Trace trace = new Trace();
    X86Frame start =
        new X86Frame(
            input.register(0),
            input.register(1),
            input.register(2),
            isInterrupted,
            true,
            registers);
    new OrcUnwinder(input, lookup, input, new PtRegs(X86_64.INSTANCE.ptRegs()))
        .unwind(start, STACKS, trace);
    check(trace);
  }

  private static void check(Trace trace) {
    if (trace.steps().size() > 2 * SIZE / 8 + 2) {
      throw new AssertionError(trace.steps().size() + " frames");
    }
    for (int i = 2; i < trace.steps().size() && trace.broken().isEmpty(); i++) {
      long pointer = trace.steps().get(i).pointer();
      if (pointer != 0 && !STACKS.get(0).holds(pointer) && !STACKS.get(1).holds(pointer)) {
        throw new AssertionError(Hex.of(pointer) + " is in no stack");
      }
    }
    if (trace.broken().isPresent() && trace.broken().get().message().isBlank()) {
      throw new AssertionError("no reason");
    }
  }
}
