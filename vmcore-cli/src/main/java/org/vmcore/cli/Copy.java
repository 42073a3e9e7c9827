package org.vmcore.cli;

import org.vmcore.io.OutputFile;
import org.vmcore.io.VmcoreException;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;

/** Copies memory into files; what is missing of it becomes zeros, holes where there can be some. */
final class Copy {
  private final Missing missing = new Missing();
  private final Progress progress;

  Copy(Progress progress) {
    this.progress = progress;
  }

  /** What was missing so far. */
  Missing missing() {
    return missing;
  }

  /** Appends {@code size} bytes of {@code memory} from {@code start} on, not past 2^64. */
  void append(OutputFile file, Memory memory, long start, long size) throws VmcoreException {
    try (ReadAhead blocks = new ReadAhead(memory, start, size)) {
      for (var block = blocks.next(); block.size() > 0; block = blocks.next()) {
        if (block.state() == PageState.PRESENT) {
          file.write(block.bytes());
        } else {
          file.skip(block.size());
          missing.add(block.state(), block.size());
        }
        progress.add(block.size());
      }
    }
  }
}
