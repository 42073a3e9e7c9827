package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;

class NotedInfoTest {
  private static final String INFO = "OSRELEASE=6.1.0\nPAGESIZE=4096\n";
  private static final int NOTES_AT = 0x10000;

  @TempDir Path folder;

  /** A dump that was cut in front of its notes; another VMCOREINFO is in memory, at 0x2000. */
  private Path cut() throws Exception {
    byte[] ram = DumpBuilder.pattern(0x1000, 0x2000);
    ByteBuffer note = ByteBuffer.wrap(ram, 0x1000, 0x100).order(ByteOrder.LITTLE_ENDIAN);
    note.putInt("VMCOREINFO".length() + 1).putInt(INFO.length()).putInt(0);
    note.put("VMCOREINFO\0\0".getBytes(StandardCharsets.US_ASCII));
    note.put(INFO.getBytes(StandardCharsets.US_ASCII)).put(new byte[32]);
    return DumpBuilder.elf64()
        .load(0x1000, ram)
        .vmcoreinfo("OSRELEASE=lost")
        .at(NOTES_AT)
        .truncateAt(NOTES_AT)
        .writeTo(folder.resolve("vmcore"));
  }

  @Test
  void lostNotesMayHaveHadIt() throws Exception {
    try (Vmcore vmcore = Vmcore.open(cut())) {
      assertThat(vmcore.vmcoreInfo()).isEmpty();
      assertThat(vmcore.isVmcoreInfoLost()).isTrue();
    }
  }

  @Test
  void whatWasAskedForIsNotLost() throws Exception {
    OpenOptions options = OpenOptions.DEFAULT.toBuilder().vmcoreInfo(0x2000).build();
    try (Vmcore vmcore = Vmcore.open(cut(), options)) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("6.1.0");
      assertThat(vmcore.isVmcoreInfoLost()).isFalse();
    }
  }
}
