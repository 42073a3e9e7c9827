package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.VmcoreAssertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.convert.PageCompression;
import org.vmcore.memory.Chunk;

/** What holds of a dump, and what is said where it doesn't. */
class VmcoreAssertTest {
  private static final long VADDR = 0xffff_8880_0000_0000L;

  @TempDir Path folder;
  private Vmcore vmcore = never();

  private static Vmcore never() {
    return null;
  }

  private static DumpBuilder dump() {
    return DumpBuilder.elf64()
        .noteArea(0x170)
        .prstatus(4711, 11)
        .noteArea(0x170)
        .noteArea(0x400)
        .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
        .load(0x8200, new byte[] {1, 2, 3, 4})
        .memsz(0x300)
        .vaddr(VADDR + 0x8200)
        .load(0x10000, 0x2000)
        .excluded(0x20000, 0x1000);
  }

  @BeforeEach
  void open() throws IOException {
    vmcore = Vmcore.open(dump().writeTo(folder.resolve("vmcore")));
  }

  @AfterEach
  void close() {
    vmcore.close();
  }

  private static void says(ThrowingCallable question, String... words) {
    assertThatThrownBy(question).isInstanceOf(AssertionError.class).hasMessageContainingAll(words);
  }

  private static void saysExactly(ThrowingCallable question, String message) {
    assertThatThrownBy(question).isInstanceOf(AssertionError.class).hasMessage(message);
  }

  @Test
  void whatHoldsIsToldInOneChain() {
    assertThat(vmcore)
        .hasFormat("elf")
        .hasArchitecture("x86_64")
        .hasMergedNotes(2)
        .hasNote("CORE", 1)
        .hasVmcoreInfo("OSRELEASE", "6.1.0")
        .hasFractionalPage(0x4000)
        .hasFractionalPage(0x4fff)
        .hasFractionalPhysicalPage(0x8000)
        .hasPage(0x10)
        .present()
        .hasPage(0x20)
        .excluded()
        .hasPage(0x30)
        .notRam()
        .hasBytes(0x8201, (byte) 2, (byte) 3)
        .hasSegment(1)
        .at(0x8200)
        .atVirtual(VADDR + 0x8200)
        .withSize(0x300)
        .containing(2, (byte) 3, (byte) 4)
        .and()
        .isSameImageAs(vmcore);
  }

  @Test
  void notesAreNamed() {
    saysExactly(
        () -> assertThat(vmcore).hasMergedNotes(3),
        "expected 3 merged notes, but the PT_NOTE at image offset 0x1000 has 2:"
            + " NT_PRSTATUS of CPU 0, VMCOREINFO");
    saysExactly(
        () -> assertThat(vmcore).hasNote("LINUX", 0x700),
        "expected a note LINUX of type 0x700, but the PT_NOTE at image offset 0x1000 has 2:"
            + " NT_PRSTATUS of CPU 0, VMCOREINFO");
  }

  @Test
  void aDescriptionStandsInFront() {
    says(() -> assertThat(vmcore).as("CPUs").hasMergedNotes(3), "[CPUs] expected 3 merged notes");
  }

  @Test
  void withoutNotesThereIsNoPtNote() throws IOException {
    Path file = DumpBuilder.elf64().load(0x1000, 0x1000).writeTo(folder.resolve("none"));
    try (Vmcore none = Vmcore.open(file)) {
      saysExactly(
          () -> assertThat(none).hasMergedNotes(1),
          "expected 1 merged note, but there is no PT_NOTE");
      saysExactly(
          () -> assertThat(none).hasVmcoreInfo("OSRELEASE", "6.1.0"),
          "expected VMCOREINFO to have OSRELEASE=6.1.0, but there is none: there is no PT_NOTE");
    }
  }

