package org.vmcore.open;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.vmcore.values.Described;

/**
 * A crashed machine's RAM in a file, and how its crash headers are found: what {@code /proc/vmcore}
 * is built from.
 *
 * {@snippet :
 * RamImage ram = RamImage.of(Path.of("guest.ram")).withHeaders(new RamImage.Elfcorehdr.At(address));
 * Vmcore vmcore = Vmcore.open(ram, OpenOptions.DEFAULT);
 * }
 *
 * @param file a raw image, a LiME image, or {@code /dev/mem}
 * @param map where RAM lies in it; when empty, a LiME image tells, and in a raw one the file's
 *     first byte is physical address 0
 * @param headers where the crash headers are
 * @param isRam given a page frame number, whether it is RAM at all: the kernel's pfn_is_ram; when
 *     empty, what the map has is RAM
 * @param more further files of the image, one for each bank of RAM, say; then there is a map, in
 *     which {@code file} is number 0
 */
public record RamImage(
    Path file,
    Optional<RamMap> map,
    Elfcorehdr headers,
    Optional<LongPredicate> isRam,
    List<Path> more) {
  /** A copy of the list is kept. */
  public RamImage {
    more = List.copyOf(more);
  }

  /** Where the first kernel's ELF header and program headers are. */
  public sealed interface Elfcorehdr {
    /** In RAM, at a physical address. */
    record At(long address) implements Elfcorehdr {
      /** Addresses, offsets and sizes are hexadecimal. */
      @Override
      public String toString() {
        return Described.as("RamImage.Elfcorehdr.At").hex("address", address).toString();
      }
    }

    /** In a file of their own. */
    record InFile(Path file) implements Elfcorehdr {}

    /** Where a device tree's {@code linux,elfcorehdr} says. */
    record ByDeviceTree(Path dtb) implements Elfcorehdr {}

    /** Anywhere in RAM: they are searched for. */
    record Found() implements Elfcorehdr {}
  }

  /** {@code file}, its crash headers to be searched for. */
  public static RamImage of(Path file) {
    return new RamImage(
        file, Optional.empty(), new Elfcorehdr.Found(), Optional.empty(), List.of());
  }

  /** This image with another map of its RAM. */
  public RamImage withMap(RamMap other) {
    return new RamImage(file, Optional.of(other), headers, isRam, more);
  }

  /** This image with its crash headers in another place. */
  public RamImage withHeaders(Elfcorehdr other) {
    return new RamImage(file, map, other, isRam, more);
  }

  /** This image with page frames that aren't RAM: a balloon's, virtio-mem's. */
  public RamImage withRam(LongPredicate pfnIsRam) {
    return new RamImage(file, map, headers, Optional.of(pfnIsRam), more);
  }

  /** This image, of which further files hold parts; a map must tell which. */
  public RamImage withMore(List<Path> files) {
    return new RamImage(file, map, headers, isRam, files);
  }
}
