package org.vmcore.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.memory.Finding;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;

/** A dump's own VMCOREINFO, and what its memory says of it. */
class VmcoreInfoNoteTest {
  private static final long IMAGE = 0xffff_ffff_8100_0000L;
  private static final int PADDR = 0x20_0000;
  private static final int NOTE = 0x4000;

  @TempDir Path folder;
  private final byte[] memory = new byte[0x10000];

  private static String[] info(String release) {
    return new String[] {
      "OSRELEASE=" + release,
      "SYMBOL(init_uts_ns)=" + Long.toHexString(IMAGE + 0x3000),
      "OFFSET(uts_namespace.name)=0",
      "NUMBER(phys_base)=" + (PADDR - 0x100_0000)
    };
  }

  /** Memory of a kernel and its VMCOREINFO. */
  private void kernel(String release) {
    put(0x3000, "Linux");
    put(0x3000 + 65, "node");
    put(0x3000 + 130, release);
    put(0x3000 + 195, "#1");
    put(0x3000 + 260, "x86_64");
    byte[] text = String.join("\n", info(release)).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer.wrap(memory, NOTE, 12).order(ByteOrder.LITTLE_ENDIAN).putInt(11).putInt(text.length);
    put(NOTE + 12, "VMCOREINFO");
    System.arraycopy(text, 0, memory, NOTE + 24, text.length);
  }

  private void put(int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, memory, at, bytes.length);
  }

  private Path dump(String... info) throws IOException {
    return DumpBuilder.elf64()
        .vmcoreinfo(info)
        .load(PADDR, memory)
        .vaddr(IMAGE)
        .writeTo(folder.resolve("vmcore"));
  }

  @Test
  void thatOfAKernelInMemoryIsTaken() throws Exception {
    kernel("6.6.0");
    try (Vmcore vmcore = Vmcore.open(dump(info("6.6.0")))) {
      Kernel kernel = Kernel.of(vmcore);
      assertThat(kernel.info().orElseThrow().osRelease()).hasValue("6.6.0");
      assertThat(kernel.infoFoundAt()).isEmpty();
      assertThat(kernel.infoFindings()).isEmpty();
    }
  }

  @Test
  void itsByteOrderIsBelievedOverTheHeaders() throws Exception {
    kernel("6.6.0");
    Path dump =
        DumpBuilder.elf64()
            .bigEndian()
            .load(PADDR, memory)
            .vaddr(IMAGE)
            .writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump)) {
      Kernel kernel = Kernel.of(vmcore);
      assertThat(vmcore.header().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
      assertThat(kernel.infoFoundAt()).hasValue(PADDR + NOTE);
      assertThat(kernel.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat(kernel.infoFindings())
          .singleElement()
          .extracting(Finding::message)
          .isEqualTo(
              "the headers are big-endian, VMCOREINFO in memory is little-endian, as which the"
                  + " kernel is read");
    }
  }

  @Test
  void aDumpsOwnNoteHasTheByteOrderOfTheHeaders() throws Exception {
    try (Vmcore vmcore =
        Vmcore.open(
            DumpBuilder.elf64()
                .bigEndian()
                .vmcoreinfo(info("6.6.0"))
                .load(PADDR, memory)
                .writeTo(folder.resolve("vmcore")))) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().order()).isEmpty();
      assertThat(Kernel.of(vmcore).order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }
  }

  @Test
  void whereMemoryContradictsItTheOneThatFitsIsTaken() throws Exception {
    kernel("6.6.0-live");
    try (Vmcore vmcore = Vmcore.open(dump(info("6.6.0-stale")))) {
      Kernel kernel = Kernel.of(vmcore);
      assertThat(kernel.info().orElseThrow().osRelease()).hasValue("6.6.0-live");
      assertThat(kernel.infoFoundAt()).hasValue(PADDR + NOTE);
      assertThat(kernel.uts().release()).isEqualTo("6.6.0-live");
      assertThat(kernel.infoFindings())
          .singleElement()
          .extracting(Finding::message)
          .isEqualTo(
              "the dump's VMCOREINFO is of 6.6.0-stale, which isn't where it says: that at 0x204000"
                  + " of 6.6.0-live is taken, which is (--vmcoreinfo chooses)");
    }
  }

  @Test
  void whereNoneFitsTheDumpsIsKept() throws Exception {
    Arrays.fill(memory, (byte) 7);
    try (Vmcore vmcore = Vmcore.open(dump(info("6.6.0")))) {
      Kernel kernel = Kernel.of(vmcore);
      assertThat(kernel.info().orElseThrow().osRelease()).hasValue("6.6.0");
      assertThat(kernel.infoFindings())
          .singleElement()
          .extracting(Finding::message)
          .isEqualTo("the dump's VMCOREINFO is of 6.6.0, which isn't where it says");
    }
  }

  @Test
  void theOneThatIsAskedForIsTaken() throws Exception {
    kernel("6.6.0-other");
    OpenOptions options = OpenOptions.builder().vmcoreInfo(PADDR + NOTE).build();
    try (Vmcore vmcore = Vmcore.open(dump("OSRELEASE=6.1.0"), options)) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("6.6.0-other");
      assertThat(Kernel.of(vmcore).infoFoundAt()).hasValue(PADDR + NOTE);
      assertThat(Kernel.of(vmcore).infoFindings()).isEmpty();
    }
    OpenOptions nowhere = OpenOptions.builder().vmcoreInfo(0).build();
    assertThatThrownBy(() -> Vmcore.open(dump("OSRELEASE=6.1.0"), nowhere))
        .hasMessageEndingWith("physical address 0x0: no VMCOREINFO note is there");
  }
}
