package org.vmcore;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.extract.ExtractOptions;
import org.vmcore.extract.Extraction;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.Missing;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * A PT_LOAD of an open dump and its memory. As a {@link Memory} its addresses are offsets in the
 * segment, in bytes: 0 is p_paddr.
 *
 * {@snippet :
 * for (LoadSegment load : vmcore.loads()) {
 *   load.copyTo(Path.of("load-" + load.index() + ".bin"));
 * }
 * }
 */
public final class LoadSegment implements Memory {
  private final Vmcore vmcore;
  private final int index;
  private final ProgramHeader header;

  LoadSegment(Vmcore vmcore, int index) {
    this.vmcore = vmcore;
    this.index = index;
    this.header = vmcore.segments().get(index);
  }

  /** Its place among {@link Vmcore#segments}. */
  public int index() {
    return index;
  }

  /** Its program header; p_offset is an offset in the image. */
  public ProgramHeader header() {
    return header;
  }

  /** What the dump's file calls its memory, as {@link Vmcore#segmentName} tells. */
  public Optional<String> name() {
    return vmcore.segmentName(index);
  }

  /** p_paddr, the physical address of its first byte; −1 where none is known. */
  public long paddr() {
    return header.paddr();
  }

  /** p_vaddr, the kernel virtual address of its first byte, if {@link Vmcore#isVirtualKnown}. */
  public long vaddr() {
    return header.vaddr();
  }

  /** p_memsz, in bytes. */
  public long size() {
    return header.memsz();
  }

  /**
   * Writes its memory to {@code file}, a new one. As {@link #copyTo(Path, ExtractOptions)} with
   * {@link ExtractOptions#DEFAULT}.
   *
   * @return what was missing, and is zeros in the file
   * @throws VmcoreException when {@code file} exists or can't be written, when the dump is closed,
   *     or its file fails
   */
  public Missing copyTo(Path file) throws VmcoreException {
    return copyTo(file, ExtractOptions.DEFAULT);
  }

  /**
   * Writes its memory to {@code file}, on any file system, as {@link Extraction} does: whole or not
   * at all.
   *
   * @return what was missing, and is zeros in the file
   * @throws VmcoreException when {@code file} can't be written, when the dump is closed, or its
   *     file fails
   */
  public Missing copyTo(Path file, ExtractOptions options) throws VmcoreException {
    return Extraction.of(this, 0, size()).to(file, options);
  }

  private boolean holds(long offset) {
    return Long.compareUnsigned(offset, size()) < 0;
  }

  @Override
  public long read(long offset, MemorySegment dst) throws VmcoreException {
    if (!holds(offset)) {
      return 0;
    }
    long most = Math.min(dst.byteSize(), size() - offset);
    return vmcore.read(header.offset() + offset, dst.asSlice(0, most));
  }

  @Override
  public Extent extentAt(long offset) throws VmcoreException {
    if (offset < 0) {
      return Extent.nowhere(offset);
    }
    if (!holds(offset)) {
      return new Extent(size(), Long.MIN_VALUE - size(), PageState.NOT_RAM);
    }
    Extent extent = vmcore.extentAt(header.offset() + offset).clip(header.offset(), size());
    return new Extent(extent.start() - header.offset(), extent.size(), extent.state());
  }

  @Override
  public Optional<Finding> lossAt(long offset) throws VmcoreException {
    return holds(offset) ? vmcore.lossAt(header.offset() + offset) : Optional.empty();
  }

  @Override
  public String absenceAt(long offset) throws VmcoreException {
    return holds(offset)
        ? vmcore.absenceAt(header.offset() + offset)
        : "the segment has " + Hex.of(size()) + " bytes";
  }

  @Override
  public long blank(long offset, long most) throws VmcoreException {
    return holds(offset)
        ? vmcore.blank(header.offset() + offset, Math.min(most, size() - offset))
        : 0;
  }

  @Override
  public String source() {
    return vmcore.name();
  }

  @Override
  public String toString() {
    return "LoadSegment["
        + index
        + ": paddr="
        + Hex.of(paddr())
        + ", vaddr="
        + Hex.of(vaddr())
        + ", size="
        + Hex.of(size())
        + "]";
  }
}
