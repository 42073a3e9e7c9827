package org.vmcore;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Format;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.envelope.EnvelopeProbe;
import org.vmcore.format.Formats;
import org.vmcore.image.Guard;
import org.vmcore.image.Image;
import org.vmcore.image.Mapper;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Faults;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.DumpOrigin;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.Memory;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamImage;
import org.vmcore.open.Search;
import org.vmcore.values.Hex;
import org.vmcore.verify.Verification;

/**
 * An open dump: one image, as the crash kernel's {@code /proc/vmcore} shows it, whatever format the
 * dump has. As a {@link Memory} its addresses are offsets in that image, in bytes.
 *
 * <p>Any number of threads may use it. Closing it waits for nobody: operations under way in other
 * threads, and all later ones, throw a {@link VmcoreException}; mappings handed out stay valid
 * until they are closed themselves. Opening the file again makes a dump of its own.
 *
 * {@snippet :
 * try (Vmcore vmcore = Vmcore.open(Path.of("vmcore"))) {
 *   MemorySegment page = Arena.ofAuto().allocate(4096);
 *   long got = vmcore.physical().read(0x10_0000, page);
 *   Extent extent = vmcore.physical().extentAt(0x10_0000);
 * }
 * }
 */
public final class Vmcore implements Memory, AutoCloseable {
  private final Dump dump;
  private final Guard guard;
  private final Image image;
  private final long copyLimit;
  private final Search search;
  private final Memory bytes;
  private final OpenFiles files;
  private final Arena arena;
  private final NotedInfo info;

  private Vmcore(Dump dump, OpenOptions options, OpenFiles files, Arena arena)
      throws VmcoreException {
    this.dump = dump;
    this.copyLimit = options.copyLimit();
    this.search = options.search();
    this.files = files;
    this.arena = arena;
    this.guard = new Guard(dump.source());
    this.image = Image.of(dump, options, guard, arena);
    this.bytes = guard.memory(image);
    this.info = NotedInfo.of(dump, image, options.vmcoreInfo());
  }

  /**
   * Opens the dump in {@code file}; the format is probed.
   *
   * @throws VmcoreException when it can't be read, or is no dump
   */
  public static Vmcore open(Path file) throws VmcoreException {
    return open(file, OpenOptions.DEFAULT);
  }

  /**
   * Opens the dump in {@code file}; the format is probed, unless a RAM map says that it is raw
   * memory.
   *
   * @throws VmcoreException when it can't be read, or is no dump
   */
  public static Vmcore open(Path file, OpenOptions options) throws VmcoreException {
    return opening(options).dump(file);
  }

  /**
   * Opens the dump at {@code location}, of {@code http} and {@code https} URLs by ranges, in place,
   * as far as the server has them, else saved to a temporary file as {@link OpenOptions#spill}
   * says; of other schemes by the provider of file systems for it that is installed.
   *
   * @throws VmcoreException when it can't be read, or is no dump, or nobody knows the scheme
   */
  public static Vmcore open(URI location, OpenOptions options) throws VmcoreException {
    return open(location(location), options);
  }

  /**
   * The path of a file at a URI, as {@link #open(URI, OpenOptions)} finds it; nothing is opened,
   * but for a file system that isn't open yet, such as a zip file: it stays open. Of a URL the path
   * shows neither user and password nor a query.
   *
   * @throws VmcoreException when nobody knows the scheme, or there is no such file system
   */
  public static Path location(URI location) throws VmcoreException {
    return Locations.path(location);
  }

  /**
   * Whether {@code file} begins as a dump does, in an envelope or not: what is worth opening among
   * the files of a folder. Only its first bytes are read; opening it may fail all the same. Raw
   * memory begins as no dump does.
   *
   * @throws VmcoreException when it can't be read
   */
  public static boolean mayBeDump(Path file) throws VmcoreException {
    try (ByteSource source = ByteSource.open(file)) {
      return Faults.guard(
          source.name(), () -> EnvelopeProbe.isIn(source, Format.PROBE_SIZE, Formats::mayBeDump));
    }
  }

  /**
   * Builds the vmcore of a crashed machine's RAM, as its crash kernel would show it.
   *
   * @throws VmcoreException when the image can't be read, or has no crash headers where they should
   *     be
   */
  public static Vmcore open(RamImage image, OpenOptions options) throws VmcoreException {
    return opening(options).ram(image);
  }

  /**
   * The vmcore of old memory and the crash headers that point into it.
   *
   * @param name what errors call it
   * @param memory stays the caller's: it isn't closed with the vmcore
   * @throws VmcoreException when {@code memory} can't be read
   */
  public static Vmcore of(String name, CrashHeaders headers, OldMemory memory, OpenOptions options)
      throws VmcoreException {
    return opening(options).memory(name, headers, memory);
  }

