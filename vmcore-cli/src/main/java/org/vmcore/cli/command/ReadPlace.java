package org.vmcore.cli.command;

import java.nio.ByteOrder;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.bytes.MemoryWalk;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.output.Console;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.values.Hex;

/**
 * Bytes in one of a dump's address spaces.
 *
 * @param space what an address is called: {@code physical address}
 * @param memory the address space
 * @param start the first byte's address
 * @param size how many, not past the space's end
 * @param order the byte order of numbers there
 */
record ReadPlace(String space, Memory memory, long start, long size, ByteOrder order) {
  /** How many extents are looked at to tell what knows of them. */
  private static final int MAX_TOLD = 1 << 14;

  /** Bytes of the image. */
  static ReadPlace image(Vmcore vmcore, long offset, long size) throws VmcoreException {
    if (Long.compareUnsigned(offset, vmcore.size()) >= 0) {
      throw VmcoreException.of(
          vmcore.name(),
          "offset "
              + Hex.of(offset)
              + ": nothing there, the image ends at "
              + Hex.of(vmcore.size()));
    }
    long most = Math.min(size, vmcore.size() - offset);
    return new ReadPlace("offset", vmcore, offset, most, vmcore.header().order());
  }

  /** Bytes of physical memory. */
  static ReadPlace physical(Vmcore vmcore, long address, long size) {
    ByteOrder order = vmcore.header().order();
    return new ReadPlace(
        "physical address", vmcore.physical(), address, upToTheEnd(address, size), order);
  }

  /** Bytes of virtual memory, by page tables alone. */
  static ReadPlace of(AddressSpace space, Kernel kernel, long address, long size)
      throws VmcoreException {
    return new ReadPlace(
        "virtual address", space, address, upToTheEnd(address, size), kernel.order());
  }

  /** Bytes of kernel virtual memory; a line tells when others than the page tables know of some. */
  static ReadPlace virtual(Console console, Vmcore vmcore, long address, long size)
      throws VmcoreException {
    return virtual(console, vmcore, Kernel.of(vmcore), address, size);
  }

  private static ReadPlace virtual(
      Console console, Vmcore vmcore, Kernel kernel, long address, long size)
      throws VmcoreException {
    KernelMemory memory = kernel.memory();
    ReadPlace place =
        new ReadPlace(
            "virtual address", memory, address, upToTheEnd(address, size), kernel.order());
    if (memory.tables().isEmpty()) {
      console.say(vmcore.name(), "no page tables: " + memory.reason() + by(memory, address));
      return place;
    }
    long done = 0;
    for (int i = 0; i < MAX_TOLD && done < place.size; i++) {
      Extent extent = memory.extentAt(address + done).clip(address + done, place.size - done);
      if (extent.isPresent() && !memory.isMapped(extent.start())) {
        console.say(
            vmcore.name(),
            place.at(extent.start()) + ": not in the page tables" + by(memory, extent.start()));
        return place;
      }
      done += extent.size();
    }
    return place;
  }

  private static String by(KernelMemory memory, long address) throws VmcoreException {
    if (memory.extentAt(address).state() == PageState.NOT_RAM) {
      return "";
    }
    Optional<String> map = memory.linearMap(address);
    return map.isPresent()
        ? ": read by the place of the " + map.get()
        : ": read by the PT_LOADs' virtual addresses";
  }

  /** Bytes at a symbol. */
  static ReadPlace symbol(
      Console console, Vmcore vmcore, Kernel kernel, SymbolPlace symbol, long size)
      throws VmcoreException {
    long at = symbol.address(kernel, vmcore);
    return virtual(console, vmcore, kernel, at, size);
  }

  /** {@code size}, or what is left of the 2^64 addresses from {@code address} on. */
  private static long upToTheEnd(long address, long size) {
    return address < 0 ? Math.min(size, -address) : size;
  }

  /** The address of the last byte. */
  long last() {
    return start + size - 1;
  }

  boolean hasRam() throws VmcoreException {
    return MemoryWalk.hasRam(memory, start, size);
  }

  /** {@code physical address 0x1000}. */
  String at(long address) {
    return space + " " + Hex.of(address);
  }
}