  @Test
  void formatsAndVmcoreinfoAreTold() {
    saysExactly(
        () -> assertThat(vmcore).hasFormat("kdump"),
        "expected a dump of format kdump, but it is elf");
    saysExactly(
        () -> assertThat(vmcore).hasArchitecture("arm64"),
        "expected a dump of arm64, but it is of x86_64");
    saysExactly(
        () -> assertThat(vmcore).hasVmcoreInfo("OSRELEASE", "6.2.0"),
        "expected VMCOREINFO to have OSRELEASE=6.2.0, but it has OSRELEASE=6.1.0");
    says(
        () -> assertThat(vmcore).hasVmcoreInfo("KERNELOFFSET", "0"),
        "but it has no KERNELOFFSET:\n",
        "PAGESIZE=4096");
  }

  @Test
  void pagesThatAreWholeOrElsewhereAreTold() {
    saysExactly(
        () -> assertThat(vmcore).hasFractionalPage(0x6010),
        "expected a fractional page at 0x6000, but it is whole: OLDMEM at image offset 0x3000,"
            + " 0x2000 bytes of old memory at 0x5000, segment 2");
    saysExactly(
        () -> assertThat(vmcore).hasFractionalPhysicalPage(0x11000),
        "expected a fractional page at physical 0x11000, but it is whole: OLDMEM at image offset"
            + " 0x3000, 0x2000 bytes of old memory at 0x5000, segment 2");
    saysExactly(
        () -> assertThat(vmcore).hasFractionalPage(0x40000),
        "expected a fractional page at 0x40000, but nothing of a PT_LOAD lies there; in old memory,"
            + " fractional pages are at 0x4000 (physical 0x8000)");
  }

  @Test
  void statesOfPagesAreTold() {
    saysExactly(
        () -> assertThat(vmcore).hasPage(0x20).present(),
        "expected page frame 0x20 to be present, but it is excluded: physical address 0x20000 is"
            + " excluded");
    says(
        () -> assertThat(vmcore).hasPage(0x10).lost(),
        "expected page frame 0x10 to be lost, but it is present");
  }

  @Test
  void whyAPageIsLostIsTold() throws IOException {
    Path file = DumpBuilder.elf64().load(0, 0x3000).truncateAt(0x2000).writeTo(folder.resolve("x"));
    try (Vmcore cut = Vmcore.open(file)) {
      assertThat(cut).hasPage(2).lost();
      says(() -> assertThat(cut).hasPage(2).present(), "0x2000 is lost: the file ends here");
      says(() -> assertThat(cut).hasNoWarnings(), "expected no warnings, but opening it told:\n");
      says(() -> assertThat(cut).hasBytes(0x2000, (byte) 1), "but it is lost: the file ends here");
    }
  }

  @Test
  void segmentsAreTold() {
    says(
        () -> assertThat(vmcore).hasSegment(9),
        "expected a program header 9, but there are 4:\n  PT_NOTE ",
        "\n  PT_LOAD paddr 0x10000 vaddr 0x0 memsz 0x2000");
    saysExactly(
        () -> assertThat(vmcore).hasSegment(2).at(0x1000),
        "expected segment 2 at physical address 0x1000, but it is PT_LOAD paddr 0x10000 vaddr 0x0"
            + " memsz 0x2000");
    saysExactly(
        () -> assertThat(vmcore).hasSegment(1).containing(1, (byte) 2, (byte) 9),
        "expected 0x9 at segment 1, offset 0x2, but 0x3 is there");
    says(
        () -> assertThat(vmcore).hasSegment(1).containing(0x2ff, (byte) 0, (byte) 0),
        "expected 2 bytes at offset 0x2ff of segment 1, but it is PT_LOAD paddr 0x8200");
    says(
        () -> assertThat(vmcore).hasSegment(0).containing(0, (byte) 0),
        "expected a PT_LOAD, but segment 0 is PT_NOTE");
  }

