package org.vmcore.remoteproc.kernel;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Gives the bytes of coredumps, and refuses what can't be one. */
final class CoredumpImages {
  private static final String STATE = "rproc_coredump_state";

  /**
   * Larger than any remote processor's memory: most of them have addresses of 32 bits, and the
   * kernel keeps as many of their carveouts' ({@code u32 da}).
   */
  private static final long MAX_INLINE = 1L << 32;

  /** How often a piece is looked for in a carveout: 4 GiB in pages of 4 KiB, and 64 carveouts. */
  private static final long MAX_COMPARED = 1L << 26;

  /** The size of an ELF file's magic. */
  private static final int MAGIC = 4;

  private final Vmcore vmcore;
  private final KernelObjects objects;
  private final KernelReader in;

  CoredumpImages(Vmcore vmcore, KernelObjects objects) throws VmcoreException {
    this.vmcore = vmcore;
    this.objects = objects;
    this.in = objects.reader();
  }

  /** The bytes of a coredump of {@code rproc}; what isn't in the dump is told with its name. */
  CoredumpImage of(RemoteProcessor rproc, PendingCoredump coredump) throws VmcoreException {
    checkMemory(coredump, coredump.size());
    try {
      return switch (coredump.form()) {
        case COPIED -> copied(coredump);
        case INLINE -> inline(rproc, coredump);
        case OTHER -> throw fault(coredump, "it is read by a function that isn't known here");
      };
    } catch (Unreadable e) {
      throw new Unreadable(e.file(), named(coredump, e.reason()), e.state());
    }
  }

  private CoredumpImage copied(PendingCoredump coredump) throws VmcoreException {
    checkStart(coredump.data(), coredump.size(), "data");
    return new CoredumpImage(in.memory(), coredump.data(), coredump.size(), List.of());
  }

  private CoredumpImage inline(RemoteProcessor rproc, PendingCoredump coredump)
      throws VmcoreException {
    checkSize(rproc, coredump);
    if (state(coredump, "rproc") != rproc.address()) {
      throw fault(coredump, "it is of another remote processor than its device");
    }
    long header = state(coredump, "header");
    checkStart(header, coredump.size(), "header");
    Gaps changed = new Gaps();
    compare(rproc, header, coredump.size(), changed);
    InlineCoredump image =
        new InlineCoredump(in.memory(), rproc, header, coredump.size(), vmcore.pageSize());
    List<Finding> gaps = new ArrayList<>(changed.told());
    gaps.addAll(image.gaps());
    return new CoredumpImage(image, 0, image.size(), gaps);
  }

  private long state(PendingCoredump coredump, String member) throws VmcoreException {
    return in.word(coredump.data() + objects.offset(STATE, member), STATE + "." + member);
  }

  private void checkSize(RemoteProcessor rproc, PendingCoredump coredump) throws VmcoreException {
    long size = coredump.size();
    for (DumpSegment segment : rproc.segments()) {
      checkMemory(coredump, segment.size());
      size += segment.size();
      checkMemory(coredump, size);
    }
    if (size > MAX_INLINE) {
      String many = "it has " + Hex.of(size) + " bytes";
      throw fault(coredump, many + ", more than any remote processor's memory");
    }
    long pieces = size / vmcore.pageSize() + rproc.segments().size();
    if (pieces * rproc.carveouts().size() > MAX_COMPARED) {
      String many = "it has " + pieces + " pieces in " + rproc.carveouts().size() + " carveouts";
      throw fault(coredump, many + ", more than are looked for");
    }
  }

  /** A pointer that leads nowhere is no file of zeros. */
  private void checkStart(long address, long size, String field) throws VmcoreException {
    in.bytes(address, (int) Math.min(size, MAGIC), field);
  }

  private void compare(RemoteProcessor rproc, long header, long size, Gaps gaps)
      throws VmcoreException {
    byte[] bytes = in.upTo(header, (int) Math.min(size, InlineHeader.MAX_SIZE));
    try {
      InlineHeader.parse(vmcore.name(), bytes).compare(rproc.segments(), gaps);
    } catch (VmcoreException e) {
      gaps.lost("whether its header tells of the same segments is lost: " + e.reason());
    }
  }

  private void checkMemory(PendingCoredump coredump, long size) throws VmcoreException {
    if (Long.compareUnsigned(size, vmcore.memorySize()) > 0) {
      throw fault(coredump, "it has " + Hex.of(size) + " bytes, more than all of memory");
    }
  }

  private VmcoreException fault(PendingCoredump coredump, String reason) {
    return VmcoreException.of(vmcore.name(), named(coredump, reason));
  }

  private static String named(PendingCoredump coredump, String reason) {
    return "coredump " + coredump.name() + ": " + reason;
  }
}
