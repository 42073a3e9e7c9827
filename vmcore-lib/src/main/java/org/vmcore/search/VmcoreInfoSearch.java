package org.vmcore.search;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.io.Cursor;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.SearchBudget;
import org.vmcore.scan.WordScan;
import org.vmcore.values.Hex;
import org.vmcore.values.PageSizes;

/**
 * Finds the VMCOREINFO note in a RAM image.
 *
 * <p>Since 4.13 the kernel keeps it in pages of its own, at their very start; before, in its data,
 * aligned to four bytes. There it is sought only when no page has it.
 */
public final class VmcoreInfoSearch {
  private static final int HEADER = 24; // Elf_Nhdr and the name, padded
  private static final int NAME_SIZE = VmcoreInfo.NAME.length() + 1;
  private static final int FIRST_OF_NAME = 0x4f434d56; // "VMCO"
  private static final String FIRST_KEY = "OSRELEASE=";
  private static final int MAX_DESC = 1 << 16;
  private static final int MAX_FOUND = 64;

  private final Memory memory;
  private final String name;
  private final List<VmcoreInfoNote> found = new ArrayList<>();

  private VmcoreInfoSearch(Memory memory, String name) {
    this.memory = memory;
    this.name = name;
  }

  /**
   * A note that was found.
   *
   * @param area what a PT_NOTE describes: VMCOREINFO_NOTE_SIZE bytes, which the kernel reserves
   * @param info its text
   * @param order the kernel's byte order
   */
  public record VmcoreInfoNote(AddressRange area, VmcoreInfo info, ByteOrder order) {
    /** One line for people: {@code 0x1000 of 6.1.0}. */
    public String describe() {
      return Hex.of(area.start()) + " of " + info.osRelease().orElse("an unnamed kernel");
    }
  }

  /**
   * Scans all of {@code memory} that is present, as far as {@code budget} allows, and ends at the
   * 64th note.
   *
   * @param name of the memory, for errors
   * @return the notes by address; more than one when an earlier kernel's is left in memory
   */
  public static List<VmcoreInfoNote> search(Memory memory, String name, SearchBudget budget)
      throws VmcoreException {
    return search(memory, name, ByteOrder.LITTLE_ENDIAN, budget);
  }

  /**
   * Searches {@code memory}, as far as {@code budget} allows, and ends at the 64th note.
   *
   * @param name of the memory, for errors
   * @param order the kernel's likely byte order
   * @return the notes by address; more than one when an earlier kernel's is left in memory
   */
  public static List<VmcoreInfoNote> search(
      Memory memory, String name, ByteOrder order, SearchBudget budget) throws VmcoreException {
    VmcoreInfoSearch search = new VmcoreInfoSearch(memory, name);
    boolean isBig = order == ByteOrder.BIG_ENDIAN;
    int first = isBig ? Integer.reverseBytes(NAME_SIZE) : NAME_SIZE;
    WordScan.pages(memory, name, budget, first, search::note);
    if (search.found.isEmpty()) {
      WordScan.words(
          memory, name, budget, FIRST_OF_NAME, address -> search.note(address - NoteHeader.SIZE));
    }
    return List.copyOf(search.found);
  }

  /**
   * The note at {@code address}; empty when none is there.
   *
   * @param name of the memory, for errors
   */
  public static Optional<VmcoreInfoNote> at(Memory memory, String name, long address)
      throws VmcoreException {
    VmcoreInfoSearch search = new VmcoreInfoSearch(memory, name);
    search.note(address);
    return search.found.stream().findFirst();
  }

  /**
   * The note at {@code address}.
   *
   * @param name of the memory, for errors
   * @throws VmcoreException when none is there
   */
  public static VmcoreInfoNote require(Memory memory, String name, long address)
      throws VmcoreException {
    Optional<VmcoreInfoNote> note = at(memory, name, address);
    if (note.isEmpty()) {
      throw VmcoreException.of(
          name, "physical address " + Hex.of(address) + ": no VMCOREINFO note is there");
    }
    return note.get();
  }

  private boolean note(long address) throws VmcoreException {
    byte[] bytes = new byte[HEADER];
    MemorySegment header = MemorySegment.ofArray(bytes);
    if (memory.read(address, header) < HEADER) {
      return true;
    }
    ByteOrder order = order(bytes);
    Cursor in = Cursor.of(name, address, header, order);
    NoteHeader note = NoteHeader.parse(in);
    boolean sane = note.namesz() == NAME_SIZE && note.type() == 0 && note.descsz() <= MAX_DESC;
    if (sane && in.text(NAME_SIZE, "name").equals(VmcoreInfo.NAME)) {
      add(address, (int) note.descsz(), note.size(), order);
    }
    return found.size() < MAX_FOUND;
  }

  /** n_namesz is in the kernel's byte order. */
  private static ByteOrder order(byte[] header) {
    return header[0] == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private void add(long address, int descsz, long noteSize, ByteOrder order)
      throws VmcoreException {
    byte[] bytes = new byte[descsz];
    long got = memory.read(address + HEADER, MemorySegment.ofArray(bytes));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (got == descsz && text.startsWith(FIRST_KEY)) {
      VmcoreInfo info = VmcoreInfo.parse(text).withOrder(order);
      AddressRange area = AddressRange.ofSize(address, areaSize(info, noteSize));
      found.add(new VmcoreInfoNote(area, info, order));
    }
  }

  /** VMCOREINFO_NOTE_SIZE: a page of text, its note header, and an empty note to end with. */
  private static long areaSize(VmcoreInfo info, long noteSize) {
    long page = info.pageSize().orElse(PageSizes.DEFAULT);
    long area = HEADER + (PageSizes.isValid(page) ? page : PageSizes.DEFAULT) + NoteHeader.SIZE;
    return Math.max(area, noteSize);
  }
}
