package org.vmcore.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reservations in a JVM with and without native access. */
final class NativeAccessTest extends ReservedFiles {
  private static List<String> child(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-Xlog:class+load", "-cp", System.getProperty("java.class.path")));
    command.add(ReserveChild.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).isZero();
    return lines;
  }

  /** Says what happens when it reserves a page. */
  static final class ReserveChild {
    public static void main(String[] args) {
      System.out.println("unsupported: " + Reservation.unsupported().isPresent());
      try (Reservation image = Reservation.of(1, 1)) {
        System.out.println("reserved: " + image.pageSize());
      } catch (NotMappable e) {
        System.out.println("refused: " + e.reason());
      }
    }
  }

  @Test
  void saysThatNativeAccessIsNotEnabledAndPrintsNoWarning() throws Exception {
    for (String mode : List.of("deny", "warn", "allow")) {
      List<String> lines = child("--illegal-native-access=" + mode);
      assertThat(lines)
          .contains("refused: the JVM was started without --enable-native-access=ALL-UNNAMED")
          .noneMatch(line -> line.startsWith("WARNING"))
          .noneMatch(line -> line.contains(" org.vmcore.host.Libc "));
    }
  }

  @Test
  void startsTheNativeLinkerOnlyWhenAsked() throws Exception {
    List<String> lines = child("--enable-native-access=ALL-UNNAMED");
    int asked = lines.indexOf("unsupported: false");
    assertThat(lines).contains("reserved: " + PAGE);
    assertThat(lines.subList(0, asked))
        .noneMatch(line -> line.contains("jdk.internal.foreign.abi.AbstractLinker"));
    assertThat(lines.subList(asked, lines.size()))
        .anyMatch(line -> line.contains("jdk.internal.foreign.abi.AbstractLinker"));
  }
}
