package org.vmcore.debuginfo;

import java.util.List;
import java.util.Optional;
import org.vmcore.debuginfo.terms.LeftOut;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Missing;
import org.vmcore.values.Described;

/**
 * What came of writing a debug file.
 *
 * @param bytes its size
 * @param buildId the kernel's build ID in hexadecimal digits, when it is known
 * @param symbols how many symbols it has
 * @param types how many types
 * @param functions how many functions with a type
 * @param variables how many variables with a type
 * @param leftOut the well-known variables that have none, and why
 * @param missing what of the image's bytes is zeros in it, for the dump doesn't have them
 * @param findings what is to be said of it: losses, symbols left out, what it can't be used for
 */
public record DebugFile(
    long bytes,
    Optional<String> buildId,
    int symbols,
    int types,
    int functions,
    int variables,
    List<LeftOut> leftOut,
    Missing missing,
    List<Finding> findings) {
  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("DebugFile")
        .hex("bytes", bytes)
        .add("buildId", buildId)
        .add("symbols", symbols)
        .add("types", types)
        .add("functions", functions)
        .add("variables", variables)
        .add("leftOut", leftOut)
        .add("missing", missing)
        .add("findings", findings)
        .toString();
  }
}
