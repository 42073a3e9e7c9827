package org.vmcore.coresight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.fdt.TreeNode;
import org.vmcore.fdt.TreeProperty;
import org.vmcore.memory.AddressRange;
import org.vmcore.testing.CrashMetadataBytes;
import org.vmcore.testing.DumpBuilder;

class ReservedTracesTest {
  private static final long METADATA = 0x5000;
  private static final long BUFFER = 0x9000;
  private static final AddressRange RESERVED = AddressRange.ofSize(0x4000, 0x4000);
  private static final byte[] TRACE = DumpBuilder.pattern(3, 0x800);

  @TempDir Path folder;

  private final byte[] memory = new byte[0x10000];

  private List<CrashMetadata> read(CrashMetadataBytes metadata) throws Exception {
    return read(metadata.build());
  }

  private List<CrashMetadata> read(byte[] metadata) throws Exception {
    System.arraycopy(metadata, 0, memory, (int) METADATA, CrashMetadata.SIZE);
    System.arraycopy(TRACE, 0, memory, (int) BUFFER, TRACE.length);
    return read(RESERVED);
  }

  private List<CrashMetadata> read(AddressRange range) throws Exception {
    try (Vmcore vmcore = open()) {
      return ReservedTraces.in(vmcore.physical(), range);
    }
  }

  private Vmcore open() throws Exception {
    return Vmcore.open(DumpBuilder.elf64().load(0, memory).writeTo(folder.resolve("vmcore")));
  }

  private static CrashMetadataBytes metadata() {
    return new CrashMetadataBytes(BUFFER, TRACE);
  }

  @Test
  void metadataAreFoundAtAPage() throws Exception {
    CrashMetadata found = read(metadata().trace(0x100, 0x180)).getFirst();
    assertThat(found.address()).isEqualTo(METADATA);
    assertThat(found.isIntact()).isTrue();
    assertThat(found.valid()).isTrue();
    assertThat(found.isFull()).isFalse();
    assertThat(found.obstacle()).isEmpty();
    assertThat(found.pieces()).containsExactly(AddressRange.ofSize(BUFFER + 0x100, 0x80));
    try (Vmcore vmcore = open()) {
      assertThat(found.isTraceIntact(vmcore.physical())).hasValue(true);
    }
  }

  @Test
  void aFullBufferIsUnwrapped() throws Exception {
    CrashMetadata found = read(metadata().full(0x300)).getFirst();
    assertThat(found.isFull()).isTrue();
    assertThat(found.length()).isEqualTo(0x800);
    assertThat(found.pieces())
        .containsExactly(
            AddressRange.ofSize(BUFFER + 0x300, 0x500), AddressRange.ofSize(BUFFER, 0x300));
    assertThat(read(metadata().full(0x800)).getFirst().pieces())
        .containsExactly(AddressRange.ofSize(BUFFER, 0x800));
  }

  @Test
  void aTraceThatChangedIsNotIntact() throws Exception {
    CrashMetadata found = read(metadata().full(0)).getFirst();
    memory[(int) BUFFER + 5]++;
    try (Vmcore vmcore = open()) {
      assertThat(found.isTraceIntact(vmcore.physical())).hasValue(false);
    }
  }

  @Test
  void aBufferOfWhichBytesAreMissingIsNotSaidToHaveChanged() throws Exception {
    CrashMetadata found = read(metadata().full(0)).getFirst();
    byte[] start = Arrays.copyOf(memory, (int) BUFFER + 0x7ff);
    Path cut = DumpBuilder.elf64().load(0, start).writeTo(folder.resolve("cut"));
    try (Vmcore vmcore = Vmcore.open(cut)) {
      assertThat(found.isTraceIntact(vmcore.physical())).isEmpty();
    }
    try (Vmcore vmcore = open()) {
      CrashMetadata invalid = read(metadata().full(0).invalidated()).getFirst();
      assertThat(invalid.isTraceIntact(vmcore.physical())).isEmpty();
    }
  }

  @Test
  void damagedMetadataAreTakenOnlyWhereTheRangeBegins() throws Exception {
    read(metadata().full(0));
    memory[(int) METADATA + 20] ^= 2;
    assertThat(read(RESERVED)).isEmpty();
    CrashMetadata found = read(AddressRange.ofSize(METADATA, 0x1000)).getFirst();
    assertThat(found.isIntact()).isFalse();
    assertThat(found.isDamaged()).isTrue();
    assertThat(found.obstacle()).isEmpty();
  }

