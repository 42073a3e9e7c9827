package org.vmcore.coresight;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.fdt.RootCells;
import org.vmcore.fdt.TreeItem;
import org.vmcore.fdt.TreeNode;
import org.vmcore.fdt.TreeProperty;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * Traces in memory that was reserved for them: where such memory is, and what lies in it.
 *
 * <p>Source: Documentation/devicetree/bindings/arm/arm,coresight-tmc.yaml.
 */
public final class ReservedTraces {
  private static final int PAGE = 4096;
  private static final int MAGIC = 0xd00d_feed;
  private static final int MOST = 64;

  private ReservedTraces() {}

  /**
   * The metadata in {@code range}: what begins with it, and at each page what is whole by its CRC.
   * Those of a version that isn't known are among them, too: they tell so. Zeros are none.
   *
   * @param physical the dump's physical memory
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static List<CrashMetadata> in(Memory physical, AddressRange range) throws VmcoreException {
    List<CrashMetadata> found = new ArrayList<>();
    byte[] bytes = new byte[CrashMetadata.SIZE];
    long last = range.last() - CrashMetadata.SIZE + 1;
    boolean isLarge = Long.compareUnsigned(range.last() - range.start(), bytes.length - 1) >= 0;
    for (long at = range.start(); isLarge && found.size() < MOST; ) {
      if (physical.read(at, MemorySegment.ofArray(bytes)) == bytes.length) {
        CrashMetadata metadata = CrashMetadata.parse(at, bytes);
        if (metadata.version() != 0 && (metadata.isIntact() || at == range.start())) {
          found.add(metadata);
        }
      }
      long next = nextPage(physical, at);
      if (Long.compareUnsigned(next, at) <= 0 || Long.compareUnsigned(next, last) > 0) {
        break;
      }
      at = next;
    }
    return found;
  }

  /** The page behind {@code at}, or behind what isn't there; 0 where there is none. */
  private static long nextPage(Memory physical, long at) throws VmcoreException {
    Extent extent = physical.extentAt(at);
    long behind = extent.isPresent() ? at + 1 : extent.end();
    return behind + PAGE - 1 & -PAGE;
  }

  /**
   * The reserved memory that the crashed kernel's device tree gives to metadata; empty where it has
   * no device tree, or that gives none.
   *
   * @throws VmcoreException when the device tree can't be read, the dump is closed, or its file
   *     fails
   */
  public static List<AddressRange> ranges(Kernel kernel) throws VmcoreException {
    OptionalLong symbol = kernel.symbols().addressInKernel("initial_boot_params");
    if (symbol.isEmpty()) {
      return List.of();
    }
    KernelReader in = kernel.objects().reader();
    long address = in.word(symbol.getAsLong(), "initial_boot_params");
    if (address == 0) {
      return List.of();
    }
    ByteBuffer header = ByteBuffer.wrap(in.bytes(address, 2 * Integer.BYTES, "the device tree"));
    int magic = header.getInt();
    int size = header.getInt();
    if (magic != MAGIC || size < 0 || size > DeviceTree.MAX_SIZE) {
      throw in.fault(address, "the device tree", "it has no header");
    }
    byte[] bytes = in.bytes(address, size, "the device tree");
    return ranges(in.file(), DeviceTree.parse(in.file(), MemorySegment.ofArray(bytes)));
  }

  /** The reserved memory that {@code tree} gives to metadata. */
  static List<AddressRange> ranges(String file, DeviceTree tree) throws VmcoreException {
    List<AddressRange> ranges = new ArrayList<>();
    Optional<TreeNode> reserved = tree.root().child("reserved-memory");
    if (reserved.isPresent()) {
      RootCells cells = RootCells.of(file, reserved.get());
      List<Integer> handles = new ArrayList<>();
      collect(tree.root(), handles);
      for (TreeItem item : reserved.get().items()) {
        if (item instanceof TreeNode region && isOneOf(region, handles)) {
          Optional<TreeProperty> reg = region.property("reg");
          if (reg.isPresent()) {
            ranges.addAll(cells.decode(reg.get()));
          }
        }
      }
    }
    return ranges;
  }

  /** The phandles of what is named metadata in {@code memory-region}; the tree has few levels. */
  private static void collect(TreeNode node, List<Integer> handles) {
    Optional<TreeProperty> names = node.property("memory-region-names");
    Optional<TreeProperty> regions = node.property("memory-region");
    if (names.isPresent() && regions.isPresent()) {
      String[] each = new String(names.get().value(), StandardCharsets.ISO_8859_1).split("\0", -1);
      ByteBuffer values = ByteBuffer.wrap(regions.get().value());
      for (int i = 0; i < each.length && values.remaining() >= Integer.BYTES; i++) {
        int handle = values.getInt();
        if (each[i].equals("metadata")) {
          handles.add(handle);
        }
      }
    }
    for (TreeItem item : node.items()) {
      if (item instanceof TreeNode child) {
        collect(child, handles);
      }
    }
  }

  private static boolean isOneOf(TreeNode region, List<Integer> handles) {
    Optional<TreeProperty> handle =
        region.property("phandle").or(() -> region.property("linux,phandle"));
    return handle.isPresent()
        && handle.get().size() == Integer.BYTES
        && handles.contains(ByteBuffer.wrap(handle.get().value()).getInt());
  }
}
