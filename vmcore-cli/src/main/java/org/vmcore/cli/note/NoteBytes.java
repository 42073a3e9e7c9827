package org.vmcore.cli.note;

import org.vmcore.Vmcore;
import org.vmcore.elf.NoteSegment;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** The merged notes' bytes: how many there are, and whether all of them can be had. */
final class NoteBytes {
  private NoteBytes() {}

  /** Whether a note, or a part of one, is lost. */
  static boolean areLost(Vmcore vmcore) throws VmcoreException {
    for (Finding finding : vmcore.findings()) {
      if (finding.severity() == Finding.Severity.ERROR && finding.check().equals("notes")) {
        return true;
      }
    }
    for (NoteSegment segment : vmcore.noteSegments()) {
      if (areLost(vmcore, segment.offset(), segment.size())) {
        return true;
      }
    }
    return false;
  }

  private static boolean areLost(Vmcore vmcore, long offset, long size) throws VmcoreException {
    for (long at = offset; at < offset + size; ) {
      Extent extent = vmcore.extentAt(at);
      if (extent.state() == PageState.LOST) {
        return true;
      }
      at = extent.end();
    }
    return false;
  }
}
