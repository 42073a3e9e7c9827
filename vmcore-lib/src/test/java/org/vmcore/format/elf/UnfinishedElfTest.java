package org.vmcore.format.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.elf.Note;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamMap;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Flattened;
import org.vmcore.testing.Reading;

/** ELF dumps of makedumpfile that were cut before it wrote the program headers. */
class UnfinishedElfTest {
  private static final long VADDR = 0xffff_ffff_8100_0000L;
  private static final long PADDR = 0x300_0000;

  /** Where the names stand in the image. */
  private static final int NAMES = 0x5678;

  private static final int SIZE = 0x8000;
  private static final int TABLE = 64;

  @TempDir Path folder;

  /** A kernel's image, with its names in it. */
  private static byte[] image() {
    byte[] image = pattern(PADDR, SIZE);
    Arrays.fill(image, NAMES, NAMES + 6 * 65, (byte) 0);
    put(image, NAMES, "Linux");
    put(image, NAMES + 130, "6.1.0-test");
    return image;
  }

  private static void put(byte[] image, int at, String text) {
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, image, at, text.length());
  }

  /** As makedumpfile writes it, but for the program headers: these are zeros. */
  private static byte[] unfinished(byte[] memory) {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .packed()
            .prstatus(4711, 11)
            .vmcoreinfo(
                "OSRELEASE=6.1.0-test",
                "PAGESIZE=4096",
                "SYMBOL(_stext)=" + Long.toHexString(VADDR),
                "SYMBOL(init_uts_ns)=" + Long.toHexString(VADDR + NAMES),
                "NUMBER(phys_base)=" + (PADDR - 0x100_0000),
                "NUMBER(pgtable_l5_enabled)=0")
            .load(PADDR, memory);
    return dump.patch(TABLE, new byte[2 * 56]).build();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("vmcore"), bytes);
  }

  private static ProgramHeader load(Vmcore vmcore) {
    return vmcore.segments().stream().filter(ProgramHeader::isLoad).findFirst().orElseThrow();
  }

  @Test
  void notesAreThere() throws Exception {
    try (Vmcore vmcore = Vmcore.open(file(unfinished(pattern(0, SIZE))))) {
      assertThat(vmcore.notes()).extracting(Note::name).containsExactly("CORE", "VMCOREINFO");
      assertThat(vmcore.notes().getFirst().prStatus().pid()).isEqualTo(4711);
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("6.1.0-test");
      assertThat(vmcore.memorySize()).isZero();
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .anyMatch(
              message ->
                  message.contains(
                          "the notes are there, and 32768 bytes of memory from file offset")
                      && message.contains("unless --ram-map FROM-TO@OFFSET says it"));
    }
  }

  @Test
  void theImageUpToTheNamesIsCertainWhereTheyStandAsFarAsInMemory() throws Exception {
    byte[] image = image();
    try (Vmcore vmcore = Vmcore.open(file(unfinished(image)))) {
      assertThat(load(vmcore).paddr()).isEqualTo(PADDR);
      assertThat(load(vmcore).vaddr()).isEqualTo(VADDR);
      assertThat(Reading.bytes(vmcore.physical(), PADDR, SIZE))
          .isEqualTo(Arrays.copyOf(image, 0x6000));
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .anyMatch(message -> message.contains("(-d 0), more is there: --ram-map 0x3000000-"));
    }
  }

  @Test
  void behindPagesThatWereLeftOutOnlyThePageOfTheNamesIsCertain() throws Exception {
    byte[] image = image();
    byte[] less = Arrays.copyOfRange(image, 0x2000, SIZE);
    System.arraycopy(image, 0, less, 0, 0x1000);
    try (Vmcore vmcore = Vmcore.open(file(unfinished(less)))) {
      assertThat(vmcore.memorySize()).isEqualTo(0x1000);
      assertThat(Reading.bytes(vmcore.physical(), PADDR + 0x5000, 0x2000))
          .isEqualTo(Arrays.copyOfRange(image, 0x5000, 0x6000));
    }
  }

  @Test
  void aRamMapPlacesTheRest() throws Exception {
    byte[] bytes = unfinished(pattern(0x10_0000, SIZE));
    long data = (long) bytes.length - SIZE;
    RamMap map =
        RamMap.parse("0x100000-0x103fff@" + data + ",0x200000-0x203fff@" + (data + 0x4000));
    OpenOptions options = OpenOptions.builder().ramMap(map).build();
    try (Vmcore vmcore = Vmcore.open(file(bytes), options)) {
      assertThat(vmcore.format()).isEqualTo("elf");
      assertThat(vmcore.notes()).hasSize(2);
      assertThat(Reading.bytes(vmcore.physical(), 0x10_0000, 0x5000))
          .isEqualTo(pattern(0x10_0000, 0x4000));
      assertThat(Reading.bytes(vmcore.physical(), 0x20_0000, 0x5000))
          .isEqualTo(pattern(0x10_4000, 0x4000));
    }
  }

  @Test
  void aRamMapOfAnythingElseIsOfRawMemory() throws Exception {
    byte[] finished = DumpBuilder.elf64().prstatus(1, 11).load(0x1000, 0x1000).build();
    byte[] zeros = Arrays.copyOf(Arrays.copyOf(finished, TABLE), 0x2000);
    OpenOptions options = OpenOptions.builder().ramMap(RamMap.identity(0x1000)).build();
    for (byte[] bytes : new byte[][] {finished, zeros}) {
      try (Vmcore vmcore = Vmcore.open(file(bytes), options)) {
        assertThat(vmcore.format()).isEqualTo("raw");
      }
    }
  }

  @Test
  void aFlattenedFileThatIsCutAnywhere() throws Exception {
    byte[] image = image();
    byte[] elf = unfinished(image);
    int data = elf.length - SIZE;
    Flattened flat = new Flattened().record(TABLE, new byte[2 * 56]);
    flat.record(0, Arrays.copyOf(elf, TABLE));
    flat.record(TABLE + 2 * 56, Arrays.copyOfRange(elf, TABLE + 2 * 56, data));
    int notes = flat.cut().length;
    flat.record(data, image);
    byte[] whole = flat.cut();

    try (Vmcore vmcore = Vmcore.open(file(whole))) {
      assertThat(vmcore.envelopes()).containsExactly("flattened");
      assertThat(vmcore.vmcoreInfo()).isPresent();
      assertThat(Reading.bytes(vmcore.physical(), PADDR, SIZE))
          .isEqualTo(Arrays.copyOf(image, 0x6000));
    }
    try (Vmcore vmcore = Vmcore.open(file(Arrays.copyOf(whole, notes + 100)))) {
      assertThat(vmcore.vmcoreInfo()).isPresent();
      assertThat(vmcore.memorySize()).isZero();
    }
  }

  @Test
  void aFlattenedFileThatIsCutBeforeTheElfHeader() throws Exception {
    byte[] flat = new Flattened().record(TABLE, new byte[2 * 56]).header(0, TABLE).cut();
    Path file = file(flat);

    assertThatThrownBy(() -> Vmcore.open(file))
        .hasMessage(file + ": offset 0x0: the dump's first bytes are lost");
  }

  @Test
  void withoutNotesNothingIsThere() throws Exception {
    byte[] elf = DumpBuilder.elf64().load(0x1000, 0x1000).patch(TABLE, new byte[56]).build();
    try (Vmcore vmcore = Vmcore.open(file(elf))) {
      assertThat(vmcore.segments()).isEmpty();
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .anyMatch(message -> message.endsWith("where its memory belongs is lost"));
    }
  }
}
