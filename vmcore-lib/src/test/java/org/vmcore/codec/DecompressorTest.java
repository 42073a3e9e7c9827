package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.testing.ChildJvm;

/** What is common to all codecs. */
class DecompressorTest {
  @Test
  void flagsNameACompression() {
    assertThat(Compression.ofFlags(0)).hasValue(Compression.RAW);
    for (Compression compression : Compression.values()) {
      assertThat(Compression.ofFlags(compression.flag())).hasValue(compression);
      assertThat(Compression.ofFlags(compression.flag() | 0x7fff_ffd8)).hasValue(compression);
    }
    assertThat(Compression.ofFlags(0x20)).hasValue(Compression.ZSTD);
  }

  @Test
  void flagsThatNameSeveralNameNone() {
    for (int flags : new int[] {1 | 2, 1 | 4, 2 | 4, 1 | 2 | 4, 1 | 0x20, 4 | 0x20, 0x27}) {
      assertThat(Compression.ofFlags(flags)).isEmpty();
    }
  }

  @Test
  void labelsAreThoseOfMakedumpfile() {
    assertThat(Compression.values())
        .extracting(Compression::label)
        .containsExactly("raw", "zlib", "lzo", "snappy", "zstd");
  }

  @Test
  void rawBytesAreCopied() throws Exception {
    byte[] target = new byte[6];
    try (Decompressor decompressor = new Decompressor()) {
      byte[] source = {1, 2, 3, 4, 5};
      assertThat(decompressor.decompress(Compression.RAW, source, 1, 3, target, 2, 4)).isEqualTo(3);
      assertThat(target).containsExactly(0, 0, 2, 3, 4, 0);
      assertThat(decompressor.decompress(Compression.RAW, source, 5, 0, target, 6, 0)).isZero();
      assertThatThrownBy(() -> decompressor.decompress(Compression.RAW, source, 0, 5, target, 0, 4))
          .isInstanceOf(MalformedException.class)
          .hasMessage("offset 0x4: more than 4 bytes");
    }
  }

  @Test
  void malformedExceptionIsCheap() {
    MalformedException e = new MalformedException(16, "no reason");
    e.addSuppressed(new IllegalStateException());
    assertThat(e).hasMessage("offset 0x10: no reason");
    assertThat(e.getStackTrace()).isEmpty();
    assertThat(e.getSuppressed()).isEmpty();
  }

  @Test
  void lzoAndSnappyNeedNoZstd() throws Exception {
    assertThat(ChildJvm.run(List.of("-Dos.name=Nowhere"), WithoutZstd.class))
        .containsExactly("abcd abcd", "no zstd");
  }

  /** Runs where zstd-jni has no library for the system. */
  static final class WithoutZstd {
    public static void main(String[] args) throws MalformedException {
      try (Decompressor decompressor = new Decompressor()) {
        System.out.println(
            text(decompressor, Compression.LZO1X, "1561626364110000")
                + " "
                + text(decompressor, Compression.SNAPPY, "040c61626364"));
        text(decompressor, Compression.ZSTD, "28b52ffd2003190000616263");
      } catch (UnsatisfiedLinkError e) {
        System.out.println("no zstd");
      }
    }

    private static String text(Decompressor decompressor, Compression compression, String hex)
        throws MalformedException {
      byte[] block = HexFormat.of().parseHex(hex);
      byte[] target = new byte[16];
      int size =
          decompressor.decompress(compression, block, 0, block.length, target, 0, target.length);
      return new String(target, 0, size, StandardCharsets.US_ASCII);
    }
  }
}
