package org.vmcore.cli.coresight;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.output.Progress;
import org.vmcore.coresight.CrashMetadata;
import org.vmcore.coresight.DumpNode;
import org.vmcore.coresight.MissingBytes;
import org.vmcore.coresight.TraceSnapshot;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.MemoryCopy;
import org.vmcore.output.OutputFile;
import org.vmcore.values.Hex;

/** The traces as a snapshot folder, which a decoder opens. */
final class SnapshotFolder {
  /** A trace on its way to a file of the folder. */
  private interface Buffer {
    /** Of the trace, in bytes. */
    long size();

    /** Appends its whole frames. */
    void writeTo(OutputFile file, Progress progress) throws VmcoreException;

    /** What of it isn't in the dump. */
    List<Extent> missing() throws VmcoreException;
  }

  private record NodeBuffer(Memory memory, DumpNode node) implements Buffer {
    @Override
    public long size() {
      return node.size();
    }

    @Override
    public void writeTo(OutputFile file, Progress progress) throws VmcoreException {
      long size = TraceSnapshot.wholeFrames(size());
      new MemoryCopy(progress::add).append(file, memory, node.buffer(), size);
    }

    @Override
    public List<Extent> missing() throws VmcoreException {
      return MissingBytes.of(memory, node.buffer(), size());
    }
  }

  private record ReservedBuffer(Memory physical, CrashMetadata metadata) implements Buffer {
    @Override
    public long size() {
      return metadata.length();
    }

    @Override
    public void writeTo(OutputFile file, Progress progress) throws VmcoreException {
      long size = TraceSnapshot.wholeFrames(size());
      SavedTrace.append(file, physical, metadata, size, progress);
    }

    @Override
    public List<Extent> missing() throws VmcoreException {
      return SavedTrace.missing(physical, metadata);
    }
  }

  private final TraceSnapshot snapshot = new TraceSnapshot();
  private final Map<String, Buffer> buffers = new LinkedHashMap<>();
  private final List<Finding> remarks = new ArrayList<>();

  private SnapshotFolder() {}

  /**
   * The snapshot of {@code traces}.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  static SnapshotFolder of(Traces traces) throws VmcoreException {
    SnapshotFolder folder = new SnapshotFolder();
    List<DumpNode> nodes = traces.nodes().nodes();
    for (int i = 0; i < nodes.size(); i++) {
      folder.add(i, nodes.get(i), traces.nodes().memory());
    }
    for (CrashMetadata metadata : traces.reserved()) {
      if (metadata.obstacle(traces.physical()).isEmpty()) {
        folder.add(
            SavedTrace.fileName(metadata),
            OptionalInt.empty(),
            new ReservedBuffer(traces.physical(), metadata));
      }
    }
    folder.sayIncomplete();
    return folder;
  }

  private void add(int index, DumpNode node, Memory memory) {
    if (node.obstacle().isPresent()) {
      return;
    }
    if (node.config().isPresent()) {
      snapshot.tracer(node.config().get(), node.deviceName());
    } else if (node.isTrace()) {
      add(SavedNode.fileName(index, node), node.cpu(), new NodeBuffer(memory, node));
    }
  }

  private void add(String name, OptionalInt cpu, Buffer buffer) {
    long size = buffer.size();
    long whole = TraceSnapshot.wholeFrames(size);
    if (whole < size) {
      say(name + ": the last " + Hex.of(size - whole) + " bytes are no whole frame: left out");
    }
    if (whole > 0) {
      snapshot.buffer(name, cpu);
      buffers.put(name, buffer);
    }
  }

  private void sayIncomplete() {
    String rest = " was saved: its .ini files say what is to be filled in";
    if (!buffers.isEmpty() && snapshot.isIncomplete()) {
      say("no tracer's configuration" + rest);
    } else {
      for (String file : snapshot.incomplete()) {
        say(file + ": no configuration of its CPU's tracer" + rest);
      }
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

  /** How many bytes its buffers have. */
  long size() {
    long size = 0;
    for (Buffer buffer : buffers.values()) {
      size += TraceSnapshot.wholeFrames(buffer.size());
    }
    return size;
  }

  /**
   * The folder at {@code path}, in which nothing is written so far; empty where there is no trace.
   *
   * @throws VmcoreException when it can't be made, or one of the files is there and may not be
   *     replaced
   */
  Optional<OutputFolder> at(Path path, FileOptions files) throws VmcoreException {
    if (buffers.isEmpty()) {
      say("there is no trace for it: nothing is written");
      return Optional.empty();
    }
    List<String> names = new ArrayList<>(snapshot.files().keySet());
    names.addAll(buffers.keySet());
    return Optional.of(OutputFolder.of(path, files, names));
  }

  /**
   * Writes it.
   *
   * @throws VmcoreException when the files can't be written
   */
  void write(OutputFolder folder, Progress progress) throws VmcoreException {
    for (Map.Entry<String, Buffer> each : buffers.entrySet()) {
      Buffer buffer = each.getValue();
      folder.write(each.getKey(), file -> buffer.writeTo(file, progress));
      List<Extent> missing = buffer.missing();
      if (!missing.isEmpty()) {
        String line = "snapshot: " + each.getKey() + ": " + CoresightReport.missing(missing);
        remarks.add(new Finding("coresight", Finding.Severity.ERROR, OptionalLong.empty(), line));
      }
    }
    for (Map.Entry<String, String> text : snapshot.files().entrySet()) {
      folder.write(text.getKey(), text.getValue());
    }
  }
}
