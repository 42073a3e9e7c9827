package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;
import org.vmcore.testing.Packed;

/** Gzip files, whole and damaged. */
class GzipSourceTest extends PackedFile {
  @Test
  void aGzipFileOfManyMembers() throws Exception {
    try (ByteSource source =
        open(Packed.gzip(pattern(0, 100)), Packed.gzip(), Packed.gzip(pattern(100, 4900)))) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(source.envelopes()).containsExactly("gzip");
      assertThat(source.name()).isEqualTo(dir.resolve("packed").toString());
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void aLargeGzipFileOfMembersOfOddSizes() throws Exception {
    byte[] bytes = new byte[3 << 20];
    new Random(3).nextBytes(bytes);
    List<byte[]> members = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += 77_777) {
      int end = Math.min(at + 77_777, bytes.length);
      members.add(Packed.gzip(Arrays.copyOfRange(bytes, at, end)));
    }
    try (ByteSource source = open(members.toArray(byte[][]::new))) {
      assertThat(Arrays.equals(all(source), bytes)).isTrue();
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void everyPartOfAGzipHeaderIsPassedOver() throws Exception {
    byte[] plain = Packed.gzip(BYTES);
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 1 | 2 | 4 | 8 | 16;
    byte[] optional = {3, 0, 9, 9, 9, 'n', 0, 'c', 'c', 0, 7, 7};
    byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
    try (ByteSource source = open(header, optional, rest)) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(findings).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21})
  void aGzipFileThatEndsInItsHeader(int size) {
    byte[] header = {
      0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 9, 9, 9, 'n', 0, 'c', 0, 7, 7
    };
    int length = Math.max(2, Math.min(size, header.length));
    assertRefused(
        Arrays.copyOf(header, length),
        spill(Spill.LIMIT),
        "offset 0x"
            + Integer.toHexString(length)
            + ": the gzip file is damaged at 0x"
            + Integer.toHexString(length)
            + (length < header.length ? ": it ends in a member's header" : ": it ends too early")
            + "; what comes before is read");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x20, 0x40, 0x80})
  void aGzipFlagThatIsNotKnown(int flag) {
    byte[] file = Packed.gzip(BYTES);
    file[3] = (byte) flag;
    assertThatThrownBy(() -> open(file))
        .hasMessageContaining("method 8, flags 0x" + Integer.toHexString(flag) + ": not known");
  }

  @Test
  void anotherMethodThanDeflate() {
    byte[] file = Packed.gzip(BYTES);
    file[2] = 7;
    assertThatThrownBy(() -> open(file)).hasMessageContaining("method 7, flags 0x0: not known");
  }

  @Test
  void zerosBehindTheLastMemberAreNothing() throws Exception {
    try (ByteSource source = open(Packed.gzip(BYTES), new byte[700])) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void whatElseIsBehindTheLastMemberIsLeftOut() throws Exception {
    byte[] packed = Packed.gzip(BYTES);
    try (ByteSource source = open(packed, new byte[] {1, 2})) {
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(told())
          .containsExactly(
              "WARNING " + packed.length + " what follows the gzip file's end is left out");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 5, 4, 1})
  void aWrongChecksumOrSizeIsTold(int fromEnd) throws Exception {
    byte[] packed = Packed.gzip(BYTES);
    packed[packed.length - fromEnd]++;
    int behind = packed.length - 8;
    try (ByteSource source = open(packed, Packed.gzip((byte) 1), packed)) {
      assertThat(source.size()).isEqualTo(10_001);
      assertThat(told())
          .containsExactly(
              "ERROR "
                  + behind
                  + " the checksum of what comes before 0x"
                  + Integer.toHexString(behind)
                  + " is wrong");
    }
  }

  @Test
  @Tag("slow")
  void ofACutGzipFileAllIsReadThatComesOut() throws Exception {
    byte[] packed = Packed.join(Packed.gzip(pattern(0, 600)), Packed.gzip(pattern(600, 600)));
    byte[] bytes = pattern(0, 1200);
    int second = Packed.gzip(pattern(0, 600)).length;
    long last = 0;
    for (int size = 30; size < packed.length; size++) {
      findings.clear();
      try (ByteSource source = open(Arrays.copyOf(packed, size))) {
        assertThat(all(source)).isEqualTo(Arrays.copyOf(bytes, (int) source.size()));
        assertThat(source.size()).isGreaterThanOrEqualTo(last);
        last = source.size();
        assertThat(findings).hasSize(size == second ? 0 : 1);
        if (size != second) {
          assertThat(findings.getFirst().offset()).hasValue(size);
        }
      } catch (VmcoreException e) {
        assertThat(size).isLessThan(60);
      }
    }
    assertThat(last).isEqualTo(1200);
  }
}
