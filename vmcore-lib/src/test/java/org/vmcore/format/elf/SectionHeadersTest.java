package org.vmcore.format.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DeviceCoreBytes;
import org.vmcore.testing.DumpBuilder;

class SectionHeadersTest {
  private static final byte[] TEXT = DumpBuilder.pattern(1, 4097);
  private static final byte[] DATA = DumpBuilder.pattern(7, 70_001);

  @TempDir Path folder;

  private static DeviceCoreBytes core(ElfClass elfClass, ByteOrder order) {
    return DeviceCoreBytes.sections(elfClass, order)
        .add("text", 0x1000_0000, TEXT)
        .add("data", 0x8000_1003L, DATA)
        .add("empty", 0x3000_0000, new byte[0])
        .add("é x", 0xffff_f000L, DumpBuilder.pattern(9, 4096));
  }

  private static DeviceCoreBytes core() {
    return core(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN);
  }

  private Vmcore open(DeviceCoreBytes core) throws IOException {
    return Vmcore.open(core.writeTo(folder.resolve("core")));
  }

  private static byte[] read(Vmcore vmcore, long address, int size) throws VmcoreException {
    MemorySegment bytes = MemorySegment.ofArray(new byte[size]);
    long got = vmcore.physical().read(address, bytes);
    return bytes.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE);
  }

  private static List<String> damage(Vmcore vmcore) {
    return vmcore.findings().stream()
        .filter(each -> each.severity() != Finding.Severity.INFO)
        .map(Finding::message)
        .toList();
  }

  private static List<String> names(Vmcore vmcore) {
    return IntStream.range(0, vmcore.segments().size())
        .mapToObj(i -> vmcore.segmentName(i).orElse("-"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"ELF32, true", "ELF32, false", "ELF64, true", "ELF64, false"})
  void eachIsMemoryAtItsDeviceAddress(ElfClass elfClass, boolean isLittle) throws Exception {
    ByteOrder order = isLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    try (Vmcore vmcore = open(core(elfClass, order))) {
      assertThat(vmcore.segments().stream().map(ProgramHeader::paddr))
          .containsExactly(0x1000_0000L, 0x8000_1003L, 0x3000_0000L, 0xffff_f000L);
      assertThat(names(vmcore)).containsExactly("text", "data", "empty", "é x");
      assertThat(read(vmcore, 0x1000_0000, TEXT.length + 1)).isEqualTo(TEXT);
      assertThat(read(vmcore, 0x8000_1003L, DATA.length + 1)).isEqualTo(DATA);
      assertThat(read(vmcore, 0xffff_f000L, 4097)).isEqualTo(DumpBuilder.pattern(9, 4096));
      assertThat(damage(vmcore)).isEmpty();
      assertThat(vmcore.isDeviceMemory()).isTrue();
      assertThat(vmcore.header().entry()).isEqualTo(0x1000_0040);
    }
  }

  @Test
  void withProgramHeadersThereAreNoNames() throws Exception {
    DeviceCoreBytes core = DeviceCoreBytes.segments(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN);
    try (Vmcore vmcore = open(core.add("text", 0, TEXT).add("data", 0x2000_0001, DATA))) {
      assertThat(names(vmcore)).containsExactly("-", "-");
      assertThat(read(vmcore, 0, TEXT.length + 1)).isEqualTo(TEXT);
      assertThat(read(vmcore, 0x2000_0001, DATA.length + 1)).isEqualTo(DATA);
      assertThat(vmcore.isDeviceMemory()).isTrue();
    }
  }

  @Test
  void aKernelsDumpIsNoDevices() throws Exception {
    Path file = DumpBuilder.elf64().load(0x1000, 4096).writeTo(folder.resolve("kernel"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.isDeviceMemory()).isFalse();
    }
  }

  @Test
  void aNameMayBeAnyBytes() throws Exception {
    byte[] longest = new byte[255];
    Arrays.fill(longest, (byte) 'n');
    DeviceCoreBytes core =
        DeviceCoreBytes.sections(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN)
            .add(new byte[] {(byte) 0xff, 'a'}, 0x1000, TEXT)
            .add(new byte[0], 0x3000, TEXT)
            .add(longest, 0x5000, TEXT)
            .add(Arrays.copyOf(longest, 256), 0x7000, TEXT)
            .add("n".repeat(256), 0x9000, TEXT);
    try (Vmcore vmcore = open(core)) {
      assertThat(names(vmcore))
          .containsExactly("\udcffa", "-", "n".repeat(255), "n".repeat(255), "-");
      assertThat(damage(vmcore))
          .containsExactly("names of sections that aren't there or are too long: 1");
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "99", "65534"})
  void withoutASectionOfNamesTheMemoryIsThere(int shstrndx) throws Exception {
    try (Vmcore vmcore = open(core().shstrndx(shstrndx))) {
      assertThat(names(vmcore)).containsExactly("-", "-", "-", "-");
      assertThat(read(vmcore, 0x8000_1003L, DATA.length)).isEqualTo(DATA);
      assertThat(damage(vmcore)).hasSize(1);
    }
  }

  @Test
  void moreSectionsThanThereAre() throws Exception {
    DeviceCoreBytes core =
        DeviceCoreBytes.sections(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN)
            .add("a", 0x1000, new byte[8])
            .shnum(0xfff0);
    try (Vmcore vmcore = open(core)) {
      assertThat(vmcore.segments()).hasSize(1);
      assertThat(damage(vmcore))
          .containsExactly("the file ends in the section headers: 3 of 65520 are whole");
    }
  }

  @Test
  void aRangeThatIsNoneIsLeftOutAndTheOthersKeepTheirNames() throws Exception {
    try (Vmcore vmcore = open(core().offset(1, -0x100))) {
      assertThat(names(vmcore)).containsExactly("text", "empty", "é x");
      assertThat(read(vmcore, 0x1000_0000, TEXT.length)).isEqualTo(TEXT);
      assertThat(damage(vmcore))
          .containsExactly(
              "section 3: p_offset 0xffffffffffffff00 + p_filesz 0x11171 is no file range");
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 0", "200, 2", "383, 4"})
  void aFileThatEndsInItsHeadersSaysSo(int size, int whole) throws Exception {
    Path file = folder.resolve("cut");
    Files.write(file, Arrays.copyOf(core().bytes(), size));
    if (whole < 3) {
      String reason =
          whole == 0
              ? "offset 0x38: e_phnum is 0: no program headers"
              : "offset 0xc8: the file ends in the section headers: 2 of 6 are whole";
      assertThatThrownBy(() -> Vmcore.open(file)).hasMessage(file + ": " + reason);
      return;
    }
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.segments()).hasSize(2);
      assertThat(damage(vmcore))
          .contains("the file ends in the section headers: " + whole + " of 6 are whole");
    }
  }

  @Test
  void whatIsCutOffIsLost() throws Exception {
    Path file = folder.resolve("cut");
    byte[] whole = core().bytes();
    Files.write(file, Arrays.copyOf(whole, whole.length - 5000));
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(damage(vmcore))
          .containsExactly("the file ends too early: 5000 bytes of 2 segments are lost");
      assertThat(read(vmcore, 0x8000_1003L, DATA.length)).hasSize(DATA.length - 904);
    }
  }

  @Test
  void whatHasNoMappingIsTold() throws Exception {
    byte[] unmapped = new byte[10_000];
    Arrays.fill(unmapped, (byte) 0xff);
    byte[] mapped = unmapped.clone();
    mapped[9_999] = 0;
    try (Vmcore vmcore =
        open(core().add("nowhere", 0x100, unmapped).add("there", 0x5000, mapped))) {
      assertThat(vmcore.verify())
          .filteredOn(each -> each.check().equals("unmapped"))
          .extracting(Finding::message)
          .containsExactly(
              "segment 4 (nowhere) at 0x100 is 0xff alone, as the kernel writes where the device's"
                  + " memory has no mapping");
    }
  }
}
