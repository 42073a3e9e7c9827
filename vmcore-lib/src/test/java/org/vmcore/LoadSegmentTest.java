package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.extract.ExtractOptions;
import org.vmcore.memory.Missing;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.LossyMemory;
import org.vmcore.testing.MemoryContract;

/** A PT_LOAD and its memory, and what becomes of it in a file. */
class LoadSegmentTest {
  private static final long VADDR = 0xffff_8880_0000_0800L;

  @TempDir Path dir;

  /** One that begins inside of a page, and one whose end was left out. */
  private static DumpBuilder dump() {
    return DumpBuilder.elf64()
        .prstatus(1, 0)
        .load(0x10800, 0x1800)
        .vaddr(VADDR)
        .load(0x20000, 0x1000)
        .memsz(0x3000);
  }

  private Vmcore open() throws IOException {
    return Vmcore.open(dump().writeTo(dir.resolve("vmcore")));
  }

  @Nested
  class Contract extends MemoryContract {
    @Override
    protected Subject open() throws IOException {
      Vmcore vmcore = LoadSegmentTest.this.open();
      return new Subject(
          vmcore.loads().get(1),
          List.of(
              Part.present(0, pattern(0x20000, 0x1000)),
              Part.missing(0x1000, 0x2000, PageState.EXCLUDED)),
          vmcore);
    }
  }

  @Test
  void loadsAreThePtLoads() throws IOException {
    try (Vmcore vmcore = open()) {
      assertThat(vmcore.loads()).extracting(LoadSegment::index).containsExactly(1, 2);
      LoadSegment load = vmcore.loads().getFirst();
      assertThat(load.header()).isEqualTo(vmcore.segments().get(1));
      assertThat(load.paddr()).isEqualTo(0x10800);
      assertThat(load.vaddr()).isEqualTo(VADDR);
      assertThat(load.size()).isEqualTo(0x1800);
      assertThat(load.name()).isEmpty();
      assertThat(load.readBytes(0x10, 0x20)).isEqualTo(pattern(0x10810, 0x20));
      assertThat(load)
          .hasToString("LoadSegment[1: paddr=0x10800, vaddr=0xffff888000000800, size=0x1800]");
    }
  }

  @Test
  void aCopyTellsWhatIsZeros() throws IOException {
    Path file = dir.resolve("load.bin");
    AtomicLong done = new AtomicLong();
    try (Vmcore vmcore = open()) {
      LoadSegment load = vmcore.loads().get(1);
      ExtractOptions options = ExtractOptions.DEFAULT.withProgress(done::addAndGet);
      Missing missing = load.copyTo(file, options);
      assertThat(missing.of(PageState.EXCLUDED)).isEqualTo(0x2000);
      assertThat(missing.total()).isEqualTo(0x2000);
      assertThat(done).hasValue(0x3000);
      assertThat(file).hasBinaryContent(Arrays.copyOf(pattern(0x20000, 0x1000), 0x3000));
      assertThatThrownBy(() -> load.copyTo(file))
          .hasMessage(file + ": cannot create: it already exists");
      assertThat(load.copyTo(file, options.withForce(true).withSync(false))).isEqualTo(missing);
    }
  }

  @Test
  void aCopyTellsWhyTheFirstLostByteIs() throws IOException {
    try (Vmcore vmcore =
        Vmcore.of(
            "lossy",
            DumpBuilder.elf64().ramImage().load(0, 0x6000).crashHeaders(),
            LossyMemory.of(0x6000, 0x2000, 0x4000),
            OpenOptions.DEFAULT)) {
      Missing missing = vmcore.loads().getFirst().copyTo(dir.resolve("load.bin"));
      assertThat(missing.lost()).isEqualTo(0x2000);
      assertThat(missing.loss().orElseThrow().message())
          .isEqualTo("page frame 0x2: zlib: incorrect data check");
    }
  }

  @Test
  void whatCantBeWrittenLeavesNothing() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("folder"));
    Path file = folder.resolve("load.bin");
    Vmcore vmcore = open();
    LoadSegment load = vmcore.loads().getFirst();
    assertThatThrownBy(() -> load.copyTo(folder)).isInstanceOf(VmcoreException.class);
    vmcore.close();
    assertThatThrownBy(() -> load.copyTo(file)).hasMessageEndingWith(": the dump is closed");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anyFileSystemWillDo() throws IOException {
    URI zip = URI.create("jar:" + dir.resolve("loads.zip").toUri());
    try (Vmcore vmcore = open();
        FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
        FileSystem zipped = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      for (Path folder : List.of(memory.getPath("/"), zipped.getPath("/"))) {
        Path file = folder.resolve("load.bin");
        vmcore.loads().getFirst().copyTo(file);
        assertThat(file).hasBinaryContent(pattern(0x10800, 0x1800));
        vmcore.loads().get(1).copyTo(file, ExtractOptions.DEFAULT.withForce(true));
        assertThat(file).hasBinaryContent(Arrays.copyOf(pattern(0x20000, 0x1000), 0x3000));
        assertThatThrownBy(() -> vmcore.loads().getFirst().copyTo(file))
            .hasMessage(file + ": cannot create: it already exists");
        try (var files = Files.list(folder)) {
          assertThat(files.filter(Files::isRegularFile)).containsExactly(file);
        }
      }
    }
    try (FileSystem zipped = FileSystems.newFileSystem(zip, Map.of())) {
      assertThat(zipped.getPath("/load.bin")).exists();
    }
  }

  @Test
  void notesAreFoundByName() throws IOException {
    try (Vmcore vmcore = open()) {
      assertThat(vmcore.note("CORE").orElseThrow().isPrStatus()).isTrue();
      assertThat(vmcore.note("VMCOREINFO")).isEmpty();
      assertThat(vmcore).hasToString("Vmcore[" + vmcore.name() + ", elf, 0x7000 bytes]");
    }
  }
}
