package org.vmcore.arch.frames;

/**
 * A stack that each CPU has beside those of its tasks, and how the kernel's variables lead to it.
 *
 * @param name for people: {@code IRQ}, {@code overflow}
 * @param source what {@code symbol} is
 * @param struct the type of what an array's elements point to; empty where there is none
 * @param member of {@code struct}, the pointer
 * @param bound what of the stack it points to
 * @param size in bytes; 0 for THREAD_SIZE
 */
public record CpuStack(
    String name,
    Source source,
    String symbol,
    String struct,
    String member,
    Bound bound,
    long size) {
  /** What a variable is. */
  public enum Source {
    /** Each CPU's own variable is the stack. */
    PER_CPU,

    /** Each CPU's own variable points to the stack. */
    PER_CPU_POINTER,

    /** An array, by CPUs, of pointers to stacks. */
    POINTERS,

    /** An array, by CPUs, of pointers to structures of which a member points to the stack. */
    STRUCTURES,

    /** A pointer to such an array. */
    STRUCTURES_POINTER
  }

  /** What of a stack a pointer points to. */
  public enum Bound {
    START,
    END,

    /** Somewhere inside; the stack is aligned to its size. */
    INSIDE
  }

  /** A stack that a per-CPU variable is. */
  public static CpuStack perCpu(String name, String symbol, long size) {
    return new CpuStack(name, Source.PER_CPU, symbol, "", "", Bound.START, size);
  }

  /** A stack to whose start a per-CPU variable points. */
  public static CpuStack pointer(String name, String symbol) {
    return new CpuStack(name, Source.PER_CPU_POINTER, symbol, "", "", Bound.START, 0);
  }

  /** A stack to whose start an element of an array points. */
  public static CpuStack element(String name, String symbol) {
    return new CpuStack(name, Source.POINTERS, symbol, "", "", Bound.START, 0);
  }

  /** A stack to which each CPU's own structure has a pointer; {@code source} leads to these. */
  public static CpuStack member(
      String name, Source source, String symbol, String struct, String member, Bound bound) {
    return new CpuStack(name, source, symbol, struct, member, bound, 0);
  }
}