  @Test
  void metadataThatTheKernelInvalidatedAreNoDamage() throws Exception {
    CrashMetadata found = read(metadata().full(0).invalidated()).getFirst();
    assertThat(found.address()).isEqualTo(METADATA);
    assertThat(found.valid()).isFalse();
    assertThat(found.isIntact()).isTrue();
    byte[] changed = metadata().full(0).invalidated();
    changed[20] ^= 2;
    assertThat(read(changed)).isEmpty();
    CrashMetadata begins = read(AddressRange.ofSize(METADATA, 0x1000)).getFirst();
    assertThat(begins.isIntact()).isFalse();
    assertThat(begins.isDamaged()).isFalse();
  }

  @Test
  void whatHasNoTraceTellsWhy() throws Exception {
    assertThat(read(metadata().u32(12, 0)).getFirst().obstacle())
        .hasValue("it isn't valid: the device wasn't enabled");
    assertThat(read(metadata()).getFirst().obstacle()).hasValue("its trace is empty");
    assertThat(read(metadata()).getFirst().isBroken()).isFalse();
    CrashMetadata bad = read(metadata().trace(0x900, 0x910)).getFirst();
    assertThat(bad.obstacle())
        .hasValue("a trace of 0x10 bytes from 0x900 on isn't in a buffer of 0x800");
    assertThat(bad.isBroken()).isTrue();
    assertThat(read(metadata().trace(0x20, 0x10)).getFirst().isBroken()).isTrue();
    assertThat(read(metadata().full(0).u32(16, -1)).getFirst().isBroken()).isTrue();
    assertThat(read(metadata().u32(16, -1)).getFirst().isBroken()).isTrue();
    assertThat(read(metadata().trace(-0x10, -0x10)).getFirst().obstacle())
        .hasValue("a trace of 0x0 bytes from 0xfffffffffffffff0 on isn't in a buffer of 0x800");
    assertThat(read(metadata().trace(-0x10, -0x10)).getFirst().isBroken()).isTrue();
  }

  @Test
  void anotherVersionTellsSo() throws Exception {
    CrashMetadata found = read(metadata().full(0).u32(8, 2 << 16)).getFirst();
    assertThat(found.obstacle()).hasValue("its version is 0x20000, not 1.x");
    assertThat(found.isBroken()).isFalse();
    byte[] noCrc = metadata().full(0).u32(8, 2 << 16).build();
    noCrc[0]++;
    assertThat(read(noCrc)).isEmpty();
    CrashMetadata begins = read(AddressRange.ofSize(METADATA, 0x1000)).getFirst();
    assertThat(begins.obstacle()).hasValue("its version is 0x20000, not 1.x");
    assertThat(begins.isDamaged()).isFalse();
  }

  @Test
  void zerosAreNoMetadata() throws Exception {
    assertThat(read(new byte[CrashMetadata.SIZE])).isEmpty();
    assertThat(read(AddressRange.ofSize(METADATA, 0x1000))).isEmpty();
  }

  @Test
  void aRangeWithoutRoomHasNone() throws Exception {
    assertThat(read(AddressRange.ofSize(METADATA, 95))).isEmpty();
    assertThat(read(AddressRange.inclusive(0, -1))).isEmpty();
    assertThat(read(AddressRange.inclusive(-0x1000, -1))).isEmpty();
  }

  @Test
  void theDeviceTreeTellsWhichReservedMemoryHasMetadata() throws Exception {
    TreeProperty one = TreeProperty.cell("phandle", 1);
    TreeProperty two = TreeProperty.cell("phandle", 2);
    TreeNode reserved =
        TreeNode.of(
            "reserved-memory",
            TreeProperty.cell("#address-cells", 2),
            TreeProperty.cell("#size-cells", 2),
            TreeNode.of("trace@a0000000", one, cells("reg", 0, 0xa000_0000, 0, 0x1000)),
            TreeNode.of("metadata@a0001000", two, cells("reg", 0, 0xa000_1000, 0, 0x100)));
    TreeNode etr =
        TreeNode.of(
            "etr@1",
            cells("memory-region", 1, 2),
            TreeProperty.of(
                "memory-region-names",
                "tracedata\0metadata\0".getBytes(StandardCharsets.US_ASCII)));
    TreeNode root = TreeNode.of("", reserved, TreeNode.of("soc", etr));
    assertThat(ReservedTraces.ranges("tree", DeviceTree.of(root)))
        .containsExactly(AddressRange.ofSize(0xa000_1000L, 0x100));
    assertThat(ReservedTraces.ranges("tree", DeviceTree.of(TreeNode.of("", reserved)))).isEmpty();
  }

  private static TreeProperty cells(String name, int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    Arrays.stream(values).forEach(bytes::putInt);
    return TreeProperty.of(name, bytes.array());
  }
}
