package org.vmcore.remoteproc.kernel;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.Vmcore;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.open.Search;
import org.vmcore.scan.MemoryScan;
import org.vmcore.scan.SearchBudget;

/**
 * Finds the virtio devices of remote processors in all of physical memory. A ghost is in no list:
 * what it has is the address of the function by which remoteproc lets its virtio devices go, and a
 * list of queues that leads back to it.
 *
 * <p>Source: drivers/remoteproc/remoteproc_virtio.c, {@code rproc_add_virtio_dev}.
 */
final class VirtioSearch implements MemoryScan.Look {
  private static final String RELEASE = "rproc_virtio_dev_release";
  private static final String DEVICE = "virtio_device";

  /** After so many places with the function's address that are no devices it is given up. */
  private static final int MAX_TRIED = 1 << 14;

  private final KernelMemory memory;
  private final KernelReader in;
  private final KernelReader physical;
  private final SearchBudget budget;
  private final long wanted;
  private final long release;
  private final long queues;
  private final Set<Long> found = new LinkedHashSet<>();
  private int tried;

  private VirtioSearch(Vmcore vmcore, KernelObjects objects, SearchBudget budget, long wanted)
      throws VmcoreException {
    this.memory = objects.kernel().memory();
    this.in = objects.reader();
    this.physical = in.over(vmcore.physical());
    this.budget = budget;
    this.wanted = wanted;
    this.release = objects.offset(DEVICE, "dev.release");
    this.queues = objects.offset(DEVICE, "vqs");
  }

  /**
   * What was found.
   *
   * @param devices their addresses, kernel virtual
   * @param gap what of memory wasn't searched
   */
  record Found(Set<Long> devices, Optional<Finding> gap) {}

  /**
   * Searches for devices that are let go by the function at {@code known} or, where that isn't
   * known, by the one that a symbol tells.
   */
  static Found search(Vmcore vmcore, KernelObjects objects, Search search, OptionalLong known)
      throws VmcoreException {
    Optional<Symbol> symbol =
        known.isPresent() ? Optional.empty() : objects.symbols().first(RELEASE);
    boolean isKnown = known.isPresent() || symbol.isPresent();
    if (!isKnown || !objects.has(DEVICE, "dev.release")) {
      String line = "nothing tells of " + RELEASE + ": ghosts aren't searched for";
      return new Found(Set.of(), Optional.of(Parts.warning(line)));
    }
    long wanted = known.isPresent() ? known.getAsLong() : symbol.get().address();
    try (SearchBudget budget = SearchBudget.of(search, "virtio devices", vmcore.memorySize())) {
      VirtioSearch look = new VirtioSearch(vmcore, objects, budget, wanted);
      int word = look.in.wordSize();
      new MemoryScan(vmcore.physical(), budget, word, word).over(MemoryScan.EVERYWHERE, look);
      return new Found(look.found, budget.finding());
    }
  }

  @Override
  public boolean isOver() {
    return tried > MAX_TRIED;
  }

  @Override
  public void at(byte[] bytes, int length, long address) throws VmcoreException {
    int word = in.wordSize();
    int low = in.isBigEndian() ? word - 1 : 0;
    byte first = (byte) wanted;
    for (int at = 0; at <= length - word; at += word) {
      if (bytes[at + low] == first && in.word(bytes, at) == wanted) {
        look(address + at);
      }
    }
  }

  /** Whether the word at {@code place}, a physical address, lies in a device. */
  private void look(long place) throws VmcoreException {
    if (++tried > MAX_TRIED) {
      budget.giveUpAt(place);
      return;
    }
    OptionalLong next = word(physical, place - release + queues);
    OptionalLong back =
        next.isEmpty() ? next : word(in, next.getAsLong() + in.wordSize()); // list_head.prev
    if (back.isEmpty()) {
      return;
    }
    long device = back.getAsLong() - queues;
    OptionalLong own = memory.physical(device + release);
    if (own.isPresent() && own.getAsLong() == place) {
      found.add(device);
    }
  }

  private static OptionalLong word(KernelReader from, long address) throws VmcoreException {
    byte[] bytes = from.upTo(address, from.wordSize());
    return bytes.length < from.wordSize()
        ? OptionalLong.empty()
        : OptionalLong.of(from.word(bytes, 0));
  }
}
