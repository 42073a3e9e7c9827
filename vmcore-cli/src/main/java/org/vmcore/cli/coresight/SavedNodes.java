package org.vmcore.cli.coresight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.cli.output.Progress;
import org.vmcore.coresight.DumpNode;
import org.vmcore.coresight.MissingBytes;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.MemoryCopy;

/** The nodes of a list on their way to files, or without any. */
final class SavedNodes {
  private final Memory memory;
  private final List<DumpNode> nodes;

  /** Nodes whose buffers lie in {@code memory}, the kernel's. */
  SavedNodes(Memory memory, List<DumpNode> nodes) {
    this.memory = memory;
    this.nodes = nodes;
  }

  Memory memory() {
    return memory;
  }

  List<DumpNode> nodes() {
    return nodes;
  }

  /** The files' names, one of each node whose buffer can be had. */
  List<String> fileNames() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).obstacle().isEmpty()) {
        names.add(SavedNode.fileName(i, nodes.get(i)));
      }
    }
    return names;
  }

  /** How many bytes they have. */
  long size() {
    long size = 0;
    for (DumpNode node : nodes) {
      size += node.obstacle().isEmpty() ? node.size() : 0;
    }
    return size;
  }

  /** The nodes, and what isn't in the dump of each. */
  List<SavedNode> listed() throws VmcoreException {
    List<SavedNode> saved = new ArrayList<>();
    for (DumpNode node : nodes) {
      saved.add(new SavedNode(saved.size(), node, Optional.empty(), missing(node)));
    }
    return saved;
  }

  /** Writes each buffer to its file. */
  List<SavedNode> written(OutputFolder folder, Progress progress) throws VmcoreException {
    List<SavedNode> saved = new ArrayList<>();
    for (DumpNode node : nodes) {
      int index = saved.size();
      Optional<String> name = Optional.empty();
      if (node.obstacle().isEmpty()) {
        name = Optional.of(SavedNode.fileName(index, node));
        folder.write(
            name.get(),
            file -> new MemoryCopy(progress::add).append(file, memory, node.buffer(), node.size()));
      }
      saved.add(new SavedNode(index, node, name, missing(node)));
    }
    return saved;
  }

  private List<Extent> missing(DumpNode node) throws VmcoreException {
    return node.obstacle().isPresent()
        ? List.of()
        : MissingBytes.of(memory, node.buffer(), node.size());
  }
}
