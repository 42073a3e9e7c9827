package org.vmcore.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Jimfs;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

/** What a reservation refuses: pieces, files and systems that it can't map. */
final class ReservationRefusedTest extends ReservedFiles {
  @Test
  void refusesPiecesOutsideOrAcrossPages() throws Exception {
    SharedFile a = file("a", 4);
    try (Reservation image = Reservation.of(2 * PAGE, 1)) {
      assertThatThrownBy(() -> image.mapFile(PAGE, a, 0, 2 * PAGE))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> image.mapFile(-PAGE, a, 0, PAGE))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> image.anonymous(0, PAGE + 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> image.mapFile(0, a, 512, PAGE))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> image.mapFile(0, a, -PAGE, PAGE))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesToMapPastTheEndOfTheFile() throws Exception {
    SharedFile a = file("a", 2);
    SharedFile empty = file("empty", 0);
    try (Reservation image = Reservation.of(4 * PAGE, 1)) {
      assertThatThrownBy(() -> image.mapFile(0, a, PAGE, 2 * PAGE))
          .isInstanceOf(NotMappable.class)
          .hasMessageContaining(a.path() + " ends at byte " + 2 * PAGE);
      assertThatThrownBy(() -> image.mapFile(0, empty, 0, PAGE))
          .isInstanceOf(NotMappable.class)
          .hasMessageContaining("ends at byte 0");
    }
  }

  @Test
  void refusesAFileThatWasReplaced() throws Exception {
    SharedFile a = file("a", 1);
    Files.move(file("other", 1).path(), a.path(), StandardCopyOption.REPLACE_EXISTING);
    try (Reservation image = Reservation.of(PAGE, 1)) {
      assertThatThrownBy(() -> image.mapFile(0, a, 0, PAGE))
          .isInstanceOfSatisfying(
              NotMappable.class, e -> assertThat(e.reason()).isEqualTo(a.path() + " was replaced"));
      assertThat(isOpen()).isFalse();
      Files.delete(a.path());
      assertThatThrownBy(() -> image.mapFile(0, a, 0, PAGE)).hasMessage(a.path() + " was removed");
    }
  }

  @Test
  void refusesAPipeThatTookTheFilesPlaceWithoutWaiting() throws Exception {
    SharedFile a = file("a", 1);
    try (FileChannel _ = FileChannel.open(a.path());
        Reservation image = Reservation.of(PAGE, 1)) {
      Files.delete(a.path());
      assertThat(new ProcessBuilder("mkfifo", a.path().toString()).start().waitFor()).isZero();
      assertThatThrownBy(() -> image.mapFile(0, a, 0, PAGE)).hasMessageEndingWith("was replaced");
    }
  }

  @Test
  void refusesFilesOfOtherFileSystems() throws Exception {
    try (FileSystem fs = Jimfs.newFileSystem();
        Reservation image = Reservation.of(PAGE, 1)) {
      SharedFile file = new SharedFile(fs.getPath("/a"), "key");
      assertThatThrownBy(() -> image.mapFile(0, file, 0, PAGE)).isInstanceOf(NotMappable.class);
    }
  }

  @Test
  void refusesMoreMappingsThanTheSystemAllowsByName() throws Exception {
    Process sysctl = new ProcessBuilder("cat", "/proc/sys/vm/max_map_count").start();
    String limit = new String(sysctl.getInputStream().readAllBytes(), UTF_8).strip();
    assertThatThrownBy(() -> Reservation.of(PAGE, Long.parseLong(limit)))
        .isInstanceOf(NotMappable.class)
        .hasMessageStartingWith(limit + " mappings are needed; the system allows " + limit)
        .hasMessageContaining("vm.max_map_count");
  }

  @Test
  void saysThatAddressSpaceIsNotEnough() {
    assertThatThrownBy(() -> Reservation.of(1L << 60, 1))
        .isInstanceOf(NotMappable.class)
        .hasMessageContaining("ENOMEM");
  }
}
