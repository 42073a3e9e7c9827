package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;
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

  private Path pipe() throws Exception {
    assumeTrue(Reading.isLinux());
    Path pipe = dir.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  private static Thread writer(Path pipe, byte[] bytes) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try (OutputStream out = Files.newOutputStream(pipe)) {
                out.write(bytes);
              } catch (IOException e) {
                // The reader has had enough.
              }
            });
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatComesOutOfAPipeIsSaved() throws Exception {
    Path pipe = pipe();
    Thread writer = writer(pipe, Packed.gzip(BYTES));
    List<String> told = new ArrayList<>();
    Spill.Listener listener =
        new Spill.Listener() {
          @Override
          public void saving(String file, Path directory) {
            told.add(file + " " + directory);
          }
        };
    Spill spill = new Spill(Optional.of(spillDir), Spill.LIMIT, listener);

    try (ByteSource source = Envelopes.open(pipe, spill, new ArrayList<>())) {
      MemorySegment bytes = MemorySegment.ofArray(new byte[BYTES.length]);
      assertThat(source.size()).isEqualTo(BYTES.length);
      assertThat(source.read(0, bytes)).isEqualTo(BYTES.length);
      assertThat(bytes.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(BYTES);
      assertThat(source.envelopes()).containsExactly("pipe", "gzip");
      assertThat(source.name()).isEqualTo(pipe.toString());
    }
    writer.join();
    assertThat(told).containsExactly(pipe + " " + spillDir);
    assertThat(spillDir).isEmptyDirectory();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void noMoreOfAPipeIsSavedThanTheLimit() throws Exception {
    Path pipe = pipe();
    Thread writer = writer(pipe, new byte[5000]);

    assertThatThrownBy(() -> Envelopes.open(pipe, spill(4999), new ArrayList<>()))
        .isInstanceOf(VmcoreException.class)
        .hasMessage(
            pipe
                + ": more comes out of the pipe than the limit of 4999 bytes: give more room with"
                + " --spill-limit");
    writer.join();
    assertThat(spillDir).isEmptyDirectory();
  }
}
