package org.vmcore.output;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vmcore.memory.VmcoreException;

final class PlacedOutputTest extends OutputFolder {
  private static MemorySegment bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return MemorySegment.ofArray(bytes);
  }

  @Test
  void bytesGoWhereTheyBelong() throws Exception {
    Path target = dir.resolve("out");
    try (PlacedOutput out = PlacedOutput.file(target, NEW)) {
      out.write(bytes(3, 4), 2);
      out.write(bytes(1), 0);
      assertThat(out.size()).isEqualTo(4);
      assertThat(target).doesNotExist();
      PlacedOutput.commit(out);
    }
    assertThat(target).hasBinaryContent(new byte[] {1, 0, 3, 4});
    assertThat(names(dir)).containsExactly("out");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rw-------");
  }

  @Test
  void zerosAtTheEndAreThere() throws Exception {
    Path target = dir.resolve("out");
    try (PlacedOutput out = PlacedOutput.file(target, NEW)) {
      out.write(MemorySegment.ofArray(new byte[10_000]), 5000);
      PlacedOutput.commit(out);
    }
    assertThat(target).hasBinaryContent(new byte[15_000]);
  }

  @Test
  void whatIsntCommittedIsGone() throws Exception {
    try (PlacedOutput out = PlacedOutput.file(dir.resolve("out"), NEW);
        PlacedOutput flat = PlacedOutput.flattened(dir.resolve("flat"), NEW)) {
      out.write(bytes(1), 0);
      flat.write(bytes(1), 0);
    }
    assertThat(names(dir)).isEmpty();
  }

  @Test
  void flattenedRecordsSayWhereTheyBelong() throws Exception {
    Path target = dir.resolve("flat");
    try (PlacedOutput out = PlacedOutput.flattened(target, NEW)) {
      out.write(bytes(7, 8), 0x1234);
      out.write(bytes(), 0);
      out.write(bytes(9), 1);
      PlacedOutput.commit(out);
      assertThat(out.size()).isEqualTo(Files.size(target));
    }
    ByteBuffer expected = ByteBuffer.allocate(4096 + 3 * 16 + 3);
    expected.put("makedumpfile".getBytes(US_ASCII));
    expected.putLong(16, 1).putLong(24, 1).position(4096);
    expected.putLong(0x1234).putLong(2).put((byte) 7).put((byte) 8);
    expected.putLong(1).putLong(1).put((byte) 9);
    expected.putLong(-1).putLong(-1);
    assertThat(target).hasBinaryContent(expected.array());
  }

  @Test
  void aSetIsTakenBackWhenOneOfItCantGetItsName() throws Exception {
    Path first = dir.resolve("first");
    Path second = dir.resolve("second");
    try (PlacedOutput one = PlacedOutput.file(first, NEW);
        PlacedOutput two = PlacedOutput.flattened(second, NEW)) {
      one.write(bytes(1), 0);
      two.write(bytes(2), 0);
      Files.writeString(second, "somebody else's");
      assertThatThrownBy(() -> PlacedOutput.commit(List.of(one, two)))
          .isInstanceOf(VmcoreException.class)
          .hasMessage(second + ": cannot complete: it already exists");
    }
    assertThat(names(dir)).containsExactly("second");
    assertThat(second).hasContent("somebody else's");
  }

  @Test
  void aSetThatIsAbandonedIsNotCommitted() throws Exception {
    try (PlacedOutput one = PlacedOutput.file(dir.resolve("one"), NEW);
        PlacedOutput two = PlacedOutput.file(dir.resolve("two"), NEW)) {
      one.write(bytes(1), 0);
      two.write(bytes(2), 0);
      OutputFile.abandonAll();
      assertThat(names(dir)).isEmpty();
      assertThatThrownBy(() -> PlacedOutput.commit(List.of(one, two)))
          .hasMessageEndingWith("it was abandoned");
    }
    assertThat(names(dir)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void zerosAreHoles() throws Exception {
    Path target = dir.resolve("out");
    try (PlacedOutput out = PlacedOutput.file(target, NEW);
        PlacedRun run = PlacedRun.of(out, 100)) {
      run.write(new byte[] {1}, 0, 1);
      run.zerosTo(50_000_000);
      run.write(new byte[] {2}, 0, 1);
      run.flush();
      PlacedOutput.commit(out);
    }
    assertThat(Files.size(target)).isEqualTo(50_000_001);
    assertThat(usedKib(target)).isLessThan(1000);
  }

  private static long usedKib(Path file) throws IOException {
    Process du = new ProcessBuilder("du", "-k", file.toString()).start();
    String line = new String(du.getInputStream().readAllBytes(), US_ASCII);
    return Long.parseLong(line.substring(0, line.indexOf('\t')));
  }

  @Test
  void runsGrowAtTheSameTime() throws Exception {
    byte[] random = new byte[5_000_000];
    new Random(1).nextBytes(random);
    Path target = dir.resolve("out");
    int middle = 2_345_678;
    try (PlacedOutput out = PlacedOutput.file(target, FORCE);
        PlacedRun first = PlacedRun.of(out, 0);
        PlacedRun second = PlacedRun.of(out, middle);
        Arena arena = Arena.ofConfined()) {
      int step = 70_001;
      MemorySegment all = arena.allocate(random.length).copyFrom(MemorySegment.ofArray(random));
      for (int at = 0; at < middle; at += step) {
        first.write(random, at, Math.min(step, middle - at));
        assertThat(first.position()).isEqualTo(Math.min(at + step, middle));
      }
      for (int at = middle; at < random.length; at += step) {
        second.write(all.asSlice(at, Math.min(step, random.length - at)));
      }
      second.flush();
      first.flush();
      PlacedOutput.commit(out);
    }
    assertThat(Arrays.mismatch(Files.readAllBytes(target), random)).isEqualTo(-1);
  }

  @Test
  void aDescriptorOrADeviceIsRefused() {
    assertThatThrownBy(() -> PlacedOutput.file(Path.of("/dev/null"), NEW))
        .hasMessage(
            "/dev/null: is no regular file: it can't be written at positions: take --to flat");
  }
}
