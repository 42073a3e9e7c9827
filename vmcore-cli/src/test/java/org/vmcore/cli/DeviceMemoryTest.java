package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.elf.ElfClass;
import org.vmcore.testing.DeviceCoreBytes;
import org.vmcore.testing.DumpBuilder;

/** Coredumps of remote processors: memory at device addresses, in segments or sections. */
class DeviceMemoryTest {
  private static final byte[] TEXT = DumpBuilder.pattern(1, 4097);
  private static final byte[] DATA = DumpBuilder.pattern(7, 9001);

  @TempDir Path folder;
  private Path sections;
  private Path segments;
  private Path target;

  @BeforeEach
  void makeDumps() throws IOException {
    sections = write(DeviceCoreBytes.sections(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN), "sections");
    segments = write(DeviceCoreBytes.segments(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN), "segments");
    target = folder.resolve("out");
  }

  private Path write(DeviceCoreBytes core, String name) throws IOException {
    return core.add("text", 0x1000_0000, TEXT)
        .add("../é x", 0x8000_1003L, DATA)
        .add("text", 0x9000_0000L, new byte[0])
        .writeTo(folder.resolve(name));
  }

  @Test
  void infoSaysWhoseMemoryItIs() {
    for (Path dump : new Path[] {sections, segments}) {
      assertThat(Run.of("info", dump).ok().lines())
          .contains(
              "contents: a device's memory, by the device's addresses",
              "entry point: 0x10000040",
              "segments: 3")
          .noneMatch(line -> line.contains("VMCOREINFO") || line.startsWith("CPUs"));
      assertThat(Run.of("info", "--json", dump).ok().json())
          .containsEntry("contents", "device")
          .containsEntry("entry", "0x10000040");
    }
  }

  @Test
  void infoOnACutOneSpeaksOfNoKernel() throws IOException {
    byte[] whole = Files.readAllBytes(segments);
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length - 100));

    Run run = Run.of("info", cut);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.lines())
        .filteredOn(line -> line.startsWith("warning"))
        .containsExactly("warning: the file ends too early: 100 bytes of 1 segments are lost");
  }

  @Test
  void segmentsHaveNamesWhereThereAreAny() {
    assertThat(Run.of("segments", sections).ok().lines())
        .containsExactly(
            "INDEX TYPE OFFSET VIRTUAL PHYSICAL FILESIZE MEMSIZE FLAGS ALIGN NAME",
            "0 LOAD 0x1000 - 0x10000000 0x1001 0x1001 RW 0x0 text",
            "1 LOAD 0x3003 - 0x80001003 0x2329 0x2329 RW 0x0 ../é x",
            "2 LOAD 0x6000 - 0x90000000 0x0 0x0 RW 0x0 text");
    assertThat(Run.of("segments", segments).ok().lines().getFirst()).endsWith(" ALIGN");
    assertThat(Run.of("segments", "--json", sections).records("segments"))
        .extracting(each -> each.get("name"))
        .containsExactly("text", "../é x", "text");
    assertThat(Run.of("segments", "--json", segments).records("segments"))
        .noneMatch(each -> each.containsKey("name"));
  }

  @Test
  void bytesAreReadByDeviceAddress() {
    for (Path dump : new Path[] {sections, segments}) {
      Run run = Run.of("read", "--phys", "0x80001003", "--length", "9001", "--format", "raw", dump);
      assertThat(run.ok().bytes()).isEqualTo(DATA);
    }
  }

  @Test
  void aSectionIsExtractedByItsName() {
    Run.of("extract", "--section", "../é x", "-o", target, sections).ok();

    assertThat(target).hasBinaryContent(DATA);
  }

  @Test
  void namesOfFilesAreMadeOfThemSafely() throws IOException {
    Run.of("extract", "--all", "-o", target, sections).ok();

    try (var files = Files.list(target)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("load-0-text.bin", "load-1-___x.bin", "load-2-text.bin");
    }
    assertThat(target.resolve("load-0-text.bin")).hasBinaryContent(TEXT);
    assertThat(target.resolve("load-2-text.bin")).hasBinaryContent(new byte[0]);
  }

  @Test
  void aNameThatSeveralHaveIsRefused() {
    Run.of("extract", "--section", "text", "-o", target, sections)
        .fails(
            1,
            "vmcore: "
                + sections
                + ": several sections are called text: take one of them by --load 0, 2");
    Run.of("extract", "--section", "data", "-o", target, sections)
        .fails(1, "vmcore: " + sections + ": no section data");
    Run.of("extract", "--section", "text", "-o", target, segments)
        .fails(1, "vmcore: " + segments + ": no section text: the dump has no sections");
    assertThat(target).doesNotExist();
  }

  @Test
  void verifyMissesNothingThatADeviceHasNot() {
    Map<String, Object> json = Run.of("verify", "--json", sections).ok().json();

    assertThat(json).containsEntry("ok", true);
    assertThat(JsonText.objects(json, "findings"))
        .extracting(each -> each.get("severity"))
        .containsOnly("info");
  }
}
