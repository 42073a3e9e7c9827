package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Finding;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** Sizing, dropping and merging of notes: FORMATS.md, 3 and 4. */
class NotesTest {
  /** "CORE\0" and 336 bytes: 12 + 8 + 336. */
  private static final int PRSTATUS = 0x164;

  @TempDir Path dir;

  private Vmcore open(DumpBuilder dump) throws IOException {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  private static List<String> warnings(Vmcore vmcore) {
    return vmcore.findings().stream()
        .filter(finding -> finding.severity() != Finding.Severity.INFO)
        .map(Finding::message)
        .toList();
  }

  /** Two CPUs, one that never started, and VMCOREINFO, as kexec makes them. */
  private static DumpBuilder elfcorehdr() {
    return DumpBuilder.elf64()
        .noteArea(0x170)
        .prstatus(1, 11)
        .noteArea(0x170)
        .noteArea(0x170)
        .prstatus(3, 0)
        .noteArea(0x1024)
        .note("VMCOREINFO", 0, "A=1\n".getBytes(StandardCharsets.US_ASCII))
        .load(0x5000, 0x1000);
  }

  @Test
  void notesAreMergedInOrderAndWithoutGaps() throws Exception {
    try (Vmcore vmcore = open(elfcorehdr())) {
      assertThat(vmcore.notes())
          .extracting(Note::name)
          .containsExactly("CORE", "CORE", "VMCOREINFO");
      assertThat(vmcore.notes())
          .extracting(Note::offset)
          .containsExactly(0x1000L, 0x1000L + PRSTATUS, 0x1000L + 2 * PRSTATUS);
      byte[] merged =
          Arrays.copyOfRange(
              DumpBuilder.elf64()
                  .prstatus(1, 11)
                  .prstatus(3, 0)
                  .note("VMCOREINFO", 0, new byte[] {'A', '=', '1', '\n'})
                  .build(),
              0x1000,
              0x1000 + 2 * PRSTATUS + 28);
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).isEqualTo(Arrays.copyOf(merged, 0x1000));
    }
  }

  @Test
  void oneHeaderReplacesThemAllAndStandsFirst() throws Exception {
    try (Vmcore vmcore = open(elfcorehdr())) {
      long size = 2 * PRSTATUS + 28;
      assertThat(vmcore.segments())
          .containsExactly(
              new ProgramHeader(4, 0, 0x1000, 0, 0, size, size, 4),
              new ProgramHeader(1, 7, 0x2000, 0, 0x5000, 0x1000, 0x1000, 0));
      assertThat(vmcore.header().phnum()).isEqualTo(2);
      assertThat(Reading.bytes(vmcore, 64 + 2 * 56, 0x1000 - 64 - 2 * 56)).containsOnly(0);
    }
  }

  @Test
  void mergedNotesAreOneChunk() throws Exception {
    try (Vmcore vmcore = open(elfcorehdr())) {
      Chunk notes = vmcore.chunks().get(1);
      assertThat(notes.content()).isEqualTo(Chunk.Content.NOTES);
      assertThat(notes).isInstanceOf(Chunk.Buffer.class);
      assertThat(notes.offset()).isEqualTo(0x1000);
      assertThat(notes.size()).isEqualTo(0x1000);
    }
  }

