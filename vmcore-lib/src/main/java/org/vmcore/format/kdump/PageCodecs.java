package org.vmcore.format.kdump;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vmcore.codec.Compression;
import org.vmcore.memory.VmcoreException;

/** How a dump's pages are compressed. */
final class PageCodecs {
  private PageCodecs() {}

  /**
   * What the first and the last descriptors of the first file tell, which are read anyway; where
   * these pages aren't compressed, as those of zeros never are, what its header says.
   *
   * @param status the header's
   * @return the codecs' labels; empty where pages aren't compressed
   */
  static List<String> of(List<KdumpMemory.Part> parts, int status) throws VmcoreException {
    Set<Compression> found = EnumSet.noneOf(Compression.class);
    if (!parts.isEmpty()) {
      PageTable table = parts.getFirst().pages().table();
      add(table, table.first(), found);
      add(table, Math.max(table.first(), table.end() - PageDescriptors.GROUP), found);
    }
    found.remove(Compression.RAW);
    Optional<Compression> said = Compression.ofFlags(status);
    if (found.isEmpty() && said.isPresent() && said.get() != Compression.RAW) {
      found.add(said.get());
    }
    List<String> labels = new ArrayList<>();
    for (Compression each : found) {
      labels.add(each.label());
    }
    return labels;
  }

  private static void add(PageTable table, long rank, Set<Compression> found)
      throws VmcoreException {
    long most = Math.min(PageDescriptors.GROUP, table.end() - rank);
    PageDescriptors group = table.read(rank, (int) most);
    for (long i = rank; i < rank + most && group.has(i); i++) {
      Compression how = group.compression(i);
      if (how != null && table.refusal(group, i) == PageRefusal.NONE) {
        found.add(how);
      }
    }
  }
}
