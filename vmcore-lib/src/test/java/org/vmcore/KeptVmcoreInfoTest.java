package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.arch.Machine;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamMap;
import org.vmcore.open.Search;
import org.vmcore.testing.DumpBuilder;

/** VMCOREINFO of a kernel of s390x, to which its lowcore leads, in dumps without such a note. */
class KeptVmcoreInfoTest {
  private static final int AT = 0x3000;

  @TempDir Path folder;

  private static byte[] memory() {
    DumpBuilder dump = bigEndian().vmcoreinfo("OSRELEASE=6.1.0", "SYMBOL(lowcore_ptr)=1000");
    byte[] file = dump.build();
    ProgramHeader notes = dump.crashHeaders().programHeaders().getFirst();
    ByteBuffer memory = ByteBuffer.allocate(0x5000);
    memory.putLong(0xe0c, AT).position(AT);
    return memory.put(file, (int) notes.offset(), (int) notes.filesz()).array();
  }

  private static DumpBuilder bigEndian() {
    return DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN).machine(Machine.S390);
  }

  private void isKept(Path file, OpenOptions options) throws VmcoreException {
    try (Vmcore vmcore = Vmcore.open(file, options)) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).contains("6.1.0");
      assertThat(vmcore.vmcoreInfoKeptAt()).hasValue(AT);
      assertThat(vmcore.isVmcoreInfoLost()).isFalse();
    }
  }

  @Test
  void ofAnElfDumpWithoutANote() throws IOException {
    isKept(bigEndian().load(0, memory()).writeTo(folder.resolve("vmcore")), OpenOptions.DEFAULT);
  }

  @Test
  void theDumpsOwnNoteGoesFirst() throws IOException {
    Path file =
        bigEndian().vmcoreinfo("OSRELEASE=own").load(0, memory()).writeTo(folder.resolve("vmcore"));

    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).contains("own");
      assertThat(vmcore.vmcoreInfoKeptAt()).isEmpty();
    }
  }

  @Test
  void ofRawMemoryWithoutASearch() throws IOException {
    Path file = Files.write(folder.resolve("raw"), memory());
    OpenOptions options =
        OpenOptions.builder()
            .ramMap(RamMap.parse("0-0x4fff@0"))
            .search(new Search(1, new Search.Listener() {}))
            .build();

    try (Vmcore vmcore = Vmcore.open(file, options)) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).contains("6.1.0");
      assertThat(vmcore.header().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
      assertThat(vmcore.findings()).noneMatch(each -> each.message().contains("not searched"));
    }
  }
}
