package org.vmcore.verify;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.vmcore.image.Image;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.CountedPages;
import org.vmcore.oldmem.PageTally;
import org.vmcore.values.Hex;

/**
 * Reads every byte of physical memory that is present: that a page can't be had may show only when
 * it is read.
 */
final class PageContents {
  private static final String CHECK = "page_contents";
  private static final int PIECE = 1 << 20;

  /** How far reading goes on behind a byte that the file fails at. */
  private static final long STEP = 4096;

  /** How many lost places are reported one by one. */
  private static final int MAX_REPORTED = 16;

  private final Memory physical;
  private final CountedPages frames;
  private final long pageSize;
  private final LongConsumer done;
  private final MemorySegment piece;
  private final List<Finding> findings = new ArrayList<>();
  private long read;
  private long holes;
  private long failures;

  /** The lost place that isn't reported yet. */
  private long place;

  private long placeSize;
  private Optional<Finding> reason = Optional.empty();
  private long places;
  private long lost;

  /** Before this address, frames aren't counted again. */
  private long counted;

  /** Whether lost bytes were counted without the places they lie at. */
  private boolean summed;

  private PageContents(Memory physical, Image image, LongConsumer done, MemorySegment piece) {
    this.physical = physical;
    this.frames = image.physicalPages();
    this.pageSize = image.pageSize();
    this.done = done;
    this.piece = piece;
  }

  /**
   * What is found in {@code physical}, the memory of {@code image}; {@code done} is told how many
   * bytes more were looked at.
   */
  static List<Finding> check(Memory physical, Image image, LongConsumer done)
      throws VmcoreException {
    // Shared: pages are put there by all cores.
    try (Arena arena = Arena.ofShared()) {
      PageContents contents = new PageContents(physical, image, done, arena.allocate(PIECE));
      contents.walk();
      contents.sum();
      return contents.findings;
    }
  }

  private void walk() throws VmcoreException {
    long at = 0;
    long size;
    do {
      size = counted(at);
      if (size == 0) {
        size = looked(at);
      }
      at += size;
    } while (at != 0 || size == 0); // at 2^64 it is 0 again
  }

  /** Looks at the extent at {@code at}; gives the bytes that are done with. */
  private long looked(long at) throws VmcoreException {
    Extent extent = physical.extentAt(at);
    long size = extent.sizeFrom(at);
    if (extent.isPresent()) {
      size = present(at, size);
    } else if (extent.state() == PageState.LOST) {
      lost(at, size);
    }
    if (extent.state() != PageState.NOT_RAM) {
      done.accept(size);
    }
    return size;
  }

  /**
   * Passes over frames none of which is present, when no more places are reported: a hostile bitmap
   * may have millions of lost ones, each by itself. Gives their bytes, 0 where extents must tell.
   */
  private long counted(long at) throws VmcoreException {
    if (places <= MAX_REPORTED || Long.compareUnsigned(at, counted) < 0) {
      return 0;
    }
    PageTally tally = new PageTally();
    long size = frames.count(at, PIECE, pageSize, tally);
    PageCounts counts = tally.counts();
    counted = at + Math.max(size, PIECE);
    if (size == 0 || counts.present() > 0) {
      return 0;
    }
    summed |= counts.lost() > 0;
    lost += counts.lost() * pageSize;
    done.accept(size);
    return size;
  }

  /** Passes over a hole of the file, or reads a piece; gives the bytes that are done with. */
  private long present(long at, long size) throws VmcoreException {
    long hole = physical.blank(at, size);
    holes += hole;
    return hole > 0 ? hole : read(at, size);
  }

  /** Reads a piece of {@code size} bytes; what can't be read of it is told in the next round. */
  private long read(long at, long size) throws VmcoreException {
    long wanted = Long.compareUnsigned(size, PIECE) < 0 ? size : PIECE;
    long got;
    try {
      got = physical.read(at, piece.asSlice(0, wanted));
    } catch (VmcoreException e) {
      return failed(at, wanted, e);
    }
    if (got < wanted) {
      Extent.unread(physical, at + got);
    }
    read += got;
    return got;
  }

  /** The file fails here: what follows is tried again a little further on. */
  private long failed(long at, long wanted, VmcoreException e) {
    String where = Hex.of(at);
    if (failures++ < MAX_REPORTED) {
      error(e.offset(), "physical address " + where + " can't be read: " + e.reason());
    }
    return Math.min(wanted, STEP - (at & STEP - 1));
  }

  /** What follows a place and is lost for the same reason belongs to it. */
  private void lost(long at, long size) throws VmcoreException {
    boolean told = places < MAX_REPORTED;
    Optional<Finding> loss = told ? physical.lossAt(at) : reason;
    if (placeSize == 0 || at != place + placeSize || !loss.equals(reason)) {
      report();
      place = at;
      placeSize = 0;
      reason = loss;
    }
    placeSize += size;
    lost += size;
  }

  private void report() {
    if (placeSize == 0 || ++places > MAX_REPORTED) {
      return;
    }
    String where = Hex.of(place) + "-" + Hex.of(place + placeSize - 1);
    String why = reason.map(each -> ": " + each.message()).orElse("");
    OptionalLong offset = reason.map(Finding::offset).orElse(OptionalLong.empty());
    error(offset, "physical addresses " + where + " are lost" + why);
  }

  private void sum() {
    report();
    if (places > MAX_REPORTED) {
      error(
          OptionalLong.empty(),
          (summed ? "" : places - MAX_REPORTED + " ")
              + "more places are lost, "
              + lost
              + " bytes in all");
    }
    if (failures > MAX_REPORTED) {
      error(OptionalLong.empty(), failures - MAX_REPORTED + " more places can't be read");
    }
    String rest = holes == 0 ? "" : ", " + holes + " more are holes of the file: zeros";
    findings.add(Finding.info(CHECK, read + " bytes of physical memory were read" + rest));
  }

  private void error(OptionalLong offset, String message) {
    findings.add(new Finding(CHECK, Finding.Severity.ERROR, offset, message));
  }
}
