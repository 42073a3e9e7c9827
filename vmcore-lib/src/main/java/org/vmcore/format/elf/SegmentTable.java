package org.vmcore.format.elf;

import java.util.List;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;

/**
 * What tells of a file's memory: its program headers, or section headers in their place.
 *
 * @param segments the program headers, or those that sections stand for
 * @param names the sections' names; empty for program headers
 * @param sections the sections' numbers; empty for program headers
 * @param start the file offset of the first header of the file's table
 * @param stride from one to the next, in bytes
 * @param claimed file ranges beside the segments' that hold no memory, each first and behind its
 *     last byte
 */
record SegmentTable(
    List<ProgramHeader> segments,
    List<String> names,
    List<Integer> sections,
    long start,
    int stride,
    List<long[]> claimed) {
  /** The program headers that {@code header} tells of. */
  static SegmentTable of(ElfHeader header, List<ProgramHeader> segments) {
    return new SegmentTable(
        segments,
        List.of(),
        List.of(),
        header.phoff(),
        header.phentsize(),
        List.of(
            range(header.phoff(), (long) header.phentsize() * segments.size()),
            range(header.shoff(), (long) header.shentsize() * header.shnum())));
  }

  static long[] range(long start, long size) {
    return new long[] {start, start + size};
  }

  /** Where in the file segment {@code index} is told of. */
  long at(int index) {
    int number = sections.isEmpty() ? index : sections.get(index);
    return start + (long) number * stride;
  }

  /** What segment {@code index} is in the file, for a finding. */
  String what(int index) {
    return sections.isEmpty()
        ? "program header " + index + " (" + segments.get(index).typeName() + ")"
        : "section " + sections.get(index);
  }
}
