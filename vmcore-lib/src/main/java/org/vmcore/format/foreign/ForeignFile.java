package org.vmcore.format.foreign;

import java.util.List;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/**
 * A file of a known kind that is no dump of memory, or none that can be read.
 *
 * @param offset where it is told, a file offset in bytes
 * @param what the kind: {@code a zip archive}
 * @param advice what makes something of it that opens
 */
public record ForeignFile(long offset, String what, String advice) {
  /** In the order in which they are looked at: what may contain the others comes last. */
  private static final List<List<Signature>> KNOWN =
      List.of(GuestStates.ALL, OtherDumps.ALL, KernelFiles.ALL, Archives.ALL, Disks.ALL, Swap.ALL);

  /**
   * What {@code file} is; empty when nothing tells.
   *
   * @throws VmcoreException when it can't be read
   */
  public static Optional<ForeignFile> of(ByteSource file) throws VmcoreException {
    for (List<Signature> kind : KNOWN) {
      for (Signature signature : kind) {
        if (signature.isIn(file)) {
          return Optional.of(
              new ForeignFile(signature.offset(), signature.what(), signature.advice()));
        }
      }
    }
    return TextFile.of(file);
  }

  /** What it is and what to do, in one line. */
  public String reason() {
    return what + " can't be read: " + advice;
  }
}
