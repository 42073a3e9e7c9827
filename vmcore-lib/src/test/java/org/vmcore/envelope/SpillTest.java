package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vmcore.io.ByteSource;
import org.vmcore.open.Spill;
import org.vmcore.testing.Packed;
import org.vmcore.testing.Reading;

/** Where, and up to what size, a packed file is unpacked. */
class SpillTest extends PackedFile {
  @Test
  void noMoreIsUnpackedThanTheLimit() throws Exception {
    byte[] packed = Packed.gzip(BYTES);
    open(packed, spill(5000)).close();
    assertRefused(
        packed,
        spill(4999),
        "gzip: it unpacks to more than the limit of 4999 bytes: unpack it first, or give more room"
            + " with --spill-limit");
  }

  @Test
  void noMoreIsUnpackedThanThereIsRoomFor() throws Exception {
    try (FileSystem small =
        Jimfs.newFileSystem(Configuration.unix().toBuilder().setMaxSize(1 << 14).build())) {
      Spill spill =
          new Spill(Optional.of(small.getPath("/")), Spill.LIMIT, new Spill.Listener() {});
      assertRefused(
          Packed.gzip(new byte[1 << 14]),
          spill,
          "gzip: it unpacks to more than the 12288 bytes that / has room for: unpack it first, or"
              + " give another directory with --spill-dir");
    }
  }

  @Test
  void aDirectoryThatIsNotThere() {
    Path missing = dir.resolve("missing");
    assertRefused(
        Packed.gzip(BYTES),
        new Spill(Optional.of(missing), Spill.LIMIT, new Spill.Listener() {}),
        "gzip: can't be unpacked to a file in " + missing + ": no such file or directory");
  }

  @Test
  void theListenerIsTold() throws Exception {
    List<String> told = new ArrayList<>();
    Spill.Listener listener =
        new Spill.Listener() {
          @Override
          public void unpacking(String file, String envelope, Path directory) {
            told.add(file + " " + envelope + " " + directory);
          }

          @Override
          public void progress(long done, long total) {
            told.add(done + " of " + total);
          }
        };
    byte[] packed = Packed.gzip(new byte[(1 << 20) + 5]);
    open(packed, new Spill(Optional.of(spillDir), Spill.LIMIT, listener)).close();
    assertThat(told).hasSize(3);
    assertThat(told.getFirst()).isEqualTo(dir.resolve("packed") + " gzip " + spillDir);
    assertThat(told.getLast()).isEqualTo(packed.length + " of " + packed.length);
  }

  @Test
  void theTemporaryFileIsForNobodyElse() throws Exception {
    assumeTrue(Reading.isLinux());
    try (ByteSource source = open(Packed.gzip(BYTES))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(source.path())))
          .isEqualTo("rw-------");
      assertThat(source.fileKey()).isPresent();
      assertThat(source.mapped()).isPresent();
    }
  }
}
