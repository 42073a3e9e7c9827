package org.vmcore.remoteproc.collect;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Search;
import org.vmcore.open.Spill;

/**
 * What the checks of a dump's file say.
 *
 * @param format that of the dump; empty when it is none that can be opened
 * @param findings what was found; why it can't be opened is a warning, for most drivers have
 *     formats of their own
 * @param end where it ends by its own headers, unsigned, where these tell
 */
record DumpCheck(Optional<String> format, List<Finding> findings, OptionalLong end) {
  /** Nothing is unpacked, nothing searched for: a device's dump has neither. */
  private static final OpenOptions OPTIONS =
      OpenOptions.builder()
          .spill(new Spill(Optional.empty(), 0, new Spill.Listener() {}))
          .search(new Search(0, new Search.Listener() {}))
          .build();

  /**
   * Checks all of {@code file}.
   *
   * @throws VmcoreException when it can't be read
   */
  static DumpCheck of(Path file) throws VmcoreException {
    OptionalLong end;
    try (ByteSource bytes = ByteSource.open(file)) {
      end = bytes.size() == 0 ? OptionalLong.empty() : ElfEnd.of(bytes);
    }
    List<Finding> findings = new ArrayList<>();
    try (Vmcore vmcore = Vmcore.open(file, OPTIONS)) {
      findings.addAll(vmcore.verify());
      return new DumpCheck(Optional.of(vmcore.format()), findings, end);
    } catch (VmcoreException e) {
      findings.add(unchecked(e.offset(), e.reason()));
    } catch (RuntimeException e) {
      // Nobody can have the dump again: it is kept whatever a bug in the checks makes of it.
      findings.add(unchecked(OptionalLong.empty(), "a bug in vmcore: " + e));
    }
    return new DumpCheck(Optional.empty(), findings, end);
  }

  private static Finding unchecked(OptionalLong offset, String reason) {
    return new Finding("format", Finding.Severity.WARNING, offset, "not checked: " + reason);
  }

  /** Whether a file of {@code size} bytes ends before it should. */
  boolean isCut(long size) {
    return end.isPresent() && Long.compareUnsigned(end.getAsLong(), size) > 0;
  }
}
