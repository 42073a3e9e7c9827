package org.vmcore.search;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfHeader;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.SearchBudget;
import org.vmcore.scan.WordScan;

/**
 * Finds elfcorehdrs in a RAM image: headers at the start of a page that pass every check of {@link
 * ElfcorehdrParser} and describe memory that is there.
 *
 * <p>More than one can be found: kexec keeps or forgets copies in the first kernel's own memory,
 * dumps of remote processors and files in the page cache look like one. {@link ElfcorehdrCandidate}
 * tells them apart.
 */
public final class ElfcorehdrSearch {
  /** The most pages that may look like an elfcorehdr before the search gives up. */
  static final int MAX_TRIED = 4096;

  /** The most program headers that these may have, all together. */
  static final int MAX_HEADERS = 1 << 21;

  private static final int ELF_MAGIC = 0x464c457f;
  private static final int EI_CLASS = 4;
  private static final int EI_DATA = 5;
  private static final int EI_VERSION = 6;
  private static final int E_TYPE = 16;
  private static final int E_PHNUM_32 = 44;
  private static final int E_PHNUM = 56;

  private final Memory memory;
  private final String name;
  private final List<ElfcorehdrCandidate> found = new ArrayList<>();
  private int tried;
  private int headers;

  private ElfcorehdrSearch(Memory memory, String name) {
    this.memory = memory;
    this.name = name;
  }

  /**
   * Scans all of {@code memory} that is present, as far as {@code budget} allows.
   *
   * @param name of the memory, for errors
   * @return the candidates, the best one first; none when there is no elfcorehdr
   * @throws VmcoreException when memory fails, or when thousands of pages look like one
   */
  public static List<ElfcorehdrCandidate> search(Memory memory, String name, SearchBudget budget)
      throws VmcoreException {
    ElfcorehdrSearch search = new ElfcorehdrSearch(memory, name);
    WordScan.pages(memory, name, budget, ELF_MAGIC, search::page);
    search.found.sort(Comparator.naturalOrder());
    return List.copyOf(search.found);
  }

  private boolean page(long address) throws VmcoreException {
    byte[] start = new byte[E_PHNUM + 2];
    if (memory.read(address, MemorySegment.ofArray(start)) < start.length || !isCore(start)) {
      return true;
    }
    require(++tried <= MAX_TRIED, address, MAX_TRIED + " pages look like an elfcorehdr");
    headers += phnum(start);
    String many = MAX_HEADERS + " program headers are in what looks like an elfcorehdr";
    require(headers <= MAX_HEADERS, address, many);
    try {
      CrashHeaders headers = ElfcorehdrParser.parse(memory, name, address);
      ElfcorehdrCandidate.of(memory, name, address, headers).ifPresent(found::add);
    } catch (VmcoreException e) {
      // Not one that the crash kernel would take. Memory that fails does so for the scan as well.
      return true;
    }
    return true;
  }

  private void require(boolean isLess, long address, String many) throws VmcoreException {
    if (!isLess) {
      throw VmcoreException.at(name, address, "more than " + many + ": name the one");
    }
  }

  /** Whether e_ident and e_type are a core's: most ELF headers in memory are programs'. */
  private static boolean isCore(byte[] start) {
    return start[EI_VERSION] == 1
        && start[E_TYPE] + start[E_TYPE + 1] == ElfHeader.ET_CORE
        && start[E_TYPE] * start[E_TYPE + 1] == 0;
  }

  private static int phnum(byte[] start) {
    int at = start[EI_CLASS] == 1 ? E_PHNUM_32 : E_PHNUM;
    int low = start[at + (start[EI_DATA] == 1 ? 0 : 1)] & 0xff;
    return low | (start[at + (start[EI_DATA] == 1 ? 1 : 0)] & 0xff) << 8;
  }
}
