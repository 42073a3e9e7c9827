package org.vmcore.search;

import java.util.List;
import java.util.function.ToIntFunction;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;

/**
 * A VMCOREINFO note in memory, and what speaks for its being that of the kernel that crashed. In
 * the natural order the better one is first: whether its kernel is in memory decides first, then
 * each of the other fields, how much of it is there, and the address last.
 *
 * @param note the note
 * @param signs how many signs of its kernel are in memory less those that should be and aren't: a
 *     note of an earlier boot has none
 * @param crashed whether it has the time of a crash, CRASHTIME
 * @param capture whether its kernel was started to save the memory of another
 */
record VmcoreInfoCandidate(VmcoreInfoNote note, int signs, boolean crashed, boolean capture)
    implements Comparable<VmcoreInfoCandidate> {
  private static final List<Trait> TRAITS =
      List.of(
          new Trait(c -> Integer.signum(c.signs), "of its kernel more is in memory"),
          new Trait(c -> c.crashed ? 1 : 0, "it has the time of a crash"),
          new Trait(c -> c.capture ? 0 : 1, "the other is the crash kernel's"),
          new Trait(c -> c.signs, "of its kernel more is in memory"));

  private record Trait(ToIntFunction<VmcoreInfoCandidate> value, String reason) {}

  /** Whether its kernel is in memory. */
  boolean fits() {
    return signs > 0;
  }

  long address() {
    return note.area().start();
  }

  /** Whether both tell of one kernel: a copy lies in its files, or is from before the crash. */
  boolean isSameKernel(VmcoreInfoCandidate other) {
    return note.info().osRelease().equals(other.note.info().osRelease())
        && note.info().symbol("init_uts_ns").equals(other.note.info().symbol("init_uts_ns"))
        && note.info().number("phys_base").equals(other.note.info().number("phys_base"))
        && note.info().number("kimage_voffset").equals(other.note.info().number("kimage_voffset"));
  }

  /** Why this one is rather taken than {@code other}, which comes behind it. */
  String reasonOver(VmcoreInfoCandidate other) {
    for (Trait trait : TRAITS) {
      if (trait.value.applyAsInt(this) > trait.value.applyAsInt(other)) {
        return trait.reason;
      }
    }
    return "it comes first in memory; nothing else tells them apart";
  }

  @Override
  public int compareTo(VmcoreInfoCandidate other) {
    for (Trait trait : TRAITS) {
      int order = Integer.compare(trait.value.applyAsInt(other), trait.value.applyAsInt(this));
      if (order != 0) {
        return order;
      }
    }
    return Long.compareUnsigned(address(), other.address());
  }

  /** One line for people. */
  String describe() {
    String kernel =
        signs > 0
            ? "its kernel is in memory"
            : signs < 0 ? "its kernel isn't where it says" : "nothing shows where its kernel is";
    return note.describe()
        + " ("
        + kernel
        + (crashed ? ", with the time of a crash" : "")
        + (capture ? ", a crash kernel's" : "")
        + ")";
  }
}
