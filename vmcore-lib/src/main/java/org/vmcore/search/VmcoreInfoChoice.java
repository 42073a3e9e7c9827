package org.vmcore.search;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;

/**
 * Which of the VMCOREINFO notes in a memory is that of the kernel that crashed. Others are those of
 * an earlier boot, whose kernel is gone, and of the crash kernel, while it saves the memory.
 */
public final class VmcoreInfoChoice {
  /** The check of the findings. */
  public static final String CHECK = "vmcoreinfo";

  private static final int MAX_LISTED = 4;

  private final Memory physical;
  private final List<VmcoreInfoCandidate> candidates = new ArrayList<>();

  private VmcoreInfoChoice(Memory physical) {
    this.physical = physical;
  }

  /**
   * Chooses among {@code notes}.
   *
   * @param physical the memory they are in, by physical address
   */
  public static VmcoreInfoChoice of(Memory physical, List<VmcoreInfoNote> notes)
      throws VmcoreException {
    VmcoreInfoChoice choice = new VmcoreInfoChoice(physical);
    for (VmcoreInfoNote note : notes) {
      boolean crashed = note.info().crashTime().isPresent();
      int signs = signs(physical, note.order(), note.info());
      choice.candidates.add(new VmcoreInfoCandidate(note, signs, crashed, false));
    }
    choice.candidates.sort(null);
    choice.tellCrashKernels();
    return choice;
  }

  /**
   * How many signs of the kernel that {@code info} tells of are in memory, less those that should
   * be there and aren't; 0 where nothing can be told.
   */
  public static int signs(Memory physical, ByteOrder order, VmcoreInfo info)
      throws VmcoreException {
    Optional<Architecture> its = Architectures.of(info);
    return its.isEmpty() ? 0 : new KernelSigns(physical, its.get(), info, order).count();
  }

  /** Looks for the crash kernel's among those that nothing else tells from the first. */
  private void tellCrashKernels() throws VmcoreException {
    int alike = 0;
    while (alike < candidates.size() && isLikeFirst(candidates.get(alike))) {
      alike++;
    }
    for (int i = 0; alike > 1 && i < Math.min(alike, MAX_LISTED); i++) {
      VmcoreInfoCandidate each = candidates.get(i);
      VmcoreInfo info = each.note().info();
      boolean capture = CaptureKernel.isOne(physical, Architectures.of(info).orElseThrow(), info);
      candidates.set(
          i, new VmcoreInfoCandidate(each.note(), each.signs(), each.crashed(), capture));
    }
    candidates.sort(null);
  }

  private boolean isLikeFirst(VmcoreInfoCandidate other) {
    VmcoreInfoCandidate first = candidates.getFirst();
    return first.fits() && other.fits() && other.crashed() == first.crashed();
  }

  /** The one that was chosen; empty when there is none. */
  public Optional<VmcoreInfoNote> best() {
    return candidates.stream().findFirst().map(VmcoreInfoCandidate::note);
  }

  /** All of them, the best first. */
  public List<VmcoreInfoNote> notes() {
    return candidates.stream().map(VmcoreInfoCandidate::note).toList();
  }

  /** Whether the kernel of the one that was chosen is in memory. */
  public boolean fits() {
    return !candidates.isEmpty() && candidates.getFirst().fits();
  }

  /** How it was chosen; warnings where it may be the wrong one, or memory not be where it was. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (candidates.isEmpty()) {
      return findings;
    }
    VmcoreInfoCandidate best = candidates.getFirst();
    if (best.signs() < 0) {
      findings.add(
          warning(
              "VMCOREINFO at "
                  + best.note().describe()
                  + ": its kernel isn't where it says; is all of its memory where it was?"));
    }
    if (candidates.size() > 1) {
      tell(best, findings);
    }
    return findings;
  }

  private void tell(VmcoreInfoCandidate best, List<Finding> findings) {
    findings.add(Finding.info(CHECK, "taken: " + best.describe()));
    int listed = Math.min(candidates.size(), MAX_LISTED + 1);
    for (VmcoreInfoCandidate other : candidates.subList(1, listed)) {
      findings.add(
          Finding.info(CHECK, "not taken: " + other.describe() + "; " + best.reasonOver(other)));
      if (best.fits() && other.fits() && !best.isSameKernel(other)) {
        findings.add(warning(best, other));
      }
    }
    if (candidates.size() > listed) {
      findings.add(Finding.info(CHECK, "not taken: " + (candidates.size() - listed) + " more"));
    }
  }

  private static Finding warning(VmcoreInfoCandidate best, VmcoreInfoCandidate other) {
    return warning(
        "VMCOREINFO of two kernels that are both in memory: "
            + best.note().describe()
            + " is taken, for "
            + best.reasonOver(other)
            + "; the other is at "
            + other.note().describe()
            + " (--vmcoreinfo chooses)");
  }

  private static Finding warning(String message) {
    return new Finding(CHECK, Finding.Severity.WARNING, OptionalLong.empty(), message);
  }
}
