package org.vmcore.testing;

import org.vmcore.Vmcore;

/**
 * Assertions about dumps, beside AssertJ's own.
 *
 * <pre>{@code
 * import static org.assertj.core.api.Assertions.assertThat;
 * import static org.vmcore.testing.VmcoreAssertions.assertThat;
 *
 * assertThat(vmcore).hasMergedNotes(3).hasFractionalPage(0xb000).hasSegment(1).at(0x100_0000);
 * }</pre>
 */
public final class VmcoreAssertions {
  private VmcoreAssertions() {}

  /** Begins assertions about {@code actual}. */
  public static VmcoreAssert assertThat(Vmcore actual) {
    return new VmcoreAssert(actual);
  }
}
