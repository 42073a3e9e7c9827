package org.vmcore.envelope;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream.BlockSize;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ByteSourceContract;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;
import org.vmcore.testing.Packed;

/** Files in xz, bzip2, lz4 and zlib. */
class PackingsTest extends PackedFile {
  private static byte[] xz(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, new LZMA2Options(1))) {
      xz.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] zlib(byte[] bytes) {
    Deflater deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length + 100];
    int n = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, n);
  }

  @Test
  void xzStreamsWithPaddingBetweenThem() throws Exception {
    try (ByteSource source = open(xz(BYTES), new byte[8], xz(BYTES))) {
      assertThat(source.envelopes()).containsExactly("xz");
      assertThat(all(source)).isEqualTo(Packed.join(BYTES, BYTES));
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void aShortZlibStreamThatWasCut() throws Exception {
    byte[] packed = zlib("many words, ".repeat(100).getBytes(StandardCharsets.US_ASCII));
    try (ByteSource source = open(Arrays.copyOf(packed, packed.length - 6))) {
      assertThat(source.envelopes()).containsExactly("zlib");
      assertThat(findings.getFirst().message()).contains("it ends too early");
    }
  }

  @Test
  void zlib() throws Exception {
    try (ByteSource source = open(zlib(BYTES))) {
      assertThat(source.envelopes()).containsExactly("zlib");
      assertThat(all(source)).isEqualTo(BYTES);
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void twoBytesOfAZlibHeaderAreNoZlibFile() throws Exception {
    byte[] memory = new byte[5000];
    Arrays.fill(memory, (byte) 0xff);
    memory[0] = 0x78;
    memory[1] = (byte) 0x9c;
    try (ByteSource source = open(memory)) {
      assertThat(source.envelopes()).isEmpty();
    }
  }

  @Test
  void ofACutFileWhatComesBeforeIsThere() throws Exception {
    for (byte[] file : new byte[][] {xz(BYTES), zlib(BYTES)}) {
      findings.clear();
      try (ByteSource source = open(file, Arrays.copyOf(file, file.length - 3))) {
        assertThat(ByteSourceContract.read(source, 0, 5000)).isEqualTo(BYTES);
        assertThat(told()).hasSize(1);
        assertThat(told().getFirst()).contains(" file is damaged at 0x");
      }
    }
  }

  /** What the tools have made of the numbers from 1 to 50, a line each. */
  @ParameterizedTest
  @CsvSource({
    "bzip2, QlpoOTFBWSZTWcBdGfcAABxIAAAQf+AgAGhQbUP9VA0pt+qo2pmPY1U3zr3DIDY0BAoFJJLzM"
        + "y+C5UNGpUFvJUBVQEAAEDou5IpwoSGAujPu",
    "xz, /Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ACMAFxdABiCgo8iTvimVffwmaUlDZBFkVpRtJvKrNwF"
        + "MuyFUp+xSG3v3OhLuWG64JxTf5jIqVQO/D0q0wbXZkQ9VmSmzT3Xxx9E9BjfAgs/4sbGe+Hnf3lEHHuf"
        + "fc7GPtAAANqdHszR0vk4AAF4jQEAAAA3SO7VscRn+wIAAAAABFla",
    "lz4, BCJNGGRAp40AAIAxCjIKMwo0CjUKNgo3CjgKOQoxMAoxMQoxMgoxMwoxNAoxNQoxNgoxNwoxOAo"
        + "xOQoyMAoyMQoyMgoyMwoyNAoyNQoyNgoyNwoyOAoyOQozMAozMQozMgozMwozNAozNQozNgozNwozOAo"
        + "zOQo0MAo0MQo0Mgo0Mwo0NAo0NQo0Ngo0Nwo0OAo0OQo1MAoAAAAAqohvfQ==",
    "lz4, BCJNGHRAvY0AAIAxCjIKMwo0CjUKNgo3CjgKOQoxMAoxMQoxMgoxMwoxNAoxNQoxNgoxNwoxOAo"
        + "xOQoyMAoyMQoyMgoyMwoyNAoyNQoyNgoyNwoyOAoyOQozMAozMQozMgozMwozNAozNQozNgozNwozOAo"
        + "zOQo0MAo0MQo0Mgo0Mwo0NAo0NQo0Ngo0Nwo0OAo0OQo1MAqqiG99AAAAAKqIb30="
  })
  void asTheToolsWriteThem(String envelope, String base64) throws Exception {
    StringBuilder numbers = new StringBuilder();
    for (int i = 1; i <= 50; i++) {
      numbers.append(i).append('\n');
    }
    try (ByteSource source = open(Base64.getDecoder().decode(base64))) {
      assertThat(source.envelopes()).containsExactly(envelope);
      assertThat(new String(all(source), StandardCharsets.US_ASCII)).isEqualTo(numbers.toString());
      assertThat(findings).isEmpty();
    }
  }

  private static byte[] bzip2(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream bzip2 = new BZip2CompressorOutputStream(out, 1)) {
      bzip2.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] lz4(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Parameters small = new Parameters(BlockSize.K64, true, true, true);
    try (OutputStream lz4 = new FramedLZ4CompressorOutputStream(out, small)) {
      lz4.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] random() {
    byte[] bytes = new byte[400_000];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  @Test
  void membersOneBehindTheOther() throws Exception {
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9};
    byte[] bytes = random();
    byte[][] files = {
      Packed.join(bzip2(bytes), bzip2(bytes)),
      Packed.join(bzip2(bytes), new byte[512], bzip2(bytes)),
      Packed.join(skippable, lz4(bytes), skippable, lz4(bytes), skippable),
      Packed.join(xz(bytes), xz(bytes))
    };
    for (byte[] file : files) {
      try (ByteSource source = open(file)) {
        assertThat(Arrays.equals(all(source), Packed.join(bytes, bytes))).isTrue();
        assertThat(findings).isEmpty();
      }
    }
  }

  @Test
  void ofADamagedFileTheBlocksBeforeTheDamageAreThere() throws Exception {
    byte[] bytes = random();
    for (byte[] file : new byte[][] {bzip2(bytes), lz4(bytes), xz(bytes)}) {
      byte[] damaged = file.clone();
      Arrays.fill(damaged, file.length * 3 / 4, file.length * 3 / 4 + 100, (byte) 0xff);
      for (byte[] each : new byte[][] {Arrays.copyOf(file, file.length * 3 / 4), damaged}) {
        findings.clear();
        try (ByteSource source = open(each)) {
          byte[] there = all(source);
          assertThat(there.length).isGreaterThanOrEqualTo(100_000);
          int same = Arrays.mismatch(there, bytes);
          assertThat(same < 0 || same >= 100_000).isTrue();
          assertThat(told()).hasSize(1);
          assertThat(told().getFirst()).contains(" file is damaged at 0x");
        }
      }
    }
  }

  @Test
  void whatFollowsAStreamAndIsNoneIsLeftOut() throws Exception {
    for (byte[] file : new byte[][] {bzip2(BYTES), xz(BYTES)}) {
      findings.clear();
      try (ByteSource source = open(file, new byte[] {1, 2, 3})) {
        assertThat(all(source)).isEqualTo(BYTES);
        assertThat(told().getFirst()).endsWith(" file's end is left out");
      }
    }
  }

  @Test
  void theLegacyFormatOfLz4IsNamed() {
    byte[] file = {2, 0x21, 0x4c, 0x18, 1, 0, 0, 0, 0, 0, 0, 0};
    assertRefused(
        file,
        spill(Spill.LIMIT),
        "offset 0x0: lz4: its legacy format (lz4 -l) can't be read: unpack it with lz4 -d");
  }

  /** The header of a block with one filter, LZMA2, whose dictionary is of 1.5 GiB. */
  @Test
  void aDictionaryThatIsTooLargeIsRefused() throws Exception {
    assumeTrue(Runtime.getRuntime().maxMemory() < 3L << 30);
    byte[] header = {2, 0, 0x21, 1, 37, 0, 0, 0};
    CRC32 crc = new CRC32();
    crc.update(header);
    byte[] sum = ByteBuffer.allocate(4).order(LITTLE_ENDIAN).putInt((int) crc.getValue()).array();
    byte[] stream = Arrays.copyOf(xz(BYTES), 12);
    assertThatThrownBy(() -> open(stream, header, sum, new byte[100]))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("xz: to unpack it takes 1536 MiB")
        .hasMessageEndingWith(" may be used");
  }
}
