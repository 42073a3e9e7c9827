package org.vmcore.search;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.paging.EntryKind;
import org.vmcore.arch.paging.Paging;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * Whether the kernel that a VMCOREINFO tells of is in physical memory: its init_uts_ns names the
 * release that OSRELEASE does, and its topmost page table maps itself.
 *
 * <p>What VMCOREINFO doesn't tell, what was left out of the dump and what is lost says nothing.
 */
final class KernelSigns {
  private static final int FIELD = 65; // __NEW_UTS_LEN + 1
  private static final int RELEASE = 2 * FIELD;

  /** Where uts_namespace has its name: first, or behind a reference count of 4 or 8 bytes. */
  private static final int[] OFFSETS = {0, 4, 8};

  private final Memory physical;
  private final Architecture architecture;
  private final VmcoreInfo info;
  private final ByteOrder order;

  KernelSigns(Memory physical, Architecture architecture, VmcoreInfo info, ByteOrder order) {
    this.physical = physical;
    this.architecture = architecture;
    this.info = info;
    this.order = order;
  }

  /** How many signs there are of the kernel less those that should be there and aren't. */
  int count() throws VmcoreException {
    return utsname() + root();
  }

  /** 1 when init_uts_ns is this kernel's, −1 when it isn't, 0 when that can't be told. */
  private int utsname() throws VmcoreException {
    OptionalLong at = inImage(info.symbol("init_uts_ns"));
    if (at.isEmpty() || info.osRelease().isEmpty() || isMissing(at.getAsLong())) {
      return 0;
    }
    OptionalLong offset = info.offset("uts_namespace.name");
    if (offset.isPresent()) {
      return isRelease(at.getAsLong() + offset.getAsLong()) ? 1 : -1;
    }
    for (int each : OFFSETS) {
      if (isRelease(at.getAsLong() + each)) {
        return 1;
      }
    }
    return -1;
  }

  private boolean isRelease(long utsname) throws VmcoreException {
    byte[] field = new byte[FIELD];
    int got = (int) physical.read(utsname + RELEASE, MemorySegment.ofArray(field));
    int end = 0;
    while (end < got && field[end] != 0) {
      end++;
    }
    String release = new String(field, 0, end, StandardCharsets.ISO_8859_1);
    return end < got && release.equals(info.osRelease().orElseThrow());
  }

  /** 1 when the topmost table maps itself, −1 when it doesn't, 0 when that can't be told. */
  private int root() throws VmcoreException {
    OptionalLong symbol = Paging.rootSymbol(info);
    OptionalLong root = inImage(symbol);
    if (root.isEmpty() || isMissing(root.getAsLong())) {
      return 0;
    }
    int sign = 0;
    for (Paging paging : architecture.layouts(Optional.of(info), order)) {
      if (mapsItself(paging, root.getAsLong(), symbol.getAsLong())) {
        return 1;
      }
      sign = -1;
    }
    return sign;
  }

  private boolean mapsItself(Paging paging, long root, long vaddr) throws VmcoreException {
    long table = root;
    for (int level = paging.levels() - 1; level >= 0; level--) {
      long entry = entry(paging, table, paging.index(vaddr, level));
      EntryKind kind = paging.kind(level, entry);
      if (kind == EntryKind.PAGE) {
        return paging.physical(level, entry, vaddr) == root;
      }
      if (kind != EntryKind.TABLE) {
        return false;
      }
      table = paging.target(level, entry);
    }
    return false;
  }

  /** An entry; 0, which maps nothing, where none can be read. */
  private long entry(Paging paging, long table, int index) throws VmcoreException {
    byte[] bytes = new byte[paging.entrySize()];
    long at = table + (long) index * bytes.length;
    return physical.read(at, MemorySegment.ofArray(bytes)) == bytes.length
        ? paging.decode(ByteBuffer.wrap(bytes))[0]
        : 0;
  }

  private OptionalLong inImage(OptionalLong vaddr) {
    return vaddr.isEmpty() ? vaddr : architecture.imagePaddr(info, vaddr.getAsLong());
  }

  private boolean isMissing(long paddr) throws VmcoreException {
    PageState state = physical.extentAt(paddr).state();
    return state == PageState.EXCLUDED || state == PageState.LOST;
  }
}
