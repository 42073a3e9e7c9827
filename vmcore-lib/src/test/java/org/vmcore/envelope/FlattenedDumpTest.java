package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.vmcore.memory.PageState.EXCLUDED;
import static org.vmcore.memory.PageState.LOST;
import static org.vmcore.testing.DumpBuilder.pattern;
import static org.vmcore.testing.MemoryContract.Part.missing;
import static org.vmcore.testing.MemoryContract.Part.present;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;
import org.vmcore.open.RamImage;
import org.vmcore.open.Spill;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Exercise;
import org.vmcore.testing.Flattened;
import org.vmcore.testing.MemoryContract;
import org.vmcore.testing.Packed;
import org.vmcore.testing.Reading;

/** Dumps in flattened files: as good as the dump itself, and of a cut one all that is there. */
class FlattenedDumpTest {
  @TempDir Path dir;

  /** Headers and notes below 0x2000, one segment at 0x2000, one at 0x5000. */
  private static DumpBuilder dump() {
    return DumpBuilder.elf64().prstatus(1, 11).load(0x10000, 0x3000).load(0x40000, 0x2000);
  }

  private static byte[] part(byte[] file, int from, int to) {
    return Arrays.copyOfRange(file, from, to);
  }

  /** All but file offsets 0x3800 to 0x4800 and from 0x6000 on. */
  private static byte[] withHoles() {
    byte[] file = dump().build();
    return new Flattened()
        .record(0x4800, part(file, 0x4800, 0x6000))
        .record(0, part(file, 0, 0x3800))
        .cut();
  }

  @Nested
  class OldMemoryWithHoles extends MemoryContract {
    @Override
    protected Subject open() throws IOException {
      Flattened file = new Flattened();
      for (int at : new int[] {0x4000, 0x1800, 0x100, 0x2800, 0x2000}) {
        file.record(at, pattern(at, 0x700));
      }
      Path path = Files.write(dir.resolve("flat"), file.cut());
      ByteSource source = Envelopes.open(ByteSource.open(path), Spill.DEFAULT, new ArrayList<>());
      FileOldMemory memory =
          new FileOldMemory.Builder(source)
              .add(0x10000, 0x5000, 0, 0x5000)
              .add(0x20000, 0x2000, 0x2100, 0x1000)
              .add(0x30000, 0x1000, 0x7000, 0x800)
              .build();
      List<Part> parts =
          List.of(
              missing(0x10000, 0x100, LOST),
              present(0x10100, pattern(0x100, 0x700)),
              missing(0x10800, 0x1000, LOST),
              present(0x11800, pattern(0x1800, 0x700)),
              missing(0x11f00, 0x100, LOST),
              present(0x12000, pattern(0x2000, 0x700)),
              missing(0x12700, 0x100, LOST),
              present(0x12800, pattern(0x2800, 0x700)),
              missing(0x12f00, 0x1100, LOST),
              present(0x14000, pattern(0x4000, 0x700)),
              missing(0x14700, 0x900, LOST),
              present(0x20000, pattern(0x2100, 0x600)),
              missing(0x20600, 0x100, LOST),
              present(0x20700, pattern(0x2800, 0x700)),
              missing(0x20e00, 0x200, LOST),
              missing(0x21000, 0x1000, EXCLUDED),
              missing(0x30000, 0x800, LOST),
              missing(0x30800, 0x800, EXCLUDED));
      return new Subject(memory, parts, source);
    }
  }

  @Nested
  class PhysicalWithHoles extends MemoryContract {
    @Override
    protected Subject open() throws IOException {
      Vmcore vmcore = Vmcore.open(Files.write(dir.resolve("flat"), withHoles()));
      List<Part> parts =
          List.of(
              present(0x10000, pattern(0x10000, 0x1800)),
              missing(0x11800, 0x1000, LOST),
              present(0x12800, pattern(0x12800, 0x800)),
              present(0x40000, pattern(0x40000, 0x1000)),
              missing(0x41000, 0x1000, LOST));
      return new Subject(vmcore.physical(), parts, vmcore);
    }
  }