  private static Opening<Vmcore> opening(OpenOptions options) {
    return new Opening<>(options, (dump, files) -> of(dump, options, files));
  }

  /** The vmcore of {@code dump}, with which {@code files} will be closed. */
  private static Vmcore of(Dump dump, OpenOptions options, OpenFiles files) throws VmcoreException {
    Arena arena = Arena.ofShared();
    boolean made = false;
    try {
      Vmcore vmcore = new Vmcore(dump, options, files, arena);
      made = true;
      return vmcore;
    } finally {
      if (!made) {
        arena.close();
      }
    }
  }

  /** The name of the file, as it was given. */
  public String name() {
    return dump.source();
  }

  /**
   * The name of the format: {@code elf}, {@code kdump}, {@code lime}, {@code s390}; {@code raw} for
   * memory by a RAM map, {@code oldmem} for old memory and crash headers.
   */
  public String format() {
    return dump.format();
  }

  /** What the dump was wrapped in, from the outside in: {@code gzip}, {@code flattened}. */
  public List<String> envelopes() {
    return files.envelopes();
  }

  /** How far its memory is searched for what it doesn't tell. */
  public Search search() {
    return search;
  }

  /** What headers of the format's own tell of how the dump was made: kdump-compressed ones. */
  public Optional<DumpOrigin> origin() {
    return dump.origin();
  }

  /** The size of the image in bytes, a multiple of the page size. */
  public long size() {
    return image.size();
  }

  /** The page size that the chunks are cut by, in bytes. */
  public long pageSize() {
    return image.pageSize();
  }

  /** The physical memory that the PT_LOADs tell of, in bytes, overlaps counted once. */
  public long memorySize() {
    return image.memorySize();
  }

  /** The exported ELF header: the image's first bytes. */
  public ElfHeader header() {
    return image.header();
  }

  /**
   * The kernel's name of its architecture: {@code x86_64}, {@code arm64}. VMCOREINFO and the CPUs'
   * notes are believed, and where these don't tell the headers.
   */
  public String architecture() {
    return image.machine().machine().label();
  }

  /**
   * The bits of the kernel's words: 32 or 64. The headers may be of the other {@link
   * ElfHeader#elfClass class}.
   */
  public int bits() {
    return image.machine().machine().bits();
  }

  /** The exported program headers; p_offset is an offset in the image. */
  public List<ProgramHeader> segments() {
    return image.segments();
  }

  /** The exported PT_LOADs, each with its memory, in the order of {@link #segments}. */
  public List<LoadSegment> loads() {
    List<LoadSegment> loads = new ArrayList<>();
    for (int i = 0; i < segments().size(); i++) {
      if (segments().get(i).isLoad()) {
        loads.add(new LoadSegment(this, i));
      }
    }
    return loads;
  }

  /**
   * What the dump's file calls the memory of exported program header {@code index}, where it tells
   * of memory by section headers, as coredumps of remote processors may: text of the file, bytes
   * that aren't UTF-8 as lone surrogates.
   */
  public Optional<String> segmentName(int index) {
    return image.segmentName(index);
  }

  /**
   * Whether this is the memory of a device and not of a kernel, as far as its headers tell: then
   * physical addresses are the device's ({@link CrashHeaders#isDeviceMemory}).
   */
  public boolean isDeviceMemory() {
    return format().equals("elf") && crashHeaders().isDeviceMemory();
  }

  /**
   * Whether {@code segment}'s p_vaddr is a virtual address; some writers of dumps don't know it.
   */
  public boolean isVirtualKnown(ProgramHeader segment) {
    return image.isVirtualKnown(segment);
  }

  /** The crash headers as they were before notes were merged and offsets given. */
  public CrashHeaders crashHeaders() {
    return dump.headers();
  }

  /** The vmcore list: header, notes, and the chunks of each PT_LOAD. */
  public List<Chunk> chunks() {
    return image.chunks();
  }

  /** The device dumps' notes and the merged ones. */
  public List<Note> notes() {
    return image.notes();
  }

  /** The first note of this name, as {@link Note#name} has it: {@code VMCOREINFO}. */
  public Optional<Note> note(String name) {
    for (Note note : notes()) {
      if (note.name().equals(name)) {
        return Optional.of(note);
      }
    }
    return Optional.empty();
  }

  /** The PT_NOTEs before merging; there the n-th of a kernel's own crash headers is CPU n's. */
  public List<NoteSegment> noteSegments() {
    return image.noteSegments();
  }

