package org.vmcore.kernel.unwind;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.elf.Register;
import org.vmcore.values.Hex;

/** A stack of chained frames, functions of 0x100 bytes, and code, of one architecture. */
final class SyntheticChain implements StackMemory, Functions {
  static final long STACK = 0xc000_0000_0000_4000L;
  static final long IRQ_STACK = 0xc000_0000_0001_0000L;
  static final long TEXT = 0xc000_0000_0100_0000L;
  static final int SIZE = 0x4000;
  private static final int FUNCTION = 0x100;

  private final FrameChain chain;
  private final ByteOrder order;
  private final Map<Long, Byte> bytes = new HashMap<>();
  private final TreeSet<Long> functions = new TreeSet<>();
  private Set<Long> handlers = Set.of();
  private Set<Long> ends = Set.of();

  SyntheticChain(int machine, ByteOrder order) {
    this.chain =
        Architectures.of(Machine.of(machine, Long.SIZE)).orElseThrow().frameChain().orElseThrow();
    this.order = order;
  }

  static List<StackRange> stacks() {
    return List.of(
        new StackRange("task", STACK, STACK + SIZE),
        new StackRange("IRQ", IRQ_STACK, IRQ_STACK + SIZE));
  }

  SyntheticChain put(long address, long... words) {
    for (int i = 0; i < words.length; i++) {
      for (int b = 0; b < Long.BYTES; b++) {
        int shift = order == ByteOrder.BIG_ENDIAN ? 7 - b : b;
        bytes.put(address + 8L * i + b, (byte) (words[i] >>> (8 * shift)));
      }
    }
    return this;
  }

  /** Bytes of code, as they stand in memory. */
  SyntheticChain code(long address, String hex) {
    String digits = hex.replace(" ", "");
    for (int i = 0; i < digits.length() / 2; i++) {
      byte one = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
      bytes.put(address + i, one);
    }
    return this;
  }

  /** A function, all of it bytes of 0 that no code was put over. */
  SyntheticChain function(long start) {
    functions.add(start);
    for (int i = -8; i < FUNCTION; i++) {
      bytes.putIfAbsent(start + i, (byte) 0);
    }
    return this;
  }

  SyntheticChain handler(long start) {
    handlers = Set.of(start);
    return function(start);
  }

  SyntheticChain end(long start) {
    ends = Set.of(start);
    return function(start);
  }

  /** struct pt_regs with these registers, by name, the others 0. */
  SyntheticChain ptRegs(long address, Map<String, Long> registers) {
    for (int i = 0; i < chain.ptRegs().size(); i++) {
      long at = address + chain.ptRegsStart().usual() + 8L * i;
      put(at, registers.getOrDefault(chain.ptRegs().get(i), 0L));
    }
    return this;
  }

  /** All registers that NT_PRSTATUS and struct pt_regs have, those of no name here 0. */
  List<Register> registers(Map<String, Long> values) {
    List<Register> all = new ArrayList<>();
    values.forEach((name, value) -> all.add(new Register(name, value)));
    return all;
  }

  @Override
  public ByteOrder order() {
    return order;
  }

  @Override
  public long word(long address) throws BrokenStack {
    long word = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      Byte one = bytes.get(address + (order == ByteOrder.BIG_ENDIAN ? i : 7 - i));
      if (one == null) {
        throw new BrokenStack("nothing at " + Hex.of(address));
      }
      word = word << 8 | (one & 0xff);
    }
    return word;
  }

  @Override
  public OptionalLong startOf(long pc) {
    Long start = functions.floor(pc);
    return start == null || pc - start >= FUNCTION ? OptionalLong.empty() : OptionalLong.of(start);
  }

  Trace sleeping(long pc, long frame, long pointer) throws Exception {
    Trace trace = new Trace();
    unwinder().sleeping(pc, frame, pointer, stacks(), trace);
    return trace;
  }

  Trace callerOf(long pointer) throws Exception {
    Trace trace = new Trace();
    unwinder().callerOf(pointer, stacks(), trace);
    return trace;
  }

  Trace running(Map<String, Long> registers) throws Exception {
    Trace trace = new Trace();
    unwinder().running(registers(registers), stacks(), trace);
    return trace;
  }

  private ChainUnwinder unwinder() {
    return new ChainUnwinder(this, this, chain, UsualLayout.of(chain, 0, handlers, ends));
  }

  /** The frames' pcs, those that aren't certain negated in their lowest bit's place: none here. */
  static List<Long> pcs(Trace trace) {
    return SyntheticStack.pcs(trace);
  }

  static String broken(Trace trace) {
    return SyntheticStack.broken(trace);
  }
}
