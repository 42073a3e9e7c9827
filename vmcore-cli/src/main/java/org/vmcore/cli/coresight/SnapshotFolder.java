package org.vmcore.cli.coresight;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.cli.bytes.Copy;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.output.Progress;
import org.vmcore.coresight.CrashMetadata;
import org.vmcore.coresight.DumpNode;
import org.vmcore.coresight.TraceSnapshot;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import org.vmcore.values.Hex;

/** The traces as a snapshot folder, which a decoder opens. */
final class SnapshotFolder {
  /** A file of the folder. */
  @FunctionalInterface
  private interface Content {
    void writeTo(OutputFile file, Progress progress) throws VmcoreException;
  }

  private final TraceSnapshot snapshot = new TraceSnapshot();
  private final Map<String, Content> buffers = new LinkedHashMap<>();
  private final List<Finding> remarks = new ArrayList<>();

  private SnapshotFolder() {}

  /** The snapshot of {@code traces}, the nodes' buffers in {@code memory}. */
  static SnapshotFolder of(Traces.Saved traces, Memory memory, Memory physical) {
    SnapshotFolder folder = new SnapshotFolder();
    for (SavedNode saved : traces.nodes()) {
      folder.add(saved, memory);
    }
    for (SavedTrace trace : traces.traces()) {
      CrashMetadata metadata = trace.metadata();
      if (metadata.obstacle().isEmpty()) {
        String name = SavedTrace.fileName(metadata);
        long size = metadata.length();
        folder.add(
            name,
            OptionalInt.empty(),
            size,
            trace.missing(),
            (file, progress) ->
                SavedTrace.append(
                    file, physical, metadata, TraceSnapshot.wholeFrames(size), progress));
      }
    }
    if (!folder.buffers.isEmpty() && folder.snapshot.isIncomplete()) {
      folder.say("no tracer's configuration was saved: its .ini files say what is to be filled in");
    }
    return folder;
  }

  private void add(SavedNode saved, Memory memory) {
    DumpNode node = saved.node();
    if (node.obstacle().isPresent()) {
      return;
    }
    if (node.config().isPresent()) {
      snapshot.tracer(node.config().get(), node.deviceName());
    } else if (node.isTrace()) {
      add(
          SavedNode.fileName(saved.index(), node),
          node.cpu(),
          node.size(),
          saved.missing(),
          (file, progress) ->
              new Copy(progress)
                  .append(file, memory, node.buffer(), TraceSnapshot.wholeFrames(node.size())));
    }
  }

  private void add(String name, OptionalInt cpu, long size, List<Extent> missing, Content content) {
    long whole = TraceSnapshot.wholeFrames(size);
    if (whole < size) {
      say(name + ": the last " + Hex.of(size - whole) + " bytes are no whole frame: left out");
    }
    if (whole > 0) {
      snapshot.buffer(name, cpu);
      buffers.put(name, content);
    }
    if (!missing.isEmpty()) {
      String line = "snapshot: " + name + ": " + CoresightReport.missing(missing);
      remarks.add(new Finding("coresight", Finding.Severity.ERROR, OptionalLong.empty(), line));
    }
  }

  private void say(String line) {
    remarks.add(
        new Finding(
            "coresight", Finding.Severity.WARNING, OptionalLong.empty(), "snapshot: " + line));
  }

  /** What is to be said of it. */
  List<Finding> remarks() {
    return remarks;
  }

  /**
   * Writes it to the folder at {@code path}.
   *
   * @throws VmcoreException when there is no trace, or the files can't be written
   */
  void write(Path path, FileOptions files, Progress progress) throws VmcoreException {
    if (buffers.isEmpty()) {
      say("there is no trace for it: nothing is written");
      return;
    }
    Map<String, String> texts = snapshot.files();
    List<String> names = new ArrayList<>(texts.keySet());
    names.addAll(buffers.keySet());
    OutputFolder folder = OutputFolder.of(path, files, names);
    for (Map.Entry<String, Content> buffer : buffers.entrySet()) {
      folder.write(buffer.getKey(), file -> buffer.getValue().writeTo(file, progress));
    }
    for (Map.Entry<String, String> text : texts.entrySet()) {
      folder.write(text.getKey(), text.getValue());
    }
  }
}
