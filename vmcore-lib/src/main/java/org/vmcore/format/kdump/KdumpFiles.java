package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Machine;
import org.vmcore.dump.Dump;
import org.vmcore.dump.PageSize;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.DumpOrigin;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Opens kdump-compressed dumps: makes crash headers of bitmap1's ranges and the notes in the file,
 * and old memory of the pages.
 *
 * <p>The format is makedumpfile's ({@code diskdump_mod.h}, {@code IMPLEMENTATION}), which QEMU
 * writes, too.
 */
public final class KdumpFiles {
  /** How many bytes {@link #isKdump} looks at. */
  public static final int SIGNATURE_SIZE = 8;

  private static final String CHECK = "kdump_header";
  private static final int RWX = 7;

  private final KdumpPart first;
  private final List<Finding> findings;
  private final String name;

  private KdumpFiles(KdumpPart first, List<Finding> findings) {
    this.first = first;
    this.findings = findings;
    this.name = first.file().name();
  }

  /** Whether a file that begins with {@code start} is one, by its signature. */
  public static boolean isKdump(MemorySegment start) {
    if (start.byteSize() < SIGNATURE_SIZE) {
      return false;
    }
    byte[] bytes = start.asSlice(0, SIGNATURE_SIZE).toArray(ValueLayout.JAVA_BYTE);
    String signature = new String(bytes, StandardCharsets.ISO_8859_1);
    return signature.equals(KdumpHeader.KDUMP) || signature.equals(KdumpHeader.DISKDUMP);
  }

  /**
   * Opens {@code file}.
   *
   * @param format the format's name
   * @param others the other files of a split dump, in any order; what is in none of them is lost
   * @param pageSize the page size to cut chunks by instead of the block size, in bytes
   * @param findings where what is seen is told
   * @throws VmcoreException when the headers make no sense, or files don't belong together
   */
  public static Dump open(
      String format,
      ByteSource file,
      List<ByteSource> others,
      OptionalLong pageSize,
      List<Finding> findings)
      throws VmcoreException {
    return new KdumpFiles(KdumpPart.open(file), findings).open(format, others, pageSize);
  }

  private Dump open(String format, List<ByteSource> others, OptionalLong pageSize)
      throws VmcoreException {
    KdumpHeader header = first.header();
    reportHeader();
    PageMap map = PageMap.read(first.file(), header, pageFrames());
    List<KdumpPart> files = SplitSet.of(first, others, map.end());
    List<KdumpMemory.Part> parts = parts(files, map);
    report(map, files, parts);
    int shift = Long.numberOfTrailingZeros(header.blockSize());
    KdumpNotes notes = KdumpNotes.of(withNotes(files), map.end() << shift, findings);
    notes.vmcoreInfo().ifPresent(this::reportPhysBase);
    KdumpMemory memory = new KdumpMemory(map, parts, shift, notes.memory());
    Machine machine = KdumpMachine.of(withNotes(files), notes, findings);
    CrashHeaders headers = headers(machine, notes.headers(), map, shift);
    PageSize page = PageSize.of(pageSize.orElse(header.blockSize()));
    DumpOrigin origin = origin(PageCodecs.of(parts, header.status()), map.end());
    return new Dump(format, name, headers, memory, page, findings, Optional.of(origin));
  }

  private DumpOrigin origin(List<String> compressions, long end) {
    KdumpHeader header = first.header();
    return new DumpOrigin(
        header.version(),
        compressions,
        KdumpUtsname.names(header.utsname()),
        header.seconds(),
        header.microseconds(),
        first.sub().dumpLevel(),
        first.sub().physBase(),
        (header.status() & KdumpHeader.EXCLUDED_VMEMMAP) != 0,
        first.isSplit()
            ? Optional.of(new DumpOrigin.Part(first.startPfn(), first.endPfn(end)))
            : Optional.empty());
  }

  private void reportHeader() {
    KdumpHeader header = first.header();
    findings.add(
        Finding.info(
            CHECK,
            "version "
                + header.version()
                + ", "
                + header.layout().describe()
                + ", blocks of "
                + header.blockSize()
                + ", dump level "
                + first.sub().dumpLevel()));
    if (header.version() > KdumpHeader.NEWEST) {
      findings.add(
          Finding.warning(
              CHECK,
              SIGNATURE_SIZE,
              "header_version is " + header.version() + "; read as " + KdumpHeader.NEWEST));
    }
    KdumpSubHeader sub = first.sub();
    if (sub.sizeEraseinfo() != 0) {
      String what = "eraseinfo: data was erased from the dump, told in " + sub.sizeEraseinfo();
      findings.add(
          new Finding(
              "eraseinfo",
              Finding.Severity.INFO,
              OptionalLong.of(sub.offsetEraseinfo()),
              what + " bytes"));
    }
    if ((header.status() & KdumpHeader.EXCLUDED_VMEMMAP) != 0) {
      findings.add(Finding.info(CHECK, "status: unused pages of the memory map were left out"));
    }
  }