  private static void assertSame(Path file, byte[] dump) throws IOException {
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.format()).isEqualTo("elf");
      assertThat(vmcore.envelopes()).containsExactly("flattened");
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(Reading.bytes(vmcore, 0x2000, vmcore.size() - 0x2000))
          .isEqualTo(part(dump, 0x2000, dump.length));
      try (Mapping mapping = vmcore.map(0x2000, vmcore.size() - 0x2000)) {
        assertThat(mapping.bytes().toArray(ValueLayout.JAVA_BYTE))
            .isEqualTo(part(dump, 0x2000, dump.length));
      }
    }
  }

  @Test
  void aFlattenedDumpIsTheDump() throws Exception {
    byte[] dump = dump().build();
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      for (int most : new int[] {0x1001, 999, 1 << 20}) {
        assertSame(Files.write(dir.resolve("flat"), Flattened.of(dump, most)), dump);
        assertSame(Files.write(jimfs.getPath("/flat"), Flattened.of(dump, most)), dump);
      }
    }
  }

  @Test
  void whatIsLostOfACutOneIsTold() throws Exception {
    Path file = Files.write(dir.resolve("flat"), withHoles());
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.findings())
          .filteredOn(each -> each.severity() == Finding.Severity.ERROR)
          .extracting(Finding::message)
          .containsExactly(
              "the flattened file is damaged at 0x6020: it ends without the end record;"
                  + " the 2 whole records before are read",
              "the file has holes: 8192 bytes of 2 segments are lost");
      try (Mapping mapping = vmcore.map(0, vmcore.size())) {
        assertThat(mapping.missing())
            .containsExactly(
                new Extent(0x3800, 0x1000, PageState.LOST),
                new Extent(0x6000, 0x1000, PageState.LOST));
      }
    }
  }

  @Test
  void ofADumpCutAtItsEndNothingIsAHole() throws Exception {
    byte[] dump = dump().build();
    Path file =
        Files.write(dir.resolve("flat"), new Flattened().record(0, part(dump, 0, 0x6000)).cut());
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .contains("the file ends too early: 4096 bytes of 1 segments are lost");
    }
  }

  @Test
  void programHeadersInAHole() throws Exception {
    byte[] dump = dump().build();
    Flattened file = new Flattened().record(0x100, part(dump, 0x100, dump.length));
    Path headers = Files.write(dir.resolve("a"), file.record(0, part(dump, 0, 64)).cut());
    assertThatThrownBy(() -> Vmcore.open(headers))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("e_phoff is 0x40: no program header there");
    Path one = Files.write(dir.resolve("b"), file.record(64, part(dump, 64, 64 + 60)).cut());
    try (Vmcore vmcore = Vmcore.open(one)) {
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .contains("the file ends in the program headers: 1 of 3 are whole");
    }
  }

  /** makedumpfile leaves room for the program headers, and writes them in the end. */
  @Test
  void programHeadersThatWereNotYetWritten() throws Exception {
    byte[] dump = dump().build();
    byte[] none = new byte[3 * 56];
    Flattened file = new Flattened().record(64, none).record(0, part(dump, 0, 64));
    file.record(0x1000, part(dump, 0x1000, dump.length));
    try (Vmcore vmcore = Vmcore.open(Files.write(dir.resolve("flat"), file.cut()))) {
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.memorySize()).isZero();
      assertThat(vmcore.findings().getLast().message())
          .startsWith("none of 3 program headers is a PT_LOAD or a PT_NOTE: the dump was not");
    }
  }

  /** A mapping shares the temporary file, which has no name. */
  @Test
  void anUnpackedDumpIsMappedWithoutACopy() throws Exception {
    assumeTrue(Reading.isLinux());
    byte[] dump = dump().build();
    Path file = Files.write(dir.resolve("gz"), Packed.gzip(dump));
    try (Vmcore vmcore = Vmcore.open(file, OpenOptions.builder().copyLimit(0x2000).build());
        Mapping mapping = vmcore.map(0x2000, vmcore.size() - 0x2000)) {
      assertThat(mapping.kind()).isEqualTo(Mapping.Kind.ZERO_COPY);
      assertThat(mapping.bytes().toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(part(dump, 0x2000, dump.length));
    }
  }

  /** Closing the dump closes what is open under it, on every way out. */
  @Test
  void noDescriptorStaysOpen() throws Exception {
    assumeTrue(Reading.isLinux());
    Path good = Files.write(dir.resolve("good"), Packed.gzip(Flattened.of(dump().build(), 999)));
    Path bad = Files.write(dir.resolve("bad"), Packed.gzip(Flattened.of(new byte[5000], 999)));
    Vmcore.open(good).close();
    long before = openFiles();
    for (int i = 0; i < 3; i++) {
      Vmcore.open(good).close();
      assertThatThrownBy(() -> Vmcore.open(bad)).isInstanceOf(VmcoreException.class);
      OpenOptions withPart = OpenOptions.builder().parts(List.of(good)).build();
      assertThatThrownBy(() -> Vmcore.open(good, withPart)).isInstanceOf(VmcoreException.class);
    }
    assertThat(openFiles()).isEqualTo(before);
  }

  private long openFiles() throws IOException {
    long count = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path each : all) {
        String target = Files.isSymbolicLink(each) ? link(each) : "";
        count += target.startsWith(dir.toString()) || target.contains(".spill") ? 1 : 0;
      }
    }
    return count;
  }

  private static String link(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  @Test
  void paddingThatIsLostIsNotTaken() throws Exception {
    byte[] dump = DumpBuilder.elf64().padding((byte) 7).load(0x10800, 0x400).build();
    Path file =
        Files.write(
            dir.resolve("flat"),
            new Flattened()
                .record(0, part(dump, 0, 0x100))
                .record(0x1800, part(dump, 0x1800, 0x1c00))
                .cut());
    OpenOptions options = OpenOptions.builder().padding(Padding.OLDMEM).build();
    try (Vmcore vmcore = Vmcore.open(file, options)) {
      assertThat(Reading.bytes(vmcore.physical(), 0x10800, 0x400))
          .isEqualTo(pattern(0x10800, 0x400));
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .noneMatch(message -> message.contains("lost"));
    }
  }

  @Test
  @Tag("slow")
  void aCutOneAtAnyByte() throws Exception {
    byte[] flat = Flattened.of(dump().build(), 0x123);
    Path file = dir.resolve("flat");
    for (int size = 0; size < flat.length; size += 97) {
      Files.write(file, Arrays.copyOf(flat, size));
      Exercise.dump(file, OpenOptions.DEFAULT);
    }
  }

  @Test
  void aRamImageMayBeFlattened() throws Exception {
    byte[] ram = pattern(0, 0x3000);
    byte[] elf = dump().build();
    Path headers = Files.write(dir.resolve("headers"), part(elf, 0, 0x1000));
    Path file = Files.write(dir.resolve("ram"), Flattened.of(ram, 0x777));
    RamImage image = RamImage.of(file).withHeaders(new RamImage.Elfcorehdr.InFile(headers));
    try (Vmcore vmcore = Vmcore.open(image, OpenOptions.DEFAULT)) {
      assertThat(vmcore.envelopes()).containsExactly("flattened");
      assertThat(Reading.bytes(vmcore.physical(), 0x10000, 0x1000))
          .isEqualTo(pattern(0x2000, 0x1000));
    }
  }
}
