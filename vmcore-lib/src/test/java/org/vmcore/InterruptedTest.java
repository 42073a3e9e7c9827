package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamImage;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Packed;

/** A dump on a thread that was interrupted. */
class InterruptedTest {
  private interface Work {
    void run() throws Exception;
  }

  @TempDir Path folder;

  private static byte[] dump() {
    return DumpBuilder.elf64().load(0x1000, 0x10000).build();
  }

  private static void refuses(Path file, Work work) throws Exception {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(work::run)
          .isInstanceOfSatisfying(
              VmcoreException.class, e -> assertThat(e.reason()).endsWith("interrupted"))
          .hasMessageStartingWith(file.toString());
    } finally {
      assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    }
    work.run();
  }

  @Test
  void openingSaysSo() throws Exception {
    Path file = Files.write(folder.resolve("vmcore"), dump());
    Path gzip = Files.write(folder.resolve("vmcore.gz"), Packed.gzip(dump()));

    refuses(file, () -> Vmcore.open(file).close());
    refuses(gzip, () -> Vmcore.open(gzip).close());
    RamImage ram = RamImage.of(file).withHeaders(new RamImage.Elfcorehdr.InFile(file));
    refuses(file, () -> Vmcore.open(ram, OpenOptions.DEFAULT).close());
  }

  @Test
  void openingWhatCannotBeMappedSaysSo() throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      Path file = Files.write(jimfs.getPath("/vmcore"), dump());

      refuses(file, () -> Vmcore.open(file).close());
    }
  }

  @Test
  void readingWhatIsMappedGoesOn() throws Exception {
    Path file = Files.write(folder.resolve("vmcore"), dump());
    try (Vmcore vmcore = Vmcore.open(file)) {
      Thread.currentThread().interrupt();
      assertThat(vmcore.physical().extentAt(0x1000).isPresent()).isTrue();
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
