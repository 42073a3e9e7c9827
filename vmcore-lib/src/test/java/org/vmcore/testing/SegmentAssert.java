package org.vmcore.testing;

import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.vmcore.LoadSegment;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;

/** Assertions about an exported program header and its memory; {@link #and} goes back. */
public final class SegmentAssert extends AbstractAssert<SegmentAssert, ProgramHeader> {
  private final VmcoreAssert dump;
  private final Vmcore vmcore;
  private final int index;

  SegmentAssert(VmcoreAssert dump, Vmcore vmcore, int index) {
    super(vmcore.segments().get(index), SegmentAssert.class);
    this.dump = dump;
    this.vmcore = vmcore;
    this.index = index;
  }

  /** Its p_paddr, a physical address. */
  public SegmentAssert at(long paddr) {
    return require("at physical address", paddr, actual.paddr());
  }

  /** Its p_vaddr, a kernel virtual address. */
  public SegmentAssert atVirtual(long vaddr) {
    return require("at virtual address", vaddr, actual.vaddr());
  }

  /** Its p_memsz, in bytes. */
  public SegmentAssert withSize(long memsz) {
    return require("of size", memsz, actual.memsz());
  }

  private SegmentAssert require(String what, long wanted, long has) {
    if (has != wanted) {
      throw dump.fail(
          "expected segment "
              + index
              + " "
              + what
              + " "
              + DumpWords.hex(wanted)
              + ", but it is "
              + DumpWords.segment(actual));
    }
    return this;
  }

  /** {@code bytes} lie {@code offset} bytes behind its first one. */
  public SegmentAssert containing(long offset, byte... bytes) {
    if (offset < 0 || offset + bytes.length > actual.memsz()) {
      throw dump.fail(
          "expected "
              + bytes.length
              + " bytes at offset "
              + DumpWords.hex(offset)
              + " of segment "
              + index
              + ", but it is "
              + DumpWords.segment(actual));
    }
    Optional<String> difference =
        dump.ask(() -> SameImage.bytesAt(load(), offset, bytes, "segment " + index + ", offset "));
    if (difference.isPresent()) {
      throw dump.fail(difference.get());
    }
    return this;
  }

  private LoadSegment load() {
    return vmcore.loads().stream()
        .filter(load -> load.index() == index)
        .findFirst()
        .orElseThrow(() -> dump.fail("expected a PT_LOAD, but segment " + index + " is " + told()));
  }

  private String told() {
    return DumpWords.segment(actual);
  }

  /** Back to the dump. */
  public VmcoreAssert and() {
    return dump;
  }
}