  /**
   * Whether this is a dump of a Xen host: what it calls physical addresses are the machine's, and
   * dom0's virtual ones lead to them by a table that isn't read.
   */
  public boolean isXenHost() {
    for (Note note : notes()) {
      if (note.isXenHost()) {
        return true;
      }
    }
    return false;
  }

  /** What was seen while the dump was opened. */
  public List<Finding> findings() {
    return image.findings();
  }

  /**
   * Whether its file is whole: it doesn't end too early, and no header of it says that its writer
   * couldn't finish.
   */
  public boolean isFinished() {
    return findings().stream()
        .noneMatch(each -> each.severity() == Severity.ERROR && each.check().equals("file_size"));
  }

  /** Whether something of the dump is lost. */
  public boolean isDamaged() {
    return findings().stream().anyMatch(each -> each.severity() == Severity.ERROR);
  }

  /**
   * The physical address of the VMCOREINFO that is used in place of the dump's own, where {@link
   * OpenOptions#vmcoreInfo} says so.
   */
  public OptionalLong vmcoreInfoAt() {
    return info.chosenAt();
  }

  /**
   * The physical address of the VMCOREINFO that is used where the dump has no note of its own, and
   * the kernel keeps that address at a fixed place, as s390x's does.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public OptionalLong vmcoreInfoKeptAt() throws VmcoreException {
    return info.keptAt();
  }

  /**
   * The VMCOREINFO note, which is parsed once; or the one that {@link OpenOptions#vmcoreInfo}
   * names, or {@link #vmcoreInfoKeptAt}.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<VmcoreInfo> vmcoreInfo() throws VmcoreException {
    return guard.run(info::info);
  }

  /**
   * Whether VMCOREINFO or a part of it is lost, or, where there is none, anything of the dump is:
   * it may have been among that.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public boolean isVmcoreInfoLost() throws VmcoreException {
    return guard.run(info::isLost);
  }

  /** The same bytes by physical address, as the PT_LOADs' p_paddr tell. */
  public Memory physical() {
    return guard.memory(image.physical());
  }

  /** The same bytes by kernel virtual address, as far as the PT_LOADs' p_vaddr tell. */
  public Memory virtual() {
    return guard.memory(image.virtual());
  }

  @Override
  public long read(long offset, MemorySegment dst) throws VmcoreException {
    return bytes.read(offset, dst);
  }

  @Override
  public Extent extentAt(long offset) throws VmcoreException {
    return bytes.extentAt(offset);
  }

  @Override
  public Optional<Finding> lossAt(long offset) throws VmcoreException {
    return bytes.lossAt(offset);
  }

  @Override
  public String absenceAt(long offset) throws VmcoreException {
    return bytes.absenceAt(offset);
  }

  @Override
  public long blank(long offset, long most) throws VmcoreException {
    return bytes.blank(offset, most);
  }

  /** The name of the file, as {@link #name}. */
  @Override
  public String source() {
    return name();
  }

  /**
   * Maps {@code size} bytes of the image from {@code offset} on as one contiguous range. Pages that
   * lie in a file as they are, are shared with it; others are copied. What is not present reads as
   * zeros and is listed by the mapping.
   *
   * @throws VmcoreException when the range reaches outside of the image, more than the copy limit
   *     would have to be copied, the system allows no more mappings, or the dump is closed
   */
  public Mapping map(long offset, long size) throws VmcoreException {
    return guard.run(() -> new Mapper(image, dump.source(), copyLimit).map(offset, size));
  }

  /**
   * Tells {@code out} of every page frame from 0 to the last one with RAM, in ranges of ascending
   * page frame number. Neighbouring ranges differ in state.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public void pages(Consumer<PageRange> out) throws VmcoreException {
    guard.run(
        () -> {
          image.pages(out);
          return true;
        });
  }

  /**
   * How many page frames are in each state, of those that {@link #pages} tells. Pages that could be
   * ranges of their own, each of them, are counted much faster than told.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public PageCounts pageCounts() throws VmcoreException {
    return guard.run(image::pageCounts);
  }

  /**
   * Checks all that can be checked, and reports of each check at least one thing. It reads the
   * whole dump.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public List<Finding> verify() throws VmcoreException {
    return verify(_ -> {});
  }

  /**
   * Checks all that can be checked, and tells {@code done} how many bytes more of {@link
   * #memorySize} it has seen.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public List<Finding> verify(LongConsumer done) throws VmcoreException {
    return guard.run(
        () -> Verification.of(dump.headers(), image, physical(), vmcoreInfoKeptAt(), done));
  }

  /** File, format and size. */
  @Override
  public String toString() {
    return "Vmcore[" + name() + ", " + format() + ", " + Hex.of(size()) + " bytes]";
  }

  @Override
  public void close() {
    if (guard.close()) {
      files.close();
      arena.close();
    }
  }
}
