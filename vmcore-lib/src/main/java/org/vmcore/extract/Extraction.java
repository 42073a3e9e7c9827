package org.vmcore.extract;

import java.nio.file.Path;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.Missing;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.MemoryCopy;
import org.vmcore.output.OutputFile;
import org.vmcore.values.Hex;

/**
 * A range of memory that becomes a file: physical or virtual addresses, a part of the image.
 *
 * {@snippet :
 * Missing missing = Extraction.of(vmcore.physical(), 0x1000, 0x9f000).to(Path.of("low.bin"));
 * }
 */
public final class Extraction {
  private final Memory memory;
  private final long start;
  private final long size;

  private Extraction(Memory memory, long start, long size) {
    this.memory = memory;
    this.start = start;
    this.size = size;
  }

  /**
   * {@code size} bytes of {@code memory} from {@code start} on.
   *
   * @throws IllegalArgumentException when {@code size} is negative, or the range would pass 2^64
   */
  public static Extraction of(Memory memory, long start, long size) {
    if (size < 0) {
      throw new IllegalArgumentException("a range of " + size + " bytes");
    }
    if (size > 0) {
      AddressRange.ofSize(start, size);
    }
    return new Extraction(memory, start, size);
  }

  /**
   * Writes it to {@code file}, a new one, as {@link #to(Path, ExtractOptions)} with {@link
   * ExtractOptions#DEFAULT}.
   *
   * @return what was missing, and is zeros in the file
   * @throws VmcoreException when {@code file} exists or can't be written, when the dump is closed,
   *     or its file fails
   */
  public Missing to(Path file) throws VmcoreException {
    return to(file, ExtractOptions.DEFAULT);
  }

  /**
   * Writes it to {@code file}, on any file system. A regular file appears whole or not at all,
   * readable by its owner only; it has holes where there are zeros, if its file system can have
   * them. A pipe or device gets every byte in order. What is excluded, lost or not RAM becomes
   * zeros.
   *
   * @return what was missing, and is zeros in the file
   * @throws VmcoreException when {@code file} can't be written, when the dump is closed, or its
   *     file fails
   */
  public Missing to(Path file, ExtractOptions options) throws VmcoreException {
    MemoryCopy copy = new MemoryCopy(options.progress());
    OutputFile.Options output = new OutputFile.Options(options.force(), options.sync());
    try (OutputFile target = OutputFile.create(file, output)) {
      copy.append(target, memory, start, size);
      target.commit();
    }
    return copy.missing();
  }

  @Override
  public String toString() {
    return "Extraction[" + memory.source() + ", " + Hex.of(start) + "+" + Hex.of(size) + "]";
  }
}
