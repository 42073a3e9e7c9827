package org.vmcore.convert;

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
   * Writes it.
   *
   * @param outputs one file, or several for a split set: each has a part of the pages
   * @throws VmcoreException when something that the level needs isn't known of the kernel, the dump
   *     is closed, its file fails, or an output can't be written; then there is none
   */
  public Converted write(List<Path> outputs) throws VmcoreException {
    throw VmcoreException.of(vmcore.name(), "not written yet: " + outputs + options);
  }

  /**
   * Tells what would be written.
   *
   * @throws VmcoreException as {@link #write} does
   */
  public DryRun dryRun() throws VmcoreException {
    throw VmcoreException.of(vmcore.name(), "not written yet" + options);
  }
}
