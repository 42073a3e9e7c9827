package org.vmcore.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.vmcore.Vmcore;
import org.vmcore.elf.Note;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * Assertions about an open dump. A failure says what the dump has instead, in the words of those
 * who debug kernels. Addresses are physical unless a method says otherwise.
 *
 * <p>What can't be told because the dump is closed, or its file fails, fails too.
 */
public final class VmcoreAssert extends AbstractAssert<VmcoreAssert, Vmcore> {
  /** The most lines, notes or chunks that a failure shows. */
  private static final int SHOWN = 12;

  VmcoreAssert(Vmcore actual) {
    super(actual, VmcoreAssert.class);
  }

  /** A question to the dump. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws VmcoreException;
  }

  <T> T ask(Question<T> question) {
    isNotNull();
    try {
      return question.ask();
    } catch (VmcoreException e) {
      AssertionError error = fail("the dump doesn't tell: " + e.getMessage());
      error.addSuppressed(e);
      throw error;
    }
  }

  /** The failure, with the description that was given by {@code as}. */
  AssertionError fail(String message) {
    return failure("%s", message);
  }

  /** The format, as {@link Vmcore#format} names it: {@code elf}, {@code kdump}. */
  public VmcoreAssert hasFormat(String format) {
    isNotNull();
    if (!actual.format().equals(format)) {
      throw fail("expected a dump of format " + format + ", but it is " + actual.format());
    }
    return this;
  }

  /** The architecture, as {@link Vmcore#architecture} names it: {@code x86_64}, {@code arm64}. */
  public VmcoreAssert hasArchitecture(String name) {
    isNotNull();
    if (!actual.architecture().equals(name)) {
      throw fail("expected a dump of " + name + ", but it is of " + actual.architecture());
    }
    return this;
  }

  // --- notes

  /** The exported PT_NOTE holds {@code count} notes, those of all PT_NOTEs of the crash headers. */
  public VmcoreAssert hasMergedNotes(int count) {
    isNotNull();
    if (actual.notes().size() != count) {
      String wanted = count == 1 ? "1 merged note" : count + " merged notes";
      throw fail("expected " + wanted + ", but " + DumpWords.notes(actual, SHOWN));
    }
    return this;
  }

  /** A note of this n_name and n_type is there: {@code ("CORE", 1)} is an NT_PRSTATUS. */
  public VmcoreAssert hasNote(String name, int type) {
    isNotNull();
    if (actual.notes().stream().noneMatch(n -> n.name().equals(name) && n.type() == type)) {
      throw fail(
          "expected a note "
              + name
              + " of type "
              + DumpWords.hex(type)
              + ", but "
              + DumpWords.notes(actual, SHOWN));
    }
    return this;
  }

  /** VMCOREINFO has a line {@code key=value}. */
  public VmcoreAssert hasVmcoreInfo(String key, String value) {
    Optional<VmcoreInfo> info = ask(actual::vmcoreInfo);
    String expected = "expected VMCOREINFO to have " + key + "=" + value + ", but ";
    if (info.isEmpty()) {
      throw fail(expected + "there is none: " + DumpWords.notes(actual, SHOWN));
    }
    Optional<String> line = info.get().get(key);
    if (line.isEmpty()) {
      throw fail(expected + "it has no " + key + ":\n" + info.get().text());
    }
    if (!line.get().equals(value)) {
      throw fail(expected + "it has " + key + "=" + line.get());
    }
    return this;
  }

  // --- the image

  /**
   * The page at {@code address} of old memory is a BUFFER: RAM begins or ends inside of it, so that
   * only the bytes that PT_LOADs claim were copied.
   *
   * @param address any address in the page as {@link Chunk#source} has it, and {@code vmcore
   *     chunks} shows it: of RAM a physical address, of a saved dump a place in its file
   */
  public VmcoreAssert hasFractionalPage(long address) {
    return requireFractional(address, false);
  }

  /**
   * As {@link #hasFractionalPage}, by the page's physical address, as the PT_LOADs' p_paddr tell.
   */
  public VmcoreAssert hasFractionalPhysicalPage(long address) {
    return requireFractional(address, true);
  }

  private VmcoreAssert requireFractional(long address, boolean isPhysical) {
    isNotNull();
    long page = address & -actual.pageSize();
    if (DumpWords.fractional(actual, page, isPhysical).isEmpty()) {
      throw fail(
          "expected a fractional page at "
              + (isPhysical ? "physical " : "")
              + DumpWords.hex(page)
              + ", but "
              + DumpWords.instead(actual, page, isPhysical, SHOWN));
    }
    return this;
  }

