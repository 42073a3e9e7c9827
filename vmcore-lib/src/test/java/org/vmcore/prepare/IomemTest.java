package org.vmcore.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

class IomemTest {
  private static final String SMALL =
      """
      00000000-00000fff : Reserved
      00001000-0009fbff : System RAM
      00100000-0ffd6fff : System RAM
        01000000-06ffffff : Crash kernel
        07c00000-08a01ef1 : Kernel code
      """;

  @Test
  void namesRangesAndDepths() throws Exception {
    Iomem iomem = Iomem.parse("iomem", SMALL);
    assertThat(iomem.resources()).hasSize(5);
    assertThat(iomem.resources().get(3))
        .isEqualTo(
            new Iomem.Resource(AddressRange.inclusive(0x1000000, 0x6ffffff), 1, "Crash kernel"));
    assertThat(iomem.systemRam())
        .containsExactly(
            AddressRange.inclusive(0x1000, 0x9fbff), AddressRange.inclusive(0x100000, 0xffd6fff));
    assertThat(iomem.crashKernel()).containsExactly(AddressRange.inclusive(0x1000000, 0x6ffffff));
    assertThat(iomem.named("Kernel code")).hasSize(1);
    assertThat(iomem.named("Kernel bss")).isEmpty();
  }

  @Test
  void carriageReturnsBlanksAndEmptyLinesAreIgnored() throws Exception {
    String other = "\n" + SMALL.replace("\n", " \t\r\n") + "\r\n  \n";
    assertThat(Iomem.parse("iomem", other)).isEqualTo(Iomem.parse("iomem", SMALL));
    assertThat(Iomem.parse("iomem", "").resources()).isEmpty();
  }

  @Test
  void hotPluggedRamIsRamWhereverItLies() throws Exception {
    Iomem iomem =
        Iomem.parse(
            "iomem",
            """
            100000000-1ffffffff : Persistent Memory
              100000000-1ffffffff : dax0.0
                100000000-17fffffff : System RAM (kmem)
            8000000000-ffffffffffffffff : System RAM (virtio_mem)
            """);
    assertThat(iomem.systemRam())
        .containsExactly(
            AddressRange.inclusive(0x1_0000_0000L, 0x1_7fff_ffffL),
            AddressRange.inclusive(0x80_0000_0000L, -1));
  }

  @Test
  void ramInRamCountsOnce() throws Exception {
    Iomem iomem =
        Iomem.parse(
            "iomem",
            """
            1000-1fff : System RAM
              1000-17ff : System RAM
            3000-3fff : System RAM
            """);
    assertThat(CrashMemory.of(iomem).ranges()).hasSize(2);
  }

  @Test
  void belowFiveLevelsTheKernelIndentsNoFurther() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int depth = 0; depth <= 5; depth++) {
      text.append("  ".repeat(depth)).append("1000-1fff : level\n");
    }
    String sixth = "  ".repeat(5) + "1000-10ff : sixth level\n";
    assertThat(Iomem.parse("iomem", text + sixth).resources()).hasSize(7);
    String after = "  ".repeat(5) + "1080-11ff : overlaps the sixth\n";
    assertThatThrownBy(() -> Iomem.parse("iomem", text + sixth + after))
        .hasMessageContaining("line 8: 0x1080-0x11ff overlaps line 7");
  }

  @Test
  void toAnyoneButRootAllAddressesAreZero() {
    assertThatThrownBy(
            () ->
                Iomem.parse(
                    "iomem",
                    """
                    00000000-00000000 : Reserved
                    00000000-00000000 : System RAM
                      00000000-00000000 : Kernel code
                    """))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("read it as root");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "System RAM | 0x18 | line 2: not of the form",
        "2000-2fff: System RAM | 0x18 | line 2: not of the form",
        "2000 : System RAM-2 | 0x18 | line 2: not of the form",
        "2000-2ffg : System RAM | 0x1d | line 2: not a hexadecimal address",
        "-2fff : System RAM | 0x18 | line 2: not a hexadecimal address",
        "+2000-2fff : System RAM | 0x18 | line 2: not a hexadecimal address",
        "20000000000000000-2fff : System RAM | 0x18 | line 2: not a hexadecimal address",
        "2fff-2000 : System RAM | 0x1d | line 2: the end is below the start",
        "1fff-2fff : System RAM | 0x18 | line 2: 0x1fff-0x2fff overlaps line 1",
        "800-8ff : System RAM | 0x18 | line 2: 0x800-0x8ff overlaps line 1 or belongs before it",
        "'  1800-2000 : Kernel code' | 0x18 | line 2: 0x1800-0x2000 reaches outside of line 1",
        "'    1800-1fff : Kernel code' | 0x18 | line 2: indented deeper",
        "' 1800-1fff : Kernel code' | 0x18 | line 2: 1 blanks in front",
        "'\t1800-1fff : Kernel code' | 0x18 | line 2: not a hexadecimal address",
      })
  void malformedLinesAreRefusedByLineAndOffset(String line, String offset, String reason) {
    String text = "1000-1fff : System RAM\r\n" + line + "\r\n";
    assertThatThrownBy(() -> Iomem.parse("iomem", text))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith("iomem: offset " + offset + ": " + reason);
  }

  @Test
  void partsOfAPartMustNotOverlapEither() {
    assertThatThrownBy(
            () ->
                Iomem.parse("iomem", "1000-1fff : System RAM\n  1000-17ff : a\n  1700-1fff : b\n"))
        .hasMessageContaining("line 3: 0x1700-0x1fff overlaps line 2");
  }

  @Test
  void filesAreReadWithoutAskingForTheirSize() throws Exception {
    assertThat(Iomem.read(Path.of("/proc/iomem")).resources()).isNotEmpty();
    try (FileSystem fs = Jimfs.newFileSystem(Configuration.unix())) {
      Path copy = Files.writeString(fs.getPath("iomem"), SMALL);
      assertThat(Iomem.read(copy)).isEqualTo(Iomem.parse("iomem", SMALL));
      assertThatThrownBy(() -> Iomem.read(fs.getPath("none")))
          .isInstanceOf(VmcoreException.class)
          .hasMessage("none: no such file or directory");
    }
  }
}
