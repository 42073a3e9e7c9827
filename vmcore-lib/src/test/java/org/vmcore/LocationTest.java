package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;

/** Dumps by URI, of whatever file systems there are. */
class LocationTest {
  @TempDir Path folder;

  private static byte[] dump() {
    return DumpBuilder.elf64().vmcoreinfo("OSRELEASE=6.1.0").load(0x1000, 0x3000).build();
  }

  private static void opens(URI location) throws IOException {
    try (Vmcore vmcore = Vmcore.open(location, OpenOptions.DEFAULT)) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).contains("6.1.0");
      assertThat(vmcore.memorySize()).isEqualTo(0x3000);
    }
  }

  @Test
  void aFile() throws IOException {
    opens(Files.write(folder.resolve("vmcore"), dump()).toUri());
  }

  @Test
  void inMemory() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      opens(Files.write(memory.getPath("/vmcore"), dump()).toUri());
    }
  }

  @Test
  void inAZipFile() throws IOException {
    URI zip = URI.create("jar:" + folder.resolve("dumps.zip").toUri());
    try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.write(files.getPath("/vmcore"), dump());
    }
    opens(URI.create(zip + "!/vmcore"));
    FileSystems.getFileSystem(zip).close();
  }

  @Test
  void nobodyKnowsTheScheme() {
    URI location = URI.create("unknown://me:secret@host/vmcore");
    assertThatThrownBy(() -> Vmcore.open(location, OpenOptions.DEFAULT))
        .hasMessage("unknown://host/vmcore: no file system is installed for unknown:");
  }

  private static void refused(String location, String message) {
    assertThatThrownBy(() -> Vmcore.location(URI.create(location))).hasMessage(message);
  }

  @Test
  void noPasswordIsShownWhereNoHostCanBeTold() {
    String reason =
        "no place of a file: no host can be told (in users and passwords @ / ? # are %40 %2F %3F"
            + " %23)";
    refused("http://user:sec@ret@host/x?token=secret", "http://...: " + reason);
    refused("https://user:sec#ret@host/x", "https://...: " + reason);
    refused(
        "unknown://user:sec@ret@host/x?token=secret",
        "unknown://host/x?...: no file system is installed for unknown:");
  }

  @Test
  void aPortThatCantBe() {
    refused(
        "http://me:secret@host:99999/x?token=secret",
        "http://host:99999/x?...: no place of a file: a port above 65535");
  }
}
