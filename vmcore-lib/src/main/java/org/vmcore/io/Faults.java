package org.vmcore.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;

/**
 * The fault of a mapped file that shrank.
 *
 * <p>The JVM reports it as an {@link InternalError}; in compiled code not where the access stands
 * but at the next safepoint poll, which may lie outside of the {@code try} block, even of the
 * method. {@link #await} at the end of the block has such a poll, and so brings the error inside.
 */
public final class Faults {
  /** The reason given for a file that is shorter now than it was when it was opened. */
  public static final String TRUNCATED = "the file was truncated while it was open";

  private static final Link CHAIN = Link.chain(2);
  private static final byte RARE = (byte) 0xa5;
  private static boolean sawRare;

  private Faults() {}

  /**
   * Throws the error of a fault that has happened in this thread and has not been reported yet.
   * Costs about two nanoseconds.
   */
  public static void await() {
    @Nullable Link link = CHAIN;
    while (link != null) { // of unknown length, so that the compiler keeps the poll of each round
      link = link.next;
    }
  }

  /** A link of a chain; its field isn't final, lest the compiler follow it. */
  private static final class Link {
    private @Nullable Link next;

    static Link chain(int length) {
      Link first = new Link();
      for (int i = 1; i < length; i++) {
        Link link = new Link();
        link.next = first;
        first = link;
      }
      return first;
    }
  }

  /** Loads the byte at {@code offset} of {@code bytes}, so that a fault there shows. */
  static void touch(MemorySegment bytes, long offset) {
    // The compiler leaves out a load of which nothing comes; this field is written once at most.
    if (bytes.get(ValueLayout.JAVA_BYTE, offset) == RARE && !sawRare) {
      sawRare = true;
    }
  }

  /** An operation on mapped memory. */
  @FunctionalInterface
  public interface Operation<T> {
    /** Runs it. */
    T run() throws VmcoreException;
  }

  /**
   * {@code operation}'s result; a fault in it becomes a {@link VmcoreException} on {@code file}.
   */
  public static <T> T guard(String file, Operation<T> operation) throws VmcoreException {
    try {
      T result = operation.run();
      await();
      return result;
    } catch (InternalError e) {
      throw VmcoreException.of(file, TRUNCATED, e);
    }
  }
}