  @Test
  void theUnmergedViewKeepsEmptyAreas() throws Exception {
    try (Vmcore vmcore = open(elfcorehdr())) {
      assertThat(vmcore.noteSegments())
          .extracting(NoteSegment::index, NoteSegment::memsz, NoteSegment::size)
          .containsExactly(
              tuple(0, 0x170L, (long) PRSTATUS),
              tuple(1, 0x170L, 0L),
              tuple(2, 0x170L, (long) PRSTATUS),
              tuple(3, 0x1024L, 28L));
      assertThat(warnings(vmcore)).containsExactly("program header 1: Zero PT_NOTE entries found");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 0x1000})
  void theMergedHeadersAlignmentCanBeChosen(int align) throws Exception {
    Path file = elfcorehdr().writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file, OpenOptions.builder().noteAlign(align).build())) {
      assertThat(vmcore.segments().getFirst().align()).isEqualTo(align);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4})
  void aSavedVmcoresAlignmentStays(long align) throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().prstatus(1, 11).field("p_align", align))) {
      assertThat(vmcore.segments().getFirst().align()).isEqualTo(align);
    }
  }

  @Test
  void flagsAndAddressesOfTheMergedHeaderAreZero() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .prstatus(1, 11)
            .field("p_flags", 7)
            .field("p_paddr", 0x7000)
            .vaddr(0x8000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.segments())
          .containsExactly(new ProgramHeader(4, 0, 0x1000, 0, 0, PRSTATUS, PRSTATUS, 0));
    }
  }

  @Test
  void anAreaFullToTheLastByteSimplyStops() throws Exception {
    try (Vmcore vmcore =
        open(
            DumpBuilder.elf64()
                .noteArea(PRSTATUS)
                .prstatus(1, 11)
                .noteArea(PRSTATUS)
                .prstatus(2, 0))) {
      assertThat(vmcore.notes()).hasSize(2);
      assertThat(warnings(vmcore)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 11, 12, 13})
  void theBytesBehindTheLastNoteMayBeFewerThanAHeader(int left) throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().noteArea(PRSTATUS + left).prstatus(1, 11))) {
      assertThat(vmcore.notes()).hasSize(1);
      assertThat(warnings(vmcore)).isEmpty();
    }
  }

  @Test
  void anAreaOfNothingIsTold() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().noteArea(0).load(0x1000, 0x1000))) {
      assertThat(vmcore.notes()).isEmpty();
      assertThat(warnings(vmcore)).containsExactly("program header 0: Zero PT_NOTE entries found");
      assertThat(vmcore.segments().getFirst().memsz()).isZero();
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).isEqualTo(pattern(0x1000, 0x1000));
    }
  }

  @Test
  void whenAllAreasAreZerosTheHeaderStaysAndHasNoPage() throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().noteArea(0x170).noteArea(0x170).load(0x1000, 0x1000))) {
      assertThat(vmcore.segments().getFirst())
          .isEqualTo(new ProgramHeader(4, 0, 0x1000, 0, 0, 0, 0, 4));
      assertThat(vmcore.segments().getLast().offset()).isEqualTo(0x1000);
      assertThat(vmcore.size()).isEqualTo(0x2000);
    }
  }

  @Test
  void aNoteThatPassesTheEndIsDroppedAndEndsTheWalk() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .note("A", 1, new byte[4])
            .note("B", 2, new byte[4])
            .noteField("n_descsz", 100)
            .note("C", 3, new byte[4]);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.notes()).extracting(Note::name).containsExactly("A");
      assertThat(vmcore.segments().getFirst().memsz()).isEqualTo(20);
      assertThat(warnings(vmcore))
          .containsExactly(
              "program header 0: a note that passes the end of its PT_NOTE is dropped:"
                  + " n_namesz=0x2 n_descsz=0x64");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0xffff_ffffL, 0xffff_fffdL, 0x8000_0000L, 0x7fff_ffffL})
  void absurdSizesAreDropped(long size) throws Exception {
    for (String field : new String[] {"n_namesz", "n_descsz"}) {
      try (Vmcore vmcore =
          open(DumpBuilder.elf64().note("A", 1, new byte[4]).noteField(field, size))) {
        assertThat(vmcore.notes()).isEmpty();
        assertThat(warnings(vmcore))
            .hasSize(2)
            .first()
            .asString()
            .contains(field + "=0x" + Long.toHexString(size));
      }
    }
  }

  @Test
  void aNoteWithoutANameEndsTheWalk() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .note("A", 1, new byte[4])
            .note(new byte[0], 2, new byte[4])
            .note("C", 3, new byte[4]);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.notes()).extracting(Note::name).containsExactly("A");
      assertThat(warnings(vmcore)).isEmpty();
    }
  }

  @Test
  void namesAndDescriptorsArePaddedToFourBytes() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .note("ABCDE", 1, new byte[] {1, 2, 3, 4, 5})
            .note("X", 2, new byte[] {9});
    try (Vmcore vmcore = open(dump)) {
      Note first = vmcore.notes().getFirst();
      assertThat(first.descOffset() - first.offset()).isEqualTo(20);
      assertThat(first.descriptor(100)).containsExactly(1, 2, 3, 4, 5);
      assertThat(vmcore.notes().get(1).offset() - first.offset()).isEqualTo(28);
      assertThat(vmcore.notes().get(1).descriptor(100)).containsExactly(9);
    }
  }

  @Test
  void loadsInFrontOfTheNotesAreKept() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .load(0x1000, 0x1000)
            .prstatus(1, 11)
            .load(0x2000, 0x1000)
            .prstatus(2, 0);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.segments()).extracting(ProgramHeader::type).containsExactly(4, 1, 1);
      assertThat(vmcore.notes()).hasSize(2);
      assertThat(Reading.bytes(vmcore, 0x2000, 0x2000)).isEqualTo(pattern(0x1000, 0x2000));
    }
  }

  @Test
  void withoutNotesNoneIsAdded() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(0x1000, 0x1000))) {
      assertThat(vmcore.segments()).hasSize(1);
      assertThat(vmcore.notes()).isEmpty();
      assertThat(vmcore.vmcoreInfo()).isEmpty();
      assertThat(vmcore.chunks()).hasSize(2);
    }
  }

  @Test
  void aPtNoteWithoutMemszUsesFilesz() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().prstatus(1, 11).memsz(0))) {
      assertThat(vmcore.notes()).hasSize(1);
    }
  }

  /** makedumpfile adds ERASEINFO behind the others and counts it in p_filesz alone. */
  @Test
  void aPtNoteIsAsLongAsItsFilesz() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64().prstatus(1, 11).note("ERASEINFO", 0, pattern(0, 40));
    try (Vmcore vmcore = open(dump.memsz(0x164))) {
      assertThat(vmcore.notes()).hasSize(2);
      assertThat(vmcore.notes().getLast().descriptor(64)).isEqualTo(pattern(0, 40));
    }
  }

  @Test
  void notesMayTakeSeveralPages() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64().note("BIG", 7, pattern(0, 0x3000)).load(0x1000, 0x1000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.notes().getFirst().descriptor(0x10000)).isEqualTo(pattern(0, 0x3000));
      assertThat(vmcore.notes().getFirst().descriptor(5)).isEqualTo(pattern(0, 5));
      assertThat(vmcore.segments().getLast().offset()).isEqualTo(0x5000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LITTLE", "BIG"})
  void smallClassAndOtherOrderAreTheSame(String order) throws Exception {
    ByteOrder byteOrder = order.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    DumpBuilder dump =
        DumpBuilder.of(ElfClass.ELF32, byteOrder)
            .noteArea(0x80)
            .note("A", 1, new byte[4])
            .noteArea(0x80)
            .note("B", 2, new byte[8])
            .load(0x1000, 0x1000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.segments().getFirst())
          .isEqualTo(new ProgramHeader(4, 0, 0x1000, 0, 0, 44, 44, 4));
      assertThat(Reading.bytes(vmcore, 52 + 2 * 32, 0x1000 - 52 - 2 * 32)).containsOnly(0);
      assertThat(vmcore.header().phoff()).isEqualTo(52);
      assertThat(vmcore.notes()).extracting(Note::offset).containsExactly(0x1000L, 0x1014L);
    }
  }

  @Test
  void notesThatTheFileLacksAreToldAsLost() throws Exception {
    try (Vmcore vmcore =
        open(
            DumpBuilder.elf64().prstatus(1, 11).prstatus(2, 0).truncateAt(0x1000 + PRSTATUS + 6))) {
      assertThat(vmcore.notes()).hasSize(1);
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(warnings(vmcore)).contains("program header 0: the notes end where the file does");
    }
  }

  @Test
  void notesInOldMemoryAreReadAtTheirAddress() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .ramImage()
            .noteArea(0x170)
            .at(0x800)
            .prstatus(7, 11)
            .noteArea(0x100)
            .at(0x3004)
            .note("X", 5, new byte[4])
            .load(0x4000, 0x1000);
    CountingMemory memory = CountingMemory.of(dump.build());
    try (Vmcore vmcore = Vmcore.of("oldmem", dump.crashHeaders(), memory, OpenOptions.DEFAULT)) {
      assertThat(vmcore.notes().getFirst().prStatus().pid()).isEqualTo(7);
      assertThat(vmcore.noteSegments())
          .extracting(NoteSegment::address)
          .containsExactly(0x800L, 0x3004L);
      assertThat(Reading.bytes(vmcore, 0x2000, 0x1000)).isEqualTo(pattern(0x4000, 0x1000));
    }
  }
}
