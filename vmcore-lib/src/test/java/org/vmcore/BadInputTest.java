package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.ChildJvm;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Exercise;
import org.vmcore.testing.Mutations;
import org.vmcore.testing.Reading;

/** Input that is no dump, or a damaged one: one clear line with file, offset and field. */
class BadInputTest {
  @TempDir Path dir;

  private void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> Vmcore.open(file).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessage(file + ": " + message);
  }

  private void assertRefused(DumpBuilder dump, String message) throws IOException {
    assertRefused(dump.writeTo(dir.resolve("dump")), message);
  }

  private static DumpBuilder good() {
    return DumpBuilder.elf64().prstatus(1, 11).load(0x2000, 0x1000);
  }

  @Test
  void aFileThatIsNotThere() {
    Path file = dir.resolve("nothing");
    assertThatThrownBy(() -> Vmcore.open(file))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(file + ": no such file");
  }

  @Test
  void anEmptyFile() throws Exception {
    assertRefused(Files.createFile(dir.resolve("empty")), "offset 0x0: the file is empty");
  }

  @Test
  void aDirectory() {
    assertRefused(dir, "a directory, not a dump");
  }

  @Test
  void noPermission() throws Exception {
    assumeTrue(Reading.isLinux());
    Path file = good().writeTo(dir.resolve("dump"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "root may read everything");
    assertRefused(file, "permission denied");
  }

  @Test
  void aCharacterDevice() {
    assumeTrue(Reading.isLinux());
    assertRefused(Path.of("/dev/zero"), "a character device can't be read at an offset");
  }

  @Test
  void aFileOfProc() {
    assumeTrue(Reading.isLinux());
    assertRefused(Path.of("/proc/self/status"), "offset 0x0: the file is empty");
  }

  @Test
  void anotherFormatIsCalledByItsName() throws Exception {
    assertRefused(
        Files.writeString(dir.resolve("file"), "AVML"),
        "offset 0x0: AVML's compressed memory image can't be read: `avml-convert FILE OUT` makes a"
            + " LiME image of it");
  }

  @Test
  void ofAnyOtherFileIsToldWhatCanBeRead() throws Exception {
    for (byte[] bytes : new byte[][] {new byte[4096], {0x53, -1, 0, -16, 0x53, -1, 0, -16, 1}}) {
      Path file = Files.write(dir.resolve("file"), bytes);
      String begin = bytes[0] == 0 ? "00 00 00 00 00 00 00 00" : "53 ff 00 f0 53 ff 00 f0";
      assertRefused(
          file,
          "offset 0x0: not a dump of a known format (it begins with "
              + begin
              + "): ELF, kdump-compressed, LiME and s390's stand-alone files can be read, raw memory with"
              + " --ram-map");
    }
  }

  @Test
  void whatTheFileHoldsNeverReachesTheTerminal() throws Exception {
    Path file = Files.write(dir.resolve("a\u001b[2Jb"), new byte[] {0x1b, '[', 'J', '\n'});
    assertThatThrownBy(() -> Vmcore.open(file))
        .hasMessageStartingWith(
            dir
                + "/a\\x1b[2Jb: offset 0x0: not a dump of a known format (it begins with 1b 5b 4a 0a)");
  }

  @ParameterizedTest
  @CsvSource({
    "EI_CLASS, 0, offset 0x4: EI_CLASS is 0; not 1 (32-bit) or 2 (64-bit)",
    "EI_CLASS, 3, offset 0x4: EI_CLASS is 3; not 1 (32-bit) or 2 (64-bit)",
    "EI_DATA, 0, offset 0x5: EI_DATA is 0; not 1 (little-endian) or 2 (big-endian)",
    "e_type, 2, offset 0x10: e_type is 2; not 4: not a core file but a program or library: give the dump itself",
    "e_phentsize, 55, offset 0x36: e_phentsize is 55; not 56",
    "e_phnum, 0, offset 0x38: e_phnum is 0: no program headers"
  })
  void aHeaderFieldThatCantBe(String field, long value, String message) throws Exception {
    assertRefused(good().set(field, value), message.replace(';', ','));
  }

  @Test
  void anotherByteOrderThanTheFilesOwn() throws Exception {
    assertRefused(good().set("EI_DATA", 2), "offset 0x10: e_type is 1024, not 4: not a core file");
  }

  @ParameterizedTest
  @ValueSource(longs = {0x4000, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void programHeadersOutsideOfTheFile(long phoff) throws Exception {
    assertRefused(
        good().set("e_phoff", phoff),
        "offset 0x20: e_phoff is 0x"
            + Long.toHexString(phoff)
            + ": no program header there, the file has 12288 bytes");
  }

  @Test
  void moreProgramHeadersThanTheFileHas() throws Exception {
    Path file = good().set("e_phnum", 0xfffe).writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.findings())
          .anyMatch(
              finding ->
                  finding
                      .message()
                      .equals("the file ends in the program headers: 218 of 65534 are whole"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0xffffffff, 4294967295; more than 1048576",
    "0x100001, 1048577; more than 1048576",
    "0, 0: no program headers"
  })
  void anAbsurdCountInSectionZero(String count, String message) throws Exception {
    assertRefused(
        good().extendedCount().set("sh_info", Long.decode(count)),
        "offset 0x38: sh_info of section 0 (e_phnum is PN_XNUM) is " + message.replace(';', ','));
  }

  @ParameterizedTest
  @ValueSource(longs = {0x4000, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void aSectionZeroOutsideOfTheFile(long shoff) throws Exception {
    assertRefused(
        good().extendedCount().set("e_shoff", shoff),
        "offset 0x38: e_phnum is PN_XNUM and e_shoff, 0x"
            + Long.toHexString(shoff)
            + ", has no section header with the real count");
  }

  @Test
  void otherVersionsAreToldAndRead() throws Exception {
    Path file = good().set("EI_VERSION", 7).set("e_version", 9).writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.findings())
          .extracting(finding -> finding.offset().orElse(-1) + " " + finding.message())
          .contains("6 EI_VERSION is 7, not 1", "20 e_version is 9, not 1");
      assertThat(Reading.bytes(vmcore, 0x2000, 0x1000)).isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @Test
  void anUnfinishedDumpSaysSo() throws Exception {
    try (Vmcore vmcore = Vmcore.open(good().set("e_flags", 1).writeTo(dir.resolve("dump")))) {
      assertThat(vmcore.isDamaged()).isTrue();
    }
  }

  @Test
  void aFileShorterThanItsHeadersSayIsReadAsFarAsItGoes() throws Exception {
    Path file = good().load(0x8000, 0x1000).truncateAt(0x2800).writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.findings())
          .anyMatch(
              finding ->
                  finding
                      .message()
                      .equals("the file ends too early: 6144 bytes of 2 segments are lost"));
      assertThat(Reading.bytes(vmcore, 0x2000, 0x1000)).isEqualTo(pattern(0x2000, 0x800));
      assertThat(Reading.bytes(vmcore, 0x3000, 1)).isEmpty();
      assertThat(vmcore.notes().getFirst().prStatus().pid()).isEqualTo(1);
    }
  }

  /** A dump of 1.5 KiB: loads, notes and headers without gaps. */
  private static DumpBuilder small() {
    return DumpBuilder.elf64()
        .packed()
        .prstatus(1, 11)
        .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
        .noteArea(0x40)
        .load(0x1000, 0x80)
        .load(0x2f80, 0x100)
        .memsz(0x200);
  }

  @Test
  @Tag("slow")
  void aDumpTruncatedAnywhere() throws Exception {
    for (DumpBuilder dump :
        new DumpBuilder[] {small(), small().bigEndian(), small().programHeadersLast()}) {
      Path file = dump.writeTo(dir.resolve("dump"));
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        for (long size = channel.size(); size >= 0; size -= 3) {
          channel.truncate(size);
          Exercise.dump(file, OpenOptions.DEFAULT);
        }
      }
    }
  }

  @Test
  @Tag("slow")
  void aDumpTruncatedAtEveryByteOfItsHeaders() throws Exception {
    Path file = small().writeTo(dir.resolve("dump"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int size = 0x400; size >= 0; size--) {
        channel.truncate(size);
        boolean opened = Exercise.dump(file, OpenOptions.DEFAULT);
        assertThat(opened).as("size %s", size).isEqualTo(size >= 64 + 56);
      }
    }
  }

  @Test
  void aDumpTruncatedWhereItCantBeMapped() throws Exception {
    byte[] dump = small().build();
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      Path file = jimfs.getPath("/dump");
      for (int size = 0; size <= dump.length; size += 7) {
        Files.write(file, Arrays.copyOf(dump, size));
        Exercise.dump(file, OpenOptions.DEFAULT);
      }
    }
  }

  /** Every field of every header × every odd value, in 64 MiB of heap. */
  @Test
  @Tag("slow")
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void aDumpWithAnyFieldMutated() throws Exception {
    String last = ChildJvm.run(Mutations.class, dir).getLast();
    assertThat(last).matches("[0-9]+ mutations, [0-9]+ opened, peak [0-9]+ MiB");
    String[] words = last.split(" ", -1);
    assertThat(Integer.parseInt(words[0])).isGreaterThan(3000);
    assertThat(Integer.parseInt(words[2])).isGreaterThan(1500);
    assertThat(Integer.parseInt(words[5])).isLessThan(300);
  }

  @Test
  void namesInNotesAreCutAndPrintable() throws Exception {
    byte[] name = new byte[1000];
    Arrays.fill(name, (byte) 'A');
    name[1] = 0x1b;
    Path file =
        DumpBuilder.elf64()
            .note(new String(name, StandardCharsets.ISO_8859_1), 1, new byte[4])
            .note("C\nD", 2, new byte[4])
            .writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.notes().getFirst().name()).hasSize(255);
      assertThat(vmcore.notes()).hasSize(2);
      vmcore
          .verify()
          .forEach(finding -> assertThat(finding.message()).doesNotContain("\u001b", "\n"));
    }
  }
}
