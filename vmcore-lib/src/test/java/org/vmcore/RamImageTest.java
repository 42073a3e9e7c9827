package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;
import org.vmcore.testing.DumpBuilder;

/** /proc/vmcore built out of a RAM image, its crash headers in a file of their own. */
class RamImageTest {
  private static final int RAM_SIZE = 0x8000;

  @TempDir Path folder;
  private Path file;
  private RamImage image;

  private static DumpBuilder machine() {
    return DumpBuilder.elf64().ramImage().load(0x1100, 0x2f80).load(0x5000, 0x2000);
  }

  @BeforeEach
  void makeRam() throws IOException {
    byte[] ram = new byte[RAM_SIZE];
    Arrays.fill(ram, (byte) 0xee);
    byte[] areas = machine().build();
    System.arraycopy(areas, 0x1100, ram, 0x1100, 0x2f80);
    System.arraycopy(areas, 0x5000, ram, 0x5000, 0x2000);
    file = Files.write(folder.resolve("ram"), ram);
    // As a file the same areas have the same headers, each p_offset a physical address.
    Path headers =
        DumpBuilder.elf64()
            .load(0x1100, 0x2f80)
            .field("p_offset", 0x1100)
            .load(0x5000, 0x2000)
            .field("p_offset", 0x5000)
            .writeTo(folder.resolve("headers"));
    image = RamImage.of(file).withHeaders(new RamImage.Elfcorehdr.InFile(headers));
  }

  private static byte[] bytes(Vmcore vmcore) throws IOException {
    byte[] all = new byte[(int) vmcore.size()];
    assertThat(vmcore.read(0, MemorySegment.ofArray(all))).isEqualTo(all.length);
    return all;
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theWholeBuiltImageIsMappedWithoutCopyAndTheFileIsLeftAlone() throws Exception {
    byte[] before = Files.readAllBytes(file);
    for (Padding padding : Padding.values()) {
      try (Vmcore vmcore = Vmcore.open(image, OpenOptions.builder().padding(padding).build());
          Mapping mapping = vmcore.map(0, vmcore.size())) {
        assertThat(mapping.kind()).isEqualTo(Mapping.Kind.ZERO_COPY);
        assertThat(mapping.bytes().isReadOnly()).isTrue();
        assertThat(mapping.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(vmcore));
      }
    }
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void aPageThatIsDeclaredNotRamReadsAsZeros() throws Exception {
    try (Vmcore vmcore = Vmcore.open(image.withRam(pfn -> pfn != 6), OpenOptions.DEFAULT)) {
      byte[] all = bytes(vmcore);
      int start = (int) vmcore.segments().get(1).offset();
      assertThat(Arrays.copyOfRange(all, start, start + 0x1000))
          .isEqualTo(DumpBuilder.pattern(0x5000, 0x1000));
      assertThat(Arrays.copyOfRange(all, start + 0x1000, start + 0x2000)).containsOnly(0);
      assertThat(vmcore.physical().extentAt(0x6000).state()).isEqualTo(PageState.NOT_RAM);
    }
  }

  @Test
  void whatTheMapLeavesOutIsNotRam() throws Exception {
    RamMap low = RamMap.parse("0-0x4fff@0");
    try (Vmcore vmcore = Vmcore.open(image.withMap(low), OpenOptions.DEFAULT)) {
      assertThat(vmcore.physical().extentAt(0x1100).state()).isEqualTo(PageState.PRESENT);
      assertThat(vmcore.physical().extentAt(0x5000).state()).isEqualTo(PageState.NOT_RAM);
    }
  }

  @Test
  void headersOutsideOfRamAreRefusedByTheirAddress() {
    RamImage outside = image.withHeaders(new RamImage.Elfcorehdr.At(0x100_0000));
    assertThatThrownBy(() -> Vmcore.open(outside, OpenOptions.DEFAULT))
        .isInstanceOf(VmcoreException.class)
        .hasMessage(
            file
                + ": offset 0x1000000: elfcorehdr at 0x1000000: ELF header: no RAM is there to be read");
  }
}
