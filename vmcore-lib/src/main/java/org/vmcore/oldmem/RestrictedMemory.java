package org.vmcore.oldmem;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * Old memory of which more is declared not to be RAM, as a balloon or virtio-mem driver does to the
 * kernel's {@code pfn_is_ram}. What isn't RAM is never read.
 */
public final class RestrictedMemory implements FileBacked {
  private final OldMemory inner;
  private final long pageSize;
  private final LongPredicate isRam;

  private RestrictedMemory(OldMemory inner, long pageSize, LongPredicate isRam) {
    this.inner = inner;
    this.pageSize = pageSize;
    this.isRam = isRam;
  }

  /**
   * {@code inner} without the page frames that {@code isRam} refuses.
   *
   * @param pageSize in bytes, a power of two
   * @param isRam is given a page frame number; its answer must not change
   */
  public static OldMemory of(OldMemory inner, long pageSize, LongPredicate isRam) {
    return new RestrictedMemory(inner, pageSize, isRam);
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    long done = 0;
    while (done < dst.byteSize() && isRam(address + done)) {
      long n = Math.min(dst.byteSize() - done, leftInPage(address + done));
      long got = inner.read(address + done, dst.asSlice(done, n));
      done += got;
      if (got < n) {
        break;
      }
    }
    return done;
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    Extent extent = inner.extentAt(address);
    if (extent.state() == PageState.NOT_RAM) {
      return extent;
    }
    Extent inPage = extent.clip(address & -pageSize, pageSize);
    return isRam(address) ? inPage : new Extent(inPage.start(), inPage.size(), PageState.NOT_RAM);
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    return inner.lossAt(address);
  }

  @Override
  public Optional<FileSlice> backing(long address, long size) throws VmcoreException {
    return isRam(address)
        ? FileBacked.of(inner, address, Math.min(size, leftInPage(address)))
        : Optional.empty();
  }

  @Override
  public long blank(long address, long most) throws VmcoreException {
    return inner.blank(address, most);
  }

  @Override
  public boolean isLive() {
    return inner.isLive();
  }

  private boolean isRam(long address) {
    return isRam.test(address >>> Long.numberOfTrailingZeros(pageSize));
  }

  private long leftInPage(long address) {
    return pageSize - (address & (pageSize - 1));
  }
}
