package org.vmcore.prepare;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.vmcore.io.SmallFile;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * The text of {@code /proc/iomem}: what lies where in the physical address space.
 *
 * @param resources in the text's order: each one's parts follow it
 */
public record Iomem(List<Resource> resources) {
  private static final long PAGE = 4096;

  /** What the kernel's image ends with, the later one first. */
  private static final List<String> LAST_PARTS = List.of("Kernel bss", "Kernel data");

  private static final int MAX_SIZE = 16 << 20;
  private static final String SYSTEM_RAM = "System RAM";

  /**
   * One line.
   *
   * @param range its addresses
   * @param depth how many resources it lies in, 5 standing for more too
   * @param name what it is
   */
  public record Resource(AddressRange range, int depth, String name) {}

  /** Copies the list. */
  public Iomem {
    resources = List.copyOf(resources);
  }

  /** Reads {@code file}: {@code /proc/iomem} itself or a copy of it. */
  public static Iomem read(Path file) throws VmcoreException {
    byte[] bytes = SmallFile.read(file, MAX_SIZE, "/proc/iomem");
    return parse(file.toString(), new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /**
   * Parses the text; line ends may be CRLF, and blanks at the end of lines are ignored.
   *
   * @param file named in errors
   * @param text each byte one character
   * @throws VmcoreException with line and byte offset, when a line is malformed, overlaps another
   *     or reaches outside of the one it lies in; when all addresses are 0, as they are for anyone
   *     but root
   */
  public static Iomem parse(String file, String text) throws VmcoreException {
    return new Iomem(new IomemParser(file, text).parse());
  }

  /**
   * System RAM, whoever brought it ({@code System RAM (kmem)}), as walk_system_ram_res finds it: in
   * ascending order, no range in another.
   */
  public List<AddressRange> systemRam() {
    List<AddressRange> outermost = new ArrayList<>();
    for (AddressRange range :
        ranges(name -> name.equals(SYSTEM_RAM) || name.startsWith(SYSTEM_RAM + " ("))) {
      if (outermost.isEmpty() || !outermost.getLast().contains(range)) {
        outermost.add(range);
      }
    }
    return outermost;
  }

  /** The memory reserved for the crash kernel: when there are two regions, the low one is first. */
  public List<AddressRange> crashKernel() {
    return named("Crash kernel");
  }

  /** The resources of exactly this name: {@code Kernel code}, {@code Kernel bss}. */
  public List<AddressRange> named(String name) {
    return ranges(name::equals);
  }

  private List<AddressRange> ranges(Predicate<String> wanted) {
    return resources.stream().filter(r -> wanted.test(r.name())).map(Resource::range).toList();
  }

  /**
   * How many bytes of the kernel image at {@code paddr} are listed, in whole pages: on arm64 all of
   * it, on x86_64 without the brk area behind bss.
   */
  public OptionalLong kernelImageSize(long paddr) {
    for (String part : LAST_PARTS) {
      Optional<AddressRange> last =
          named(part).stream()
              .filter(range -> Long.compareUnsigned(range.start(), paddr) > 0)
              .findFirst();
      if (last.isPresent()) {
        return OptionalLong.of((last.get().last() - paddr + PAGE) & -PAGE);
      }
    }
    return OptionalLong.empty();
  }
}