  @Test
  void theFirstChunkThatDiffersIsTold() throws IOException {
    Path file = DumpBuilder.elf64().load(0x10000, 0x2000).writeTo(folder.resolve("two"));
    try (Vmcore two = Vmcore.open(file)) {
      Chunk header = new Chunk.Buffer(0, 0x1000, OptionalLong.empty(), Chunk.Content.HEADER, -1);
      assertThat(two)
          .hasChunks(header, new Chunk.OldMem(0x1000, 0x2000, OptionalLong.of(0x1000), 0));
      says(
          () ->
              assertThat(two)
                  .hasChunks(header, new Chunk.OldMem(0x1000, 0x1000, OptionalLong.of(0x1000), 0)),
          "expected chunk 1 to be OLDMEM at image offset 0x1000, 0x1000 bytes of old memory at"
              + " 0x1000, segment 0, but it is OLDMEM at image offset 0x1000, 0x2000 bytes");
      says(() -> assertThat(two).hasChunks(header), "expected chunk 1 to be missing, but it is");
    }
  }

  @Test
  void imagesAreComparedByteForByteAndByState() throws IOException {
    long at = vmcore.crashHeaders().programHeaders().get(4).offset() + 0x10;
    Path other = dump().patch(at, (byte) 0x77).writeTo(folder.resolve("other"));
    Path shorter = DumpBuilder.elf64().load(0x10000, 0x2000).writeTo(folder.resolve("shorter"));
    try (Vmcore patched = Vmcore.open(other);
        Vmcore small = Vmcore.open(shorter)) {
      says(
          () -> assertThat(vmcore).isSameImageAs(patched),
          "the byte at image offset 0x",
          " (segment ",
          ", not 0x77");
      says(() -> assertThat(vmcore).isSameImageAs(small), "bytes, not 0x3000");
    }
    KdumpBuilder kdump = KdumpBuilder.le64().page(1, PageCompression.ZLIB);
    Path whole = folder.resolve("whole");
    Path left = folder.resolve("left");
    Files.write(whole, kdump.page(2, PageCompression.ZLIB).build());
    Files.write(left, KdumpBuilder.le64().page(1, PageCompression.ZLIB).excluded(2).build());
    try (Vmcore all = Vmcore.open(whole);
        Vmcore some = Vmcore.open(left)) {
      says(
          () -> assertThat(some).isSameImageAs(all),
          "physical address 0x2000) is excluded; there it is present");
    }
  }

  @Test
  void theKernelIsAsked() throws IOException {
    Path sample = Path.of(System.getProperty("vmcore.root")).resolve("samples/dumps/kernel.vmcore");
    try (Vmcore kernel = Vmcore.open(sample)) {
      assertThat(kernel)
          .logContains("Kernel panic - not syncing")
          .hasSymbol("sysrq_handle_crash")
          .at(0xffffffff81001200L)
          .and()
          .hasMergedNotes(kernel.notes().size());
      says(
          () -> assertThat(kernel).logContains("no such line"),
          "expected the log to contain \"no such line\", but of its ",
          "\n  ");
      saysExactly(
          () -> assertThat(kernel).hasSymbol("sysrq_handle_crash").at(0x1000),
          "expected sysrq_handle_crash at 0x1000, but it is at 0xffffffff81001200");
      says(
          () -> assertThat(kernel).hasSymbol("no_such_symbol"),
          "expected a symbol no_such_symbol, but kallsyms has none of this name among ");
    }
    says(() -> assertThat(vmcore).logContains("x"), "but there is no log: ");
    says(() -> assertThat(vmcore).hasSymbol("x"), "expected a symbol x, but there are no symbols");
  }

  @Test
  void aClosedDumpFails() {
    vmcore.close();
    says(() -> assertThat(vmcore).hasBytes(0x8200, (byte) 1), "the dump doesn't tell: ", "closed");
    says(() -> assertThat((Vmcore) null).hasMergedNotes(1), "Expecting actual not to be null");
  }
}
