package org.vmcore.testing;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.vmcore.Vmcore;
import org.vmcore.elf.Note;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;

/** Does everything that can be done with a dump, in bounded time whatever the dump says. */
public final class Exercise {
  private static final MemorySegment DST = MemorySegment.ofArray(new byte[1 << 16]);
  private static final int MOST_EXTENTS = 2000;

  private Exercise() {}

  /**
   * Opens {@code file} and uses it; false when it was refused. Anything but a {@link
   * VmcoreException} comes out.
   */
  public static boolean dump(Path file, OpenOptions options) {
    try (Vmcore vmcore = Vmcore.open(file, options)) {
      all(vmcore);
      return true;
    } catch (VmcoreException e) {
      requireOneLine(e.getMessage(), file);
      return false;
    }
  }

  private static void requireOneLine(String message, Path file) {
    if (!message.startsWith(file.toString()) || message.lines().count() != 1) {
      throw new AssertionError("no clear line: " + message);
    }
  }

  private static void all(Vmcore vmcore) {
    long sum = vmcore.chunks().stream().limit(MOST_EXTENTS).mapToLong(Chunk::size).sum();
    if (sum > vmcore.size() || vmcore.segments().size() > vmcore.header().phnum()) {
      throw new AssertionError("more than there is: " + sum);
    }
    attempt(vmcore::verify);
    attempt(() -> vmcore.pages(_ -> {}));
    for (Memory memory : new Memory[] {vmcore, vmcore.physical(), vmcore.virtual()}) {
      attempt(() -> walk(memory));
    }
    for (Note note : vmcore.notes()) {
      attempt(() -> note.prStatus());
      attempt(() -> note.vmcoredd());
      attempt(() -> note.qemuCpuState());
      attempt(() -> note.descriptor(1 << 16));
    }
    attempt(vmcore::vmcoreInfo);
    attempt(() -> map(vmcore, 0, vmcore.size()));
    attempt(() -> map(vmcore, 0, Math.min(vmcore.size(), 0x5432)));
    attempt(() -> map(vmcore, vmcore.size() - 0x1000, 0x1000));
  }

  private static void walk(Memory memory) throws VmcoreException {
    long at = 0;
    for (int i = 0; i < MOST_EXTENTS; i++) {
      Extent extent = memory.extentAt(at);
      if (extent.start() != at || extent.size() == 0) {
        throw new AssertionError("extents don't tile: " + extent + " at " + at);
      }
      long size = extent.size() < 0 ? DST.byteSize() : Math.min(extent.size(), DST.byteSize());
      long got = memory.read(at, DST.asSlice(0, size));
      // Damage may show only when it is read; then it is told.
      if (extent.isPresent() && got != size && memory.extentAt(at + got).isPresent()) {
        throw new AssertionError(got + " bytes read of " + extent);
      }
      at = extent.end();
      if (at == 0 || at == -1) {
        return;
      }
    }
  }

  private static void map(Vmcore vmcore, long offset, long size) throws VmcoreException {
    try (Mapping mapping = vmcore.map(offset, size)) {
      MemorySegment bytes = mapping.bytes();
      long n = Math.min(bytes.byteSize(), DST.byteSize());
      DST.copyFrom(bytes.asSlice(0, n));
      DST.copyFrom(bytes.asSlice(bytes.byteSize() - n));
    }
  }

  private interface Use {
    void run() throws VmcoreException;
  }

  private static void attempt(Use use) {
    try {
      use.run();
    } catch (VmcoreException e) {
      if (e.reason().isEmpty()) {
        throw new AssertionError("no reason", e);
      }
    }
  }
}
