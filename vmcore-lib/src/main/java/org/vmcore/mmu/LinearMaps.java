package org.vmcore.mmu;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.LinearMap;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * Finds the linear maps of a kernel. Some depend on where RAM begins, or on how the kernel was
 * built: those are taken by which init_uts_ns holds the kernel's release, else the likely ones.
 */
final class LinearMaps {
  private static final int MOST_RANGES = 64;

  /** Of init_uts_ns; the release is in it. */
  private static final int UTSNAME = 8 + 6 * 65;

  /**
   * The lowest RAM may be missing from the dump: the firmware's, or what makedumpfile didn't see.
   * So the direct map is looked for up to 1 GiB below, too, where an architecture may have it
   * begin.
   */
  private static final long STEP_BELOW = 2L << 20;

  private static final int MOST_BELOW = 512;

  private final Memory physical;
  private final Architecture architecture;
  private final VmcoreInfo info;

  private LinearMaps(Memory physical, Architecture architecture, VmcoreInfo info) {
    this.physical = physical;
    this.architecture = architecture;
    this.info = info;
  }

  /** Those of the kernel that {@code hints} tell of; empty where nothing tells. */
  static Optional<LinearMemory> of(PagingHints hints) throws VmcoreException {
    if (hints.info().isEmpty() || hints.architecture().isEmpty()) {
      return Optional.empty();
    }
    Memory physical = hints.physical();
    List<LinearMap> maps =
        new LinearMaps(physical, hints.architecture().get(), hints.info().get()).find();
    return maps.isEmpty() ? Optional.empty() : Optional.of(new LinearMemory(physical, maps));
  }

  private List<LinearMap> find() throws VmcoreException {
    List<Long> tried = architecture.isDirectMapAtRam() ? tried() : List.of(0L);
    List<List<LinearMap>> likely = architecture.linearChoices(info, tried.getFirst());
    if (tried.size() == 1 && likely.size() == 1) {
      return likely.getFirst();
    }
    for (long start : tried) {
      for (List<LinearMap> maps : architecture.linearChoices(info, start)) {
        if (isTheirs(maps)) {
          return maps;
        }
      }
    }
    return likely.isEmpty() ? List.of() : likely.getFirst();
  }

  /** Where RAM may begin, the likely places first. */
  private List<Long> tried() throws VmcoreException {
    List<Long> starts = starts();
    List<Long> tried = new ArrayList<>(starts);
    for (int i = 1; i <= MOST_BELOW && starts.getFirst() >= i * STEP_BELOW; i++) {
      tried.add(starts.getFirst() - i * STEP_BELOW);
    }
    return tried;
  }

  /** Where ranges of RAM begin, at least one; neighbours are one range. */
  private List<Long> starts() throws VmcoreException {
    List<Long> starts = new ArrayList<>();
    boolean isRam = false;
    long at = 0;
    for (int i = 0; i < MOST_RANGES; i++) {
      Extent extent = physical.extentAt(at);
      if (extent.state() != PageState.NOT_RAM && !isRam) {
        starts.add(at);
      }
      isRam = extent.state() != PageState.NOT_RAM;
      at = extent.end();
      if (at == 0) {
        break;
      }
    }
    return starts.isEmpty() ? List.of(0L) : starts;
  }

  private boolean isTheirs(List<LinearMap> maps) throws VmcoreException {
    OptionalLong utsname = info.symbol("init_uts_ns");
    if (utsname.isEmpty() || info.osRelease().isEmpty()) {
      return false;
    }
    byte[] bytes = new byte[UTSNAME];
    int got =
        (int)
            new LinearMemory(physical, maps)
                .read(utsname.getAsLong(), MemorySegment.ofArray(bytes));
    String names = new String(bytes, 0, got, StandardCharsets.ISO_8859_1);
    return names.contains('\0' + info.osRelease().get() + '\0');
  }
}
