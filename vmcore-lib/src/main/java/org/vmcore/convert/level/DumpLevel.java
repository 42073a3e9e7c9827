package org.vmcore.convert.level;

/**
 * Which kinds of pages are left out: the sum of 1 (zero pages), 2 (page cache), 4 (page cache,
 * private or not), 8 (user memory) and 16 (free pages), as makedumpfile's {@code -d} has it.
 *
 * @param value 0 to 31
 */
public record DumpLevel(int value) {
  /** The highest. */
  public static final int MOST = 31;

  /** Everything is kept. */
  public static final DumpLevel ALL = new DumpLevel(0);

  /**
   * @throws IllegalArgumentException when it isn't 0 to 31
   */
  public DumpLevel {
    if (value < 0 || value > MOST) {
      throw new IllegalArgumentException("no dump level: " + value);
    }
  }

  /** Whether pages of {@code kind} are left out. */
  public boolean excludes(PageKind kind) {
    return kind.isExcludedBy(value);
  }

  /** Whether more than the zero pages is left out, so that the kernel has to be asked. */
  public boolean asksTheKernel() {
    return (value & ~1) != 0;
  }
}
