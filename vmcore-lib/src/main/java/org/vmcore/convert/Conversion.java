package org.vmcore.convert;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.memory.VmcoreException;

/** Writes a dump anew: as another format, compressed otherwise, without pages that nobody needs. */
public final class Conversion {
  private final Vmcore vmcore;
  private final ConversionOptions options;

  private Conversion(Vmcore vmcore, ConversionOptions options) {
    this.vmcore = vmcore;
    this.options = options;
  }

  /** The conversion of {@code vmcore}. Nothing is read or written before it is asked for. */
  public static Conversion of(Vmcore vmcore, ConversionOptions options) {
    return new Conversion(vmcore, options);
  }

  /**
   * Writes it. An ELF dump gets a program header for each stretch of memory in a row, so what is
   * left out in runs of fewer than 256 pages is written all the same, as makedumpfile does it.
   *
   * @param outputs one file, or several for a split set: each has a part of the pages
   * @throws VmcoreException when something that the level needs isn't known of the kernel, the dump
   *     is closed, its file fails, or an output can't be written; then there is none
   * @throws IllegalArgumentException when there is no output, or several of an ELF dump
   */
  public Converted write(List<Path> outputs) throws VmcoreException {
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("no output");
    }
    boolean isElf = options.format() == OutputFormat.ELF;
    if (isElf && outputs.size() > 1) {
      throw new IllegalArgumentException("an ELF dump can't be split");
    }
    try {
      return isElf
          ? new ElfConversion(vmcore, options).write(outputs.getFirst())
          : new KdumpConversion(vmcore, options).write(outputs);
    } catch (UncheckedIOException e) {
      throw noRoom(e);
    }
  }

  private VmcoreException noRoom(UncheckedIOException e) {
    return VmcoreException.of(options.scratch().toString(), "no room for sets of page frames", e);
  }

  /**
   * Tells what would be written. It reads all of the memory, for the pages of zeros.
   *
   * @throws VmcoreException when something that the level needs isn't known of the kernel, the dump
   *     is closed, its file fails, or it is the memory of a device
   */
  public DryRun dryRun() throws VmcoreException {
    if (vmcore.isDeviceMemory()) {
      throw KdumpConversion.deviceMemory(vmcore);
    }
    try {
      return new Survey(vmcore, options).run();
    } catch (UncheckedIOException e) {
      throw noRoom(e);
    }
  }
}
