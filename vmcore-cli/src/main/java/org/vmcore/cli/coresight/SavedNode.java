package org.vmcore.cli.coresight;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vmcore.coresight.DumpNode;
import org.vmcore.memory.Extent;
import org.vmcore.values.FileNames;

/**
 * A node, and what became of its buffer.
 *
 * @param index its place in the list
 * @param file the file's name in the folder; empty where none is written
 * @param missing what of the buffer isn't in the dump
 */
record SavedNode(int index, DumpNode node, Optional<String> file, List<Extent> missing) {
  /** {@code 00-cpu0-type1.bin}, with the device's name where that is known. */
  static String fileName(int index, DumpNode node) {
    StringBuilder name = new StringBuilder(String.format(Locale.ROOT, "%02d", index));
    if (node.cpu().isPresent()) {
      int cpu = node.cpu().getAsInt();
      name.append(cpu == -1 ? "-nocpu" : "-cpu" + cpu);
    }
    if (node.type().isPresent()) {
      name.append("-type").append(node.type().getAsInt());
    }
    String device = node.deviceName().map(FileNames::safe).orElse("");
    return name.append(device.isEmpty() ? "" : "-" + device).append(".bin").toString();
  }
}
