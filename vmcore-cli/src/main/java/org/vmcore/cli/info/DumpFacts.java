package org.vmcore.cli.info;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelMachine;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.UtsName;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** What {@code vmcore info} tells, put together from the library's answers. */
final class DumpFacts {
  private static final String CHOICE = "vmcoreinfo";

  final Vmcore vmcore;
  final Optional<VmcoreInfo> info;
  final List<String> warnings = new ArrayList<>();

  /** Which VMCOREINFO of several was taken, and which weren't. */
  final List<String> choice = new ArrayList<>();

  final FileFacts file;
  final KernelFacts kernel;
  private final PageCounts frames;
  private boolean isDamaged;
  private int cpus;
  private int kernelNotes;
  private int buffers;

  DumpFacts(Vmcore vmcore) throws VmcoreException {
    this.vmcore = vmcore;
    this.file = new FileFacts(vmcore);
    this.kernel = KernelFacts.of(vmcore);
    this.info = kernel.info();
    for (Finding finding : vmcore.findings()) {
      add("", finding);
    }
    if (vmcore.isXenHost()) {
      warnings.add(
          "a dump of a Xen host: its frames are the machine's, and dom0's addresses can't be"
              + " translated (its P2M isn't read)");
    }
    for (Finding finding : kernel.choice()) {
      add("", finding);
    }
    for (Finding finding : isDevice() ? List.<Finding>of() : kernel.findings()) {
      add("log: ", finding);
    }
    for (Finding finding : kernel.unsearched()) {
      add("", finding);
    }
    for (NoteSegment segment : vmcore.noteSegments()) {
      add(segment);
    }
    for (Chunk chunk : vmcore.chunks()) {
      buffers += chunk instanceof Chunk.OldMem ? 0 : 1;
    }
    frames = vmcore.pageCounts();
  }

  private void add(String where, Finding finding) {
    if (finding.check().equals(CHOICE) && finding.severity() == Finding.Severity.INFO) {
      choice.add(finding.message());
    }
    isDamaged |= finding.severity() == Finding.Severity.ERROR;
    if (finding.severity() != Finding.Severity.INFO) {
      warnings.add(where + finding.message());
    }
  }

  private void add(NoteSegment segment) {
    for (Note note : segment.notes()) {
      cpus += note.isPrStatus() ? 1 : 0;
      kernelNotes += note.isVmcoreInfo() ? 1 : 0;
    }
  }

  /** Page frames in {@code state}. */
  long frames(PageState state) {
    return frames.of(state);
  }

  boolean isDamaged() {
    return isDamaged || frames(PageState.LOST) > 0;
  }

  /** Whether it is a device's memory, as a remote processor's coredump, and no kernel is in it. */
  boolean isDevice() {
    return vmcore.isDeviceMemory() && !kernel.isKnown();
  }

  /** How many NT_PRSTATUS there are. */
  int cpus() {
    return cpus;
  }

  /** Crash headers have a PT_NOTE for each CPU and one for the kernel; merged ones don't tell. */
  OptionalInt possibleCpus() {
    int areas = vmcore.noteSegments().size();
    return areas > 1 ? OptionalInt.of(areas - kernelNotes) : OptionalInt.empty();
  }

  int oldMemChunks() {
    return vmcore.chunks().size() - buffers;
  }

  int bufferChunks() {
    return buffers;
  }

  OptionalLong crashTime() {
    return info.isEmpty() ? OptionalLong.empty() : info.get().crashTime();
  }

  Optional<String> release() {
    return kernel.release();
  }

  Optional<UtsName> uts() {
    return kernel.uts();
  }

  String byteOrder() {
    return KernelMachine.order(vmcore.header(), info) == ByteOrder.LITTLE_ENDIAN ? "little" : "big";
  }

  int bits() {
    return vmcore.bits();
  }
}