  /** QEMU reads VMCOREINFO's decimal number as a hexadecimal one. */
  private void reportPhysBase(VmcoreInfo info) {
    long written = first.sub().physBase();
    OptionalLong real = info.number("phys_base");
    if (real.isPresent() && real.getAsLong() != written) {
      findings.add(
          Finding.info(
              CHECK,
              "sub header: phys_base is "
                  + Hex.of(written)
                  + ", VMCOREINFO's "
                  + Hex.of(real.getAsLong())
                  + ": not believed"));
    }
  }

  /** max_mapnr, as far as the bitmaps can have it. */
  private long pageFrames() {
    KdumpHeader header = first.header();
    long written = first.maxMapnr();
    long most = Math.min(header.bitmapBits(), Bitmap.MOST);
    if (Long.compareUnsigned(written, most) <= 0) {
      return written;
    }
    findings.add(
        Finding.error(
            CHECK,
            header.subHeaderOffset(),
            "max_mapnr is "
                + Hex.of(written)
                + ", more than the bitmaps can have: "
                + Hex.of(most)));
    return most;
  }

  private static List<KdumpMemory.Part> parts(List<KdumpPart> files, PageMap map)
      throws VmcoreException {
    PageCache cache = new PageCache((int) files.getFirst().header().blockSize());
    List<KdumpMemory.Part> parts = new ArrayList<>();
    for (KdumpPart file : files) {
      long from = file.startPfn();
      long to = file.endPfn(map.end());
      if (from >= 0 && from < to) {
        long first = map.rank(from);
        PageTable table = PageTable.of(file, first, map.rank(to) - first);
        parts.add(new KdumpMemory.Part(from, to, new DumpedPages(table, cache)));
      }
    }
    return parts;
  }

  private void report(PageMap map, List<KdumpPart> files, List<KdumpMemory.Part> parts)
      throws VmcoreException {
    for (KdumpPart file : files) {
      if (file.header().isIncomplete()) {
        String which = which(files.size(), file.file().name());
        findings.add(
            Finding.error(
                PageTableCheck.FILE_SIZE,
                file.header().statusOffset(),
                which + "status says that the dump was not finished (disk full?)"));
      }
    }
    if (map.isWhole() && map.exist() == 0) {
      findings.add(
          Finding.warning(
              "bitmap", first.header().bitmapOffset(), "no page exists: the dump holds no memory"));
    }
    if (!map.isWhole()) {
      findings.add(
          Finding.error(
              PageTableCheck.FILE_SIZE, first.file().size(), "the file ends in its bitmaps"));
    }
    long missing = map.dumped();
    for (KdumpMemory.Part part : parts) {
      PageTable table = part.pages().table();
      missing -= table.count();
      PageTableCheck.report(table, which(parts.size(), table.file().name()), findings);
    }
    if (missing > 0) {
      findings.add(
          new Finding(
              "split",
              Finding.Severity.ERROR,
              OptionalLong.empty(),
              "one of a split set: "
                  + missing
                  + " of "
                  + map.dumped()
                  + " pages are in parts that were not given (--part)"));
    }
  }

  /** One of several files is called by its name. */
  private static String which(int files, String file) {
    return files > 1 ? file + ": " : "";
  }

  /** Not every file of a set must have notes. */
  private KdumpPart withNotes(List<KdumpPart> files) {
    for (KdumpPart file : files) {
      if (file.sub().sizeNote() > 0) {
        return file;
      }
    }
    return first;
  }

  private CrashHeaders headers(Machine machine, List<ProgramHeader> notes, PageMap map, int shift)
      throws VmcoreException {
    MemoryRanges ranges = MemoryRanges.of(map);
    if (ranges.gap() > 0) {
      findings.add(
          Finding.warning(
              "program_headers",
              first.header().bitmapOffset(),
              "memory in more than "
                  + MemoryRanges.MOST
                  + " ranges: joined where gaps have at most "
                  + ranges.gap()
                  + " pages"));
    }
    List<ProgramHeader> all = new ArrayList<>(notes);
    for (int i = 0; i < ranges.count(); i++) {
      long start = ranges.from(i) << shift;
      long size = (ranges.to(i) - ranges.from(i)) << shift;
      all.add(new ProgramHeader(ProgramHeader.PT_LOAD, RWX, start, 0, start, size, size, 0));
    }
    return new CrashHeaders(elfHeader(machine).withProgramHeaders(all.size()), all);
  }

  private ElfHeader elfHeader(Machine machine) {
    KdumpLayout layout = first.header().layout();
    ElfIdent ident = new ElfIdent(layout.elfClass(), layout.order(), 1, 0, 0, 0);
    return new ElfHeader(
        ident,
        ElfHeader.ET_CORE,
        machine.number(),
        ElfHeader.EV_CURRENT,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0);
  }
}
