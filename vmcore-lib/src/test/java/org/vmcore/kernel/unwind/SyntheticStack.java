package org.vmcore.kernel.unwind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.vmcore.arch.Arm64;
import org.vmcore.arch.X86_64;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.elf.Register;
import org.vmcore.kernel.unwind.OrcEntry.Base;
import org.vmcore.kernel.unwind.OrcEntry.Kind;
import org.vmcore.values.Hex;

/** Words at addresses, functions, and ORC entries: what a test says of a stack, and no more. */
final class SyntheticStack implements StackMemory, Functions, OrcLookup {
  static final long STACK = 0xffff_c900_0000_4000L;
  static final long IRQ_STACK = 0xffff_c900_0001_0000L;
  static final long TEXT = 0xffff_ffff_8100_0000L;
  static final int SIZE = 0x4000;

  /** The bits in which return addresses of arm64 may be signed. */
  private static final long SIGNATURE = 0x007f_0000_0000_0000L;

  private final Map<Long, Byte> bytes = new HashMap<>();
  private final TreeMap<Long, Long> functions = new TreeMap<>();
  private final TreeMap<Long, Optional<OrcEntry>> entries = new TreeMap<>();

  /** The stacks that are known. */
  static List<StackRange> stacks() {
    return List.of(
        new StackRange("task", STACK, STACK + SIZE),
        new StackRange("IRQ", IRQ_STACK, IRQ_STACK + SIZE));
  }

  SyntheticStack put(long address, long... words) {
    for (int i = 0; i < words.length; i++) {
      for (int b = 0; b < 8; b++) {
        bytes.put(address + 8L * i + b, (byte) (words[i] >>> (8 * b)));
      }
    }
    return this;
  }

  SyntheticStack code(long address, int... codes) {
    for (int i = 0; i < codes.length; i++) {
      bytes.put(address + i, (byte) codes[i]);
    }
    return this;
  }

  /** Instructions of arm64. */
  SyntheticStack instructions(long address, int... codes) {
    for (int i = 0; i < codes.length; i++) {
      for (int b = 0; b < 4; b++) {
        bytes.put(address + 4L * i + b, (byte) (codes[i] >>> (8 * b)));
      }
    }
    return this;
  }

  /** A function of 0x100 bytes. */
  SyntheticStack function(long start) {
    functions.put(start, start + 0x100);
    return this;
  }

  /** A function whose caller's stack pointer is rsp + {@code offset} all the way. */
  SyntheticStack function(long start, int offset) {
    return function(start, new OrcEntry(offset, 0, Base.SP, Base.UNDEFINED, Kind.CALL, false));
  }

  SyntheticStack function(long start, OrcEntry entry) {
    function(start);
    entries.put(start, Optional.of(entry));
    entries.putIfAbsent(start + 0x100, Optional.empty());
    return this;
  }

  @Override
  public long word(long address) throws BrokenStack {
    long word = 0;
    for (int b = 7; b >= 0; b--) {
      Byte one = bytes.get(address + b);
      if (one == null) {
        throw new BrokenStack("nothing at " + Hex.of(address));
      }
      word = word << 8 | (one & 0xff);
    }
    return word;
  }

  @Override
  public OptionalLong startOf(long pc) {
    Map.Entry<Long, Long> function = functions.floorEntry(pc);
    return function == null || pc >= function.getValue()
        ? OptionalLong.empty()
        : OptionalLong.of(function.getKey());
  }

  @Override
  public Optional<OrcEntry> at(long pc) {
    Map.Entry<Long, Optional<OrcEntry>> entry = entries.floorEntry(pc);
    return entry == null ? Optional.empty() : entry.getValue();
  }

  /** Unwound as x86_64 is. */
  Trace orc(X86Frame start) throws Exception {
    Trace trace = new Trace();
    new OrcUnwinder(this, this, this, new PtRegs(X86_64.INSTANCE.ptRegs()))
        .unwind(start, stacks(), trace);
    return trace;
  }

  /** Unwound as arm64 is, from where a task sleeps. */
  Trace records(long pc, long fp) throws Exception {
    Trace trace = new Trace();
    unwinder().sleeping(pc, fp, fp - 0x10, stacks(), trace);
    return trace;
  }

  /** Unwound as arm64 is, from a CPU's registers. */
  Trace records(List<Register> registers) throws Exception {
    Trace trace = new Trace();
    unwinder().running(registers, stacks(), trace);
    return trace;
  }

  private ChainUnwinder unwinder() {
    FrameChain chain = Arm64.INSTANCE.frameChain().orElseThrow();
    ChainLayout layout = UsualLayout.of(chain, SIGNATURE, Set.of(), Set.of());
    return new ChainUnwinder(this, this, chain, layout);
  }

  /** The frames' pcs. */
  static List<Long> pcs(Trace trace) {
    List<Long> pcs = new ArrayList<>();
    for (Trace.Step step : trace.steps()) {
      pcs.add(step.pc());
    }
    return pcs;
  }

  /** Why the stack broke off; nothing where it didn't. */
  static String broken(Trace trace) {
    return trace.broken().isPresent() ? trace.broken().get().message() : "";
  }
}