  /** There is a program header {@code index}; what follows is about it. */
  public SegmentAssert hasSegment(int index) {
    isNotNull();
    List<ProgramHeader> segments = actual.segments();
    if (index < 0 || index >= segments.size()) {
      throw fail(
          "expected a program header "
              + index
              + ", but there are "
              + segments.size()
              + DumpWords.list(segments.stream().map(DumpWords::segment).toList(), SHOWN));
    }
    return new SegmentAssert(this, actual, index);
  }

  /** What follows is about page frame {@code pfn}. */
  public PageAssert hasPage(long pfn) {
    isNotNull();
    return new PageAssert(this, actual, pfn);
  }

  /** The vmcore list is made of exactly these chunks. */
  public VmcoreAssert hasChunks(Chunk... chunks) {
    isNotNull();
    List<Chunk> expected = Arrays.asList(chunks);
    List<Chunk> found = actual.chunks();
    if (!found.equals(expected)) {
      int at = 0;
      while (at < Math.min(found.size(), expected.size())
          && found.get(at).equals(expected.get(at))) {
        at++;
      }
      throw fail(
          "expected chunk "
              + at
              + " to be "
              + (at < expected.size() ? DumpWords.chunk(expected.get(at)) : "missing")
              + ", but it is "
              + (at < found.size() ? DumpWords.chunk(found.get(at)) : "missing")
              + "; the chunks are"
              + DumpWords.list(found.stream().map(DumpWords::chunk).toList(), SHOWN));
    }
    return this;
  }

  /**
   * Each byte of the image is what it is in {@code other}'s: the same, or missing for the same
   * reason.
   */
  public VmcoreAssert isSameImageAs(Vmcore other) {
    Optional<String> difference = ask(() -> SameImage.difference(actual, other));
    if (difference.isPresent()) {
      throw fail(
          "expected the image of "
              + actual.name()
              + " to be that of "
              + other.name()
              + ", but "
              + difference.get());
    }
    return this;
  }

  /** {@code bytes} lie at physical address {@code address}. */
  public VmcoreAssert hasBytes(long address, byte... bytes) {
    Optional<String> difference =
        ask(() -> SameImage.bytesAt(actual.physical(), address, bytes, "physical address "));
    if (difference.isPresent()) {
      throw fail(difference.get());
    }
    return this;
  }

  /** Nothing unusual, and no damage, was seen while the dump was opened. */
  public VmcoreAssert hasNoWarnings() {
    isNotNull();
    List<String> warnings = new ArrayList<>();
    for (Finding finding : actual.findings()) {
      if (finding.severity() != Finding.Severity.INFO) {
        warnings.add(finding.severity() + " " + finding.check() + ": " + finding.message());
      }
    }
    if (!warnings.isEmpty()) {
      throw fail("expected no warnings, but opening it told" + DumpWords.list(warnings, SHOWN));
    }
    return this;
  }

  // --- the kernel

  /** A record of the kernel's log contains {@code text}. */
  public VmcoreAssert logContains(String text) {
    List<String> lines = new ArrayList<>();
    isNotNull();
    List<Finding> gaps;
    try {
      gaps = Kernel.of(actual).log().records(line -> lines.add(DumpWords.text(line.text())));
    } catch (VmcoreException e) {
      gaps = List.of(new Finding("log", Finding.Severity.ERROR, e.offset(), e.reason()));
    }
    if (lines.stream().noneMatch(line -> line.contains(text))) {
      String why = gaps.stream().map(Finding::message).collect(Collectors.joining("; "));
      String has =
          lines.isEmpty()
              ? "there is no log" + (why.isEmpty() ? "" : ": " + why)
              : "of its "
                  + lines.size()
                  + " records these are the last"
                  + DumpWords.list(lines.subList(Math.max(0, lines.size() - SHOWN), lines.size()));
      throw fail("expected the log to contain \"" + text + "\", but " + has);
    }
    return this;
  }

  /** The kernel or a module has the symbol {@code name}; what follows is about it. */
  public SymbolAssert hasSymbol(String name) {
    return SymbolAssert.of(this, actual, name);
  }

  /** The first note of this name, for what no assertion here asks; fails where there is none. */
  public Note note(String name) {
    isNotNull();
    return actual
        .note(name)
        .orElseThrow(
            () -> fail("expected a note " + name + ", but " + DumpWords.notes(actual, SHOWN)));
  }
}
