package org.vmcore.arch.frames;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongBinaryOperator;

/**
 * What instructions do to a function's frame, by patterns of bits: which make and drop it, save and
 * load the return address, leave the function, and call another.
 */
public final class FrameCode {
  /** What an instruction does. */
  public enum Effect {
    /** The frame is complete: the chain leads through it. */
    MAKES,

    /** The frame is the caller's again. */
    DROPS,

    /** The return address is in memory. */
    SAVES,

    /** The return address is in its register again. */
    LOADS,

    /** What follows is reached by a jump, as the function's beginning left it. */
    LEAVES
  }

  /**
   * What a function has done up to a place in it.
   *
   * @param hasFrame whether the chain leads through its own frame
   * @param isSaved whether its return address is in memory
   */
  public record State(boolean hasFrame, boolean isSaved) {
    /** That of a function that has just been called. */
    public static final State CALLED = new State(false, false);

    /** That of a function that calls others. */
    public static final State COMPLETE = new State(true, true);
  }

  /**
   * Instructions of {@code size} bytes that have {@code value} where {@code mask} is; bytes of 0
   * are none on any machine.
   *
   * @param effect of them
   */
  private record Pattern(Effect effect, int size, long mask, long value) {
    boolean fits(int bytes, long instruction) {
      return bytes == size && instruction != 0 && (instruction & mask) == value;
    }
  }

  /**
   * A call of {@code size} bytes.
   *
   * @param target where it leads, by its address and itself, 0 where a register tells; empty of
   *     what looks like a call and is none
   */
  private record Call(int size, long mask, long value, Optional<LongBinaryOperator> target) {}

  private final Encoding encoding;
  private final List<Pattern> patterns;
  private final List<Call> calls;

  private FrameCode(Encoding encoding, List<Pattern> patterns, List<Call> calls) {
    this.encoding = encoding;
    this.patterns = patterns;
    this.calls = calls;
  }

  /** Code of which nothing is known but the encoding. */
  public static FrameCode of(Encoding encoding) {
    return new FrameCode(encoding, List.of(), List.of());
  }

  /** This code, and instructions of {@code size} bytes that do {@code effect}. */
  public FrameCode with(Effect effect, int size, long mask, long value) {
    List<Pattern> all = new ArrayList<>(patterns);
    all.add(new Pattern(effect, size, mask, value));
    return new FrameCode(encoding, List.copyOf(all), calls);
  }

  /**
   * This code, and a call; the one that is named first is tried first.
   *
   * @param target where it leads, by its own address and its bits
   */
  public FrameCode call(int size, long mask, long value, LongBinaryOperator target) {
    return with(new Call(size, mask, value, Optional.of(target)));
  }

  private FrameCode with(Call call) {
    List<Call> all = new ArrayList<>(calls);
    all.add(call);
    return new FrameCode(encoding, patterns, List.copyOf(all));
  }

  /** This code, and an instruction that is none of the calls that are named behind it. */
  public FrameCode noCall(int size, long mask, long value) {
    return with(new Call(size, mask, value, Optional.empty()));
  }

  /** This code, and a call of what a register holds. */
  public FrameCode indirectCall(int size, long mask, long value) {
    return call(size, mask, value, (address, instruction) -> 0);
  }

  /** The state behind {@code code}, a function's from its beginning on. */
  public State state(byte[] code, ByteOrder order) {
    boolean isMade = false;
    boolean wasSaved = false;
    State state = State.CALLED;
    for (int at = 0; at < code.length; ) {
      int size = encoding.size(code, at);
      if (size > code.length - at) {
        return state;
      }
      long instruction = encoding.instruction(code, at, size, order);
      for (Pattern pattern : patterns) {
        if (pattern.fits(size, instruction)) {
          isMade |= pattern.effect() == Effect.MAKES;
          wasSaved |= pattern.effect() == Effect.SAVES;
          state = next(state, pattern.effect(), isMade, wasSaved);
        }
      }
      at += size;
    }
    return state;
  }

  private static State next(State state, Effect effect, boolean isMade, boolean wasSaved) {
    return switch (effect) {
      case MAKES -> new State(true, state.isSaved());
      case DROPS -> new State(false, state.isSaved());
      case SAVES -> new State(state.hasFrame(), true);
      case LOADS -> new State(state.hasFrame(), false);
      case LEAVES -> new State(isMade, wasSaved);
    };
  }

  /** The most bytes that a call has. */
  public int callSize() {
    return calls.stream().mapToInt(Call::size).max().orElse(0);
  }

  /**
   * Where the call leads that returns to {@code address}: 0 where a register told; empty where none
   * is in front of it.
   *
   * @param before the {@link #callSize} bytes in front of {@code address}
   */
  public OptionalLong callee(byte[] before, long address, ByteOrder order) {
    for (Call call : calls) {
      int at = before.length - call.size();
      long instruction = encoding.instruction(before, at, call.size(), order);
      if ((instruction & call.mask()) == call.value()) {
        return call.target().isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(call.target().get().applyAsLong(address - call.size(), instruction));
      }
    }
    return OptionalLong.empty();
  }
}
