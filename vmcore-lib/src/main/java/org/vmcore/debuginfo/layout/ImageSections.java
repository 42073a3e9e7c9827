package org.vmcore.debuginfo.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.debuginfo.layout.ImageSection.Access;
import org.vmcore.debuginfo.layout.ImageSection.Content;
import org.vmcore.memory.AddressRange;

/**
 * Cuts a kernel's image into sections, by the symbols that the linker script puts at their ends. A
 * region of which a kernel has no symbols isn't there. What lies in none of them, but has symbols,
 * becomes a section without contents.
 */
final class ImageSections {
  private static final String OTHER = ".other";
  private static final long PAGE = 1 << 12;

  /** crash reads 1500 bytes from {@code linux_banner} on, all out of one section. */
  private static final long BANNER = 2 * PAGE;

  /** A region; where several overlap the last one counts. */
  private record Region(String name, AddressRange range, Content content, Access access) {}

  private final KernelLayout layout;
  private final boolean withText;
  private final List<Region> regions = new ArrayList<>();
  private final Map<String, Integer> parts = new HashMap<>();

  private ImageSections(KernelLayout layout, boolean withText) {
    this.layout = layout;
    this.withText = withText;
  }

  /**
   * The sections, ascending.
   *
   * @param withText whether the file gets the bytes of text and data, and BTF
   * @param withNotes whether the kernel's notes can be read
   */
  static List<ImageSection> of(KernelLayout layout, boolean withText, boolean withNotes) {
    ImageSections sections = new ImageSections(layout, withText);
    sections.main();
    sections.add(".init.data", "__init_begin", "__init_end", Content.NOTHING, Access.WRITE);
    sections.init();
    if (withNotes) {
      sections.add(".notes", "__start_notes", "__stop_notes", Content.NOTES, Access.READ);
    }
    if (withText) {
      sections.table(".BTF", "BTF");
    }
    sections.table(".orc_header", "orc_header");
    sections.table(".orc_unwind_ip", "orc_unwind_ip");
    sections.table(".orc_unwind", "orc_unwind");
    sections.add(".data..percpu", layout.perCpu(), Content.ZEROS, Access.WRITE);
    sections.add(".bss", "__bss_start", "__bss_stop", Content.NOTHING, Access.WRITE);
    sections.add(".brk", "__brk_base", "_end", Content.NOTHING, Access.WRITE);
    return sections.cut();
  }

  /** Text, constants and data: what is large. */
  private void main() {
    AddressRange image = layout.image();
    long etext = layout.address("_etext").orElse(image.end());
    bytes(".text", range(image.start(), etext), image.start(), Access.EXECUTE);
    OptionalLong banner = layout.address("linux_banner");
    if (layout.address("_sdata").isPresent()) {
      bytes(".rodata", range("__start_rodata", "__end_rodata"), banner.orElse(0), Access.READ);
      bytes(".data", range("_sdata", "_edata"), layout.address("_sdata").getAsLong(), Access.WRITE);
    } else {
      part(".data", range(etext, image.end()), etext, Access.WRITE);
    }
  }

  /** That it has code that runs once and is freed; drgn knows a kernel's file by it. */
  private void init() {
    Optional<AddressRange> code = range("_sinittext", "_einittext");
    if (withText) {
      add(".init.text", code, Content.ZEROS, Access.EXECUTE);
    } else if (code.isPresent()) {
      part(".init.text", code, code.get().start(), Access.EXECUTE);
    }
  }

  /** A region with its bytes or, where these are left out, those at {@code kept}. */
  private void bytes(String name, Optional<AddressRange> range, long kept, Access access) {
    if (withText) {
      add(name, range, Content.BYTES, access);
    } else {
      part(name, range, kept, access);
    }
  }

  /** A region without contents but for some at {@code kept}: zeros, or the banner. */
  private void part(String name, Optional<AddressRange> range, long kept, Access access) {
    add(name + ".rest", range, Content.NOTHING, access);
    if (range.isPresent() && range.get().contains(kept)) {
      long start = Math.max(range.get().start(), kept & -PAGE);
      boolean isConstant = access == Access.READ;
      long size = Math.min(isConstant ? BANNER : PAGE, range.get().end() - start);
      AddressRange part = AddressRange.ofSize(start, size);
      regions.add(new Region(name, part, isConstant ? Content.BYTES : Content.ZEROS, access));
    }
  }

  private void table(String name, String symbol) {
    add(name, "__start_" + symbol, "__stop_" + symbol, Content.BYTES, Access.READ);
  }

  private void add(String name, String start, String end, Content content, Access access) {
    add(name, range(start, end), content, access);
  }

  private void add(String name, Optional<AddressRange> range, Content content, Access access) {
    range.ifPresent(all -> regions.add(new Region(name, all, content, access)));
  }

  private Optional<AddressRange> range(String start, String end) {
    OptionalLong first = layout.address(start);
    OptionalLong last = layout.address(end);
    return first.isEmpty() || last.isEmpty()
        ? Optional.empty()
        : range(first.getAsLong(), last.getAsLong());
  }

  /** What lies between two addresses of the image. */
  private static Optional<AddressRange> range(long start, long end) {
    return Long.compareUnsigned(start, end) < 0
        ? Optional.of(new AddressRange(start, end))
        : Optional.empty();
  }

  /** What each address belongs to, in a row. */
  private List<ImageSection> cut() {
    List<ImageSection> sections = new ArrayList<>();
    long[] ends = ends();
    Region open = null;
    long start = 0;
    for (int i = 0; i + 1 < ends.length; i++) {
      AddressRange piece = new AddressRange(ends[i], ends[i + 1]);
      Region region = at(piece);
      if (open != null && !open.equals(region)) {
        sections.add(section(open, start, ends[i]));
      }
      start = Objects.equals(region, open) ? start : ends[i];
      open = region;
    }
    if (open != null) {
      sections.add(section(open, start, ends[ends.length - 1]));
    }
    return sections;
  }

  /** Where something begins or ends, ascending, each once. */
  private long[] ends() {
    long[] ends = new long[2 * regions.size() + 2];
    for (int i = 0; i < regions.size(); i++) {
      ends[2 * i] = regions.get(i).range().start() ^ Long.MIN_VALUE;
      ends[2 * i + 1] = regions.get(i).range().end() ^ Long.MIN_VALUE;
    }
    ends[ends.length - 2] = layout.image().start() ^ Long.MIN_VALUE;
    ends[ends.length - 1] = layout.image().end() ^ Long.MIN_VALUE;
    long[] distinct = Arrays.stream(ends).sorted().distinct().toArray();
    for (int i = 0; i < distinct.length; i++) {
      distinct[i] ^= Long.MIN_VALUE;
    }
    return distinct;
  }

  /** What {@code piece} is a part of; null where that is nothing. */
  private @Nullable Region at(AddressRange piece) {
    for (int i = regions.size() - 1; i >= 0; i--) {
      if (regions.get(i).range().contains(piece)) {
        return regions.get(i);
      }
    }
    boolean isLast = piece.end() == layout.image().end();
    return layout.image().contains(piece) && (isLast || layout.hasSymbols(piece))
        ? new Region(OTHER, piece, Content.NOTHING, Access.WRITE)
        : null;
  }

  private ImageSection section(Region region, long start, long end) {
    int part = parts.merge(region.name(), 1, Integer::sum);
    String name = part == 1 ? region.name() : region.name() + "." + part;
    return new ImageSection(name, new AddressRange(start, end), region.content(), region.access());
  }
}
