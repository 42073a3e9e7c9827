package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vmcore.io.Faults;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * The edge of an open dump: after closing, and when the file under a mapping shrinks, whatever
 * comes out of the operations inside becomes a {@link VmcoreException}.
 */
public final class Guard {
  private final AtomicBoolean closed = new AtomicBoolean();
  private final String file;

  /** The edge of the dump in {@code file}, which is open. */
  public Guard(String file) {
    this.file = file;
  }

  /** Marks the dump closed; false when it was already. */
  public boolean close() {
    return closed.compareAndSet(false, true);
  }

  /** The result of {@code operation} on the open dump. */
  public <T> T run(Faults.Operation<T> operation) throws VmcoreException {
    requireOpen();
    try {
      return Faults.guard(file, operation);
    } catch (IllegalStateException e) {
      throw closedOr(e);
    }
  }

  private void requireOpen() throws VmcoreException {
    if (closed.get()) {
      throw VmcoreException.of(file, "the dump is closed");
    }
  }

  /** A closed arena shows as an IllegalStateException, and so does a caller's own mistake. */
  private VmcoreException closedOr(IllegalStateException e) {
    if (closed.get()) {
      return VmcoreException.of(file, "the dump is closed", e);
    }
    throw e;
  }

  /** {@code memory} behind this edge. */
  public Memory memory(Memory memory) {
    return new GuardedMemory(memory);
  }

  private final class GuardedMemory implements Memory {
    private final Memory inner;

    GuardedMemory(Memory inner) {
      this.inner = inner;
    }

    @Override
    public long read(long address, MemorySegment dst) throws VmcoreException {
      requireOpen();
      try {
        return inner.read(address, dst);
      } catch (IllegalStateException e) {
        throw closedOr(e);
      } catch (InternalError e) {
        throw VmcoreException.of(file, Faults.TRUNCATED, e);
      }
    }

    @Override
    public Extent extentAt(long address) throws VmcoreException {
      return run(() -> inner.extentAt(address));
    }

    @Override
    public Optional<Finding> lossAt(long address) throws VmcoreException {
      return run(() -> inner.lossAt(address));
    }

    @Override
    public String absenceAt(long address) throws VmcoreException {
      return run(() -> inner.absenceAt(address));
    }

    @Override
    public long blank(long address, long most) throws VmcoreException {
      return run(() -> inner.blank(address, most));
    }

    @Override
    public String source() {
      return file;
    }
  }
}
