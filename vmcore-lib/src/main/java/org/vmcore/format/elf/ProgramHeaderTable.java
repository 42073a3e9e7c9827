package org.vmcore.format.elf;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfReader;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Reads a file's program headers: where e_phoff says, as many as e_phnum or section 0 say. */
public final class ProgramHeaderTable {
  /** The most program headers that are read. A machine with 65,535 memory ranges is unheard of. */
  public static final int MAX_COUNT = 1 << 20;

  private static final int BATCH_SIZE = 1 << 16;
  private static final String CHECK = "program_headers";

  private final ByteSource file;
  private final ElfHeader header;
  private final List<Finding> findings;

  private ProgramHeaderTable(ByteSource file, ElfHeader header, List<Finding> findings) {
    this.file = file;
    this.header = header;
    this.findings = findings;
  }

  /**
   * Reads the program headers of {@code header}, which stands at the start of {@code file}. Of a
   * table that the file's end cuts short, what is whole is read. What is neither PT_LOAD nor
   * PT_NOTE becomes {@link ProgramHeader#UNUSED}, so that each keeps its index.
   *
   * @param findings where damage is told
   * @throws VmcoreException when there are none, or more than {@link #MAX_COUNT}
   */
  public static List<ProgramHeader> read(ByteSource file, ElfHeader header, List<Finding> findings)
      throws VmcoreException {
    return new ProgramHeaderTable(file, header, findings).read();
  }

  private List<ProgramHeader> read() throws VmcoreException {
    long count = count();
    int stride = stride();
    long start = header.phoff();
    if (file.available(start, stride) < stride) {
      throw fault(
          phoffOffset(),
          "e_phoff is "
              + Hex.of(start)
              + ": no program header there, the file has "
              + file.size()
              + " bytes");
    }
    long whole = file.available(start, count * stride) / stride;
    if (whole < count) {
      findings.add(
          Finding.error(
              CHECK,
              file.size(),
              "the file ends in the program headers: " + whole + " of " + count + " are whole"));
    }
    return read(start, stride, (int) whole);
  }

  private List<ProgramHeader> read(long start, int stride, int count) throws VmcoreException {
    List<ProgramHeader> all = new ArrayList<>(count);
    int perBatch = Math.max(1, BATCH_SIZE / stride);
    MemorySegment batch = MemorySegment.ofArray(new byte[Math.min(count, perBatch) * stride]);
    for (int done = 0; done < count; done += perBatch) {
      int n = Math.min(perBatch, count - done);
      long at = start + (long) done * stride;
      file.readWhole(at, batch.asSlice(0, (long) n * stride));
      for (int i = 0; i < n; i++) {
        MemorySegment bytes = batch.asSlice((long) i * stride, stride);
        all.add(parse(Cursor.of(file.name(), at + (long) i * stride, bytes, header.order())));
      }
    }
    return all;
  }

  /** What isn't used takes no room: a hole in a file can look like a million of them. */
  private ProgramHeader parse(Cursor in) throws VmcoreException {
    ProgramHeader parsed = ElfReader.programHeader(in, header.elfClass());
    return parsed.isLoad() || parsed.isNote() ? parsed : ProgramHeader.UNUSED;
  }

  private int stride() throws VmcoreException {
    int expected = header.elfClass().programHeaderSize();
    if (header.phentsize() < expected) {
      throw fault(
          header.phnumOffset() - 2, "e_phentsize is " + header.phentsize() + ", not " + expected);
    }
    return header.phentsize();
  }

  private long count() throws VmcoreException {
    long count = header.phnum();
    String field = "e_phnum";
    if (count == ElfHeader.PN_XNUM && header.shoff() != 0) {
      count = sectionInfo();
      field = "sh_info of section 0 (e_phnum is PN_XNUM)";
    }
    if (count == 0) {
      throw fault(header.phnumOffset(), field + " is 0: no program headers");
    }
    if (count > MAX_COUNT) {
      throw fault(header.phnumOffset(), field + " is " + count + ", more than " + MAX_COUNT);
    }
    return count;
  }

  private long sectionInfo() throws VmcoreException {
    ElfClass elfClass = header.elfClass();
    byte[] info = new byte[4];
    long at = header.shoff() + elfClass.sectionInfoOffset();
    if (header.shoff() < 0 || at < 0 || file.read(at, MemorySegment.ofArray(info)) < info.length) {
      throw fault(
          header.phnumOffset(),
          "e_phnum is PN_XNUM and e_shoff, "
              + Hex.of(header.shoff())
              + ", has no section header with the real count");
    }
    return Cursor.of(file.name(), at, MemorySegment.ofArray(info), header.order()).u32("sh_info");
  }

  private int phoffOffset() {
    return header.elfClass() == ElfClass.ELF64 ? 32 : 28;
  }

  private VmcoreException fault(long offset, String reason) {
    return VmcoreException.at(file.name(), offset, reason);
  }
}
