package org.vmcore.kernel.reading;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.open.Search;
import org.vmcore.scan.SearchBudget;

/**
 * What the rooms of a kernel's contents read them from. Each part is had when it is first asked
 * for; each of them throws when the dump is closed, or its file fails.
 */
public interface KernelSource {
  /** The default of {@link #imageSearch}, in bytes. */
  long IMAGE_SEARCH = 2L << 30;

  /** The dump's name, for errors. */
  String file();

  /** What the kernel tells of itself, the dump's note or what was found in memory. */
  Optional<VmcoreInfo> info() throws VmcoreException;

  /** Whether a part of what the dump's note tells is lost, or the note itself. */
  boolean isInfoLost() throws VmcoreException;

  /** The kernel's virtual memory. */
  KernelMemory memory() throws VmcoreException;

  /** Numbers and bytes of that memory. */
  KernelReader reader() throws VmcoreException;

  /** The virtual addresses where the kernel's image may be, the best first. */
  List<AddressRange> imageRanges() throws VmcoreException;

  /** The physical memory that the dump tells of, in bytes: no object is larger. */
  long memorySize();

  /** How far memory is searched. */
  default Search search() {
    return Search.DEFAULT;
  }

  /** What of memory wasn't searched for VMCOREINFO, in one line; empty when all was. */
  default Optional<String> unsearched() {
    return Optional.empty();
  }

  /** {@code line}, that there is no VMCOREINFO, and what of memory wasn't searched for it. */
  default String missing(String line) {
    Optional<String> unsearched = unsearched();
    return unsearched.isPresent() ? line + "; " + unsearched.get() : line;
  }

  /**
   * The budget of a search through {@link #imageRanges}: unless another limit is set 2 GiB, for
   * behind the image's own range they reach into all of memory.
   *
   * @param what is sought
   */
  default SearchBudget imageSearch(String what) throws VmcoreException {
    long total = 0;
    for (AddressRange range : imageRanges()) {
      total += range.size();
    }
    return SearchBudget.of(search().withDefault(IMAGE_SEARCH), what, total);
  }

  /** The address of a symbol that VMCOREINFO names. */
  default OptionalLong infoSymbol(String name) throws VmcoreException {
    Optional<VmcoreInfo> info = info();
    return info.isPresent() ? info.get().symbol(name) : OptionalLong.empty();
  }
}
