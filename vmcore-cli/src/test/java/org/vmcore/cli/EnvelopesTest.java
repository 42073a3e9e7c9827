package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.Flattened;
import org.vmcore.testing.Packed;
import org.vmcore.testing.SeekableZstd;

/** Dumps in gzip, zstd and flattened files. */
class EnvelopesTest {
  @TempDir Path folder;
  private byte[] dump = new byte[0];

  @BeforeEach
  void makeDump() throws IOException {
    dump = Files.readAllBytes(Dumps.small(folder));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("packed"), bytes);
  }

  private String unpacked(Path file, String envelope, Path where) {
    return "vmcore: " + file + ": " + envelope + ": unpacking to a temporary file in " + where;
  }

  @Test
  void infoTellsWhatTheDumpIsIn() throws IOException {
    Path file = file(Packed.gzip(Flattened.of(dump, 1000)));

    Run text = Run.of("info", file);
    Run json = Run.of("info", "--json", file);

    assertThat(text.lines()).contains("format: elf in flattened in gzip");
    assertThat(json.json()).containsEntry("envelopes", List.of("gzip", "flattened"));
    String tmp = System.getProperty("java.io.tmpdir");
    text.fails(0, unpacked(file, "gzip", Path.of(tmp)));
  }

  @Test
  void withoutAnEnvelopeInfoTellsOfNone() throws IOException {
    assertThat(Run.of("info", "--json", file(dump)).ok().json()).doesNotContainKey("envelopes");
  }

  @Test
  void whatCanBeReadInPlaceIsNotUnpacked() throws IOException {
    Path file = file(SeekableZstd.of(Flattened.of(dump, 1000), 5000));

    assertThat(Run.of("info", file).ok().lines()).contains("format: elf in flattened in zstd");
    assertThat(Run.of("read", "--phys", "0x1000", "--format", "raw", file).ok().bytes())
        .isEqualTo(Run.of("read", "--phys", "0x1000", "--format", "raw", file(dump)).bytes());
  }

  @Test
  void theDirectoryIsTheOneGiven() throws IOException {
    Path where = Files.createDirectory(folder.resolve("spill"));
    Path file = file(Packed.zstd(dump));

    Run.of("segments", "--spill-dir", where, "--spill-limit", "1MiB", file)
        .fails(0, unpacked(file, "zstd", where));

    try (Stream<Path> left = Files.list(where)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void moreThanTheLimitIsRefused() throws IOException {
    Path file = file(Packed.gzip(dump));

    Run.of("segments", "--spill-dir", folder, "--spill-limit", "4KiB", file)
        .fails(
            1,
            unpacked(file, "gzip", folder),
            "vmcore: "
                + file
                + ": gzip: it unpacks to more than the limit of 4096 bytes: unpack it first, or"
                + " give more room with --spill-limit");
  }

  @Test
  void whatIsExtractedIsTheSame() throws IOException {
    Path packed = folder.resolve("of-packed");
    Path plain = folder.resolve("of-plain");

    Run run = Run.of("extract", "--load", "2", "-o", packed, file(Packed.gzip(dump)));
    Run.of("extract", "--load", "2", "-o", plain, file(dump));

    assertThat(run.status()).isZero();
    assertThat(packed).hasSameBinaryContentAs(plain).isNotEmptyFile();
  }

  @Test
  void ramMayBePackedToo() throws IOException {
    Path headers = Files.write(folder.resolve("headers"), Arrays.copyOf(dump, 0x1000));
    Path packed = folder.resolve("of-packed");
    Path plain = folder.resolve("of-plain");
    Path ram = file(Packed.gzip(dump));

    Run run =
        Run.of("build", "--elfcorehdr-file", headers, "--spill-dir", folder, "-o", packed, ram);
    Run.of("build", "--elfcorehdr-file", headers, "-o", plain, file(dump));

    assertThat(run.err()).startsWith(unpacked(ram, "gzip", folder));
    assertThat(packed).hasSameBinaryContentAs(plain).isNotEmptyFile();
  }

  @Test
  void ramForPreparationMayBePackedToo() throws IOException {
    Path iomem = Files.writeString(folder.resolve("iomem"), "00001000-0000ffff : System RAM\n");
    Path ram = file(Packed.gzip(dump));

    Run run =
        Run.of(
            "prepare",
            "--arch",
            "x86_64",
            "--iomem",
            iomem,
            "--cpus",
            "1",
            "--oldmem",
            ram,
            "--spill-dir",
            folder,
            "-o",
            folder.resolve("headers"));

    assertThat(run.err()).startsWith(unpacked(ram, "gzip", folder));
    Run.of(
            "prepare",
            "--arch",
            "x86_64",
            "--iomem",
            iomem,
            "--cpus",
            "1",
            "--spill-dir",
            folder,
            "-o",
            folder.resolve("headers"))
        .misused("vmcore prepare", "--spill-dir has no effect without --oldmem");
  }

  @Test
  void anOptionWithoutEffectIsRefused() throws IOException {
    Path file = file(Flattened.of(dump, 1000));

    Run.of("info", "--spill-limit", "1GiB", file)
        .misused("vmcore info", "--spill-limit has no effect on a file that isn't compressed");
    Run.of("info", "--spill-dir", folder, file)
        .misused("vmcore info", "--spill-dir has no effect on a file that isn't compressed");
  }

  @Test
  void aCutGzipFileIsADamagedDump() throws IOException {
    byte[] packed = Packed.gzip(dump);
    Path file = file(Arrays.copyOf(packed, packed.length - 8));

    Run run = Run.of("info", "--spill-dir", folder, file);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.lines())
        .contains(
            "warning: the gzip file is damaged at 0x"
                + Integer.toHexString(packed.length - 8)
                + ": it ends in a member's checksum; what comes before is read");
  }

  @Test
  void aCutFlattenedDumpIsLostWhereItIsCut() throws IOException {
    byte[] flat = Flattened.of(dump, 0x1000);
    Path file = file(Arrays.copyOf(flat, flat.length - 0x1000));

    Run run = Run.of("verify", file);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).contains("the flattened file is damaged at 0x");
  }
}
