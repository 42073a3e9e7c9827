package org.vmcore.cli.coresight;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.cli.output.Progress;
import org.vmcore.coresight.CrashMetadata;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/** All traces of a kernel: those in nodes, and those in reserved memory. */
record Traces(SavedNodes nodes, Memory physical, List<CrashMetadata> reserved) {
  /** What became of them. */
  record Saved(List<SavedNode> nodes, List<SavedTrace> traces) {}

  /** The files' names. */
  List<String> fileNames() throws VmcoreException {
    List<String> names = new ArrayList<>(nodes.fileNames());
    for (CrashMetadata each : reserved) {
      if (each.obstacle(physical).isEmpty()) {
        names.add(SavedTrace.fileName(each));
      }
    }
    return names;
  }

  /** How many bytes they have. */
  long size() throws VmcoreException {
    long size = nodes.size();
    for (CrashMetadata each : reserved) {
      size += each.obstacle(physical).isEmpty() ? each.length() : 0;
    }
    return size;
  }

  /** They, and what isn't in the dump of them. */
  Saved listed() throws VmcoreException {
    List<SavedTrace> traces = new ArrayList<>();
    for (CrashMetadata each : reserved) {
      traces.add(SavedTrace.listed(physical, each));
    }
    return new Saved(nodes.listed(), traces);
  }

  /** Writes each to its file. */
  Saved written(OutputFolder folder, Progress progress) throws VmcoreException {
    List<SavedNode> saved = nodes.written(folder, progress);
    List<SavedTrace> traces = new ArrayList<>();
    for (CrashMetadata each : reserved) {
      traces.add(SavedTrace.written(physical, each, folder, progress));
    }
    return new Saved(saved, traces);
  }
}
