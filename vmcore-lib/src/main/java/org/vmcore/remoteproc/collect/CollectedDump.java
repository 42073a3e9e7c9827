package org.vmcore.remoteproc.collect;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.values.Described;

/**
 * What became of one dump.
 *
 * @param name what the kernel calls it: {@code devcd3}
 * @param device the device, where it is known
 * @param file where it is kept; empty when nothing of it is
 * @param size the bytes that are kept
 * @param format that of the dump, {@code elf}; empty when it is none of those that can be opened,
 *     as those of graphics and wireless drivers are
 * @param findings what the checks of the file found
 * @param lostFrom the offset from which on it is lost: it was gone before its end was read, or
 *     tells itself that it is longer; the file's name then ends with {@code .partial}
 * @param released whether it was released, by this collector or meanwhile by another
 * @param problem why it isn't kept, isn't whole, or couldn't be released
 */
public record CollectedDump(
    String name,
    Optional<String> device,
    Optional<Path> file,
    long size,
    Optional<String> format,
    List<Finding> findings,
    OptionalLong lostFrom,
    boolean released,
    Optional<String> problem) {
  /** What became of one dump. */
  public CollectedDump {
    findings = List.copyOf(findings);
  }

  /** Whether a part of it is lost, or its checks found damage. */
  public boolean isDamaged() {
    return lostFrom.isPresent()
        || findings.stream().anyMatch(each -> each.severity() == Severity.ERROR);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("CollectedDump")
        .add("name", name)
        .add("device", device)
        .add("file", file)
        .hex("size", size)
        .add("format", format)
        .add("findings", findings)
        .hex("lostFrom", lostFrom)
        .add("released", released)
        .add("problem", problem)
        .toString();
  }
}
