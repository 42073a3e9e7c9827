package org.vmcore.format.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.PageState;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** RAM without crash headers, in LiME's format or raw: they are made from its ranges. */
class RamDumpTest extends RamFiles {
  @Test
  void rangesBecomeLoadsAndVmcoreinfoANote() throws Exception {
    Path file = lime(ram(X86), new long[] {0, 0xfff}, new long[] {0x2000, SIZE - 1});
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.format()).isEqualTo("lime");
      assertThat(segments(vmcore))
          .containsExactly(
              "NOTE 0 3000 0 3000 1024 1024",
              "LOAD 7 0 0 0 1000 1000",
              "LOAD 7 2000 0 2000 6000 6000");
      assertThat(vmcore.architecture()).isEqualTo("x86_64");
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("6.1.0-x");
      assertThat(vmcore.isVirtualKnown(vmcore.segments().getLast())).isFalse();
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, SIZE - 0x2000))
          .isEqualTo(Arrays.copyOfRange(ram(X86), 0x2000, SIZE));
      assertThat(vmcore.physical().extentAt(0x1000).state()).isEqualTo(PageState.NOT_RAM);
      assertThat(vmcore.findings())
          .containsExactly(
              Finding.info(
                  "crash_headers", "made from the RAM's ranges: 0x0-0xfff, 0x2000-0x7fff"));
    }
  }

  @Test
  void rangesThatTouchAreOneAndEndsStayInsideOfPages() throws Exception {
    Path file =
        lime(
            ram(),
            new long[] {0x4000, 0x5abc},
            new long[] {0x100, 0xfff},
            new long[] {0x1000, 0x17ff},
            new long[] {0x1800, 0x1fff});
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(segments(vmcore))
          .containsExactly("LOAD 7 100 0 100 1f00 1f00", "LOAD 7 4000 0 4000 1abd 1abd");
      assertThat(Reading.bytes(vmcore.physical(), 0x100, 0x1f00))
          .isEqualTo(DumpBuilder.pattern(0x100, 0x1f00));
      assertThat(Reading.bytes(vmcore, vmcore.size() - 0x1000, 0x1000))
          .isEqualTo(Arrays.copyOf(DumpBuilder.pattern(0x5000, 0xabd), 0x1000));
    }
  }

  /** 2 MiB of RAM in which VMCOREINFO of no architecture's own lines and utsname are. */
  private static byte[] named(String machine) {
    String[] info = {"OSRELEASE=6.1.0-a", "SYMBOL(init_uts_ns)=c1405000", "SIZE(list_head)=8"};
    byte[] ram = Arrays.copyOf(ram(info), 2 << 20);
    byte[] names = new byte[6 * 65];
    String[] fields = {"Linux", "node", "6.1.0-a", "#1 SMP", machine};
    for (int i = 0; i < fields.length; i++) {
      byte[] field = fields[i].getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(field, 0, names, 65 * i, field.length);
    }
    System.arraycopy(names, 0, ram, 0x5000, names.length);
    return ram;
  }

  /** i386 without PAE and arm without LPAE have no line of their own in VMCOREINFO. */
  @Test
  void theKernelsNamesTellTheMachineWhereVmcoreinfoDoesnt() throws Exception {
    OpenOptions options = by("0x40000000-0x401fffff@0");
    try (Vmcore vmcore = Vmcore.open(raw(named("armv7l")), options)) {
      assertThat(vmcore.architecture()).isEqualTo("arm");
      assertThat(vmcore.header().elfClass()).isEqualTo(ElfClass.ELF32);
    }
    try (Vmcore vmcore = Vmcore.open(raw(named("i686")), options)) {
      assertThat(vmcore.architecture()).isEqualTo("i386");
    }
    try (Vmcore vmcore = Vmcore.open(raw(named("pdp11")), options)) {
      assertThat(vmcore.architecture()).isEqualTo("unknown");
    }
  }

  @Test
  void rawMemoryIsWhatTheMapSays() throws Exception {
    String[] arm64 = {"OSRELEASE=6.1.0-a", "PAGESIZE=65536", "NUMBER(kimage_voffset)=0x1000"};
    byte[] ram = Arrays.copyOf(ram(arm64), 0x20000);
    try (Vmcore vmcore = Vmcore.open(raw(ram), by("0x40000000-0x4001ffff@0"))) {
      assertThat(vmcore.format()).isEqualTo("raw");
      assertThat(vmcore.architecture()).isEqualTo("arm64");
      assertThat(vmcore.pageSize()).isEqualTo(0x10000);
      assertThat(segments(vmcore))
          .containsExactly(
              "NOTE 0 40003000 0 40003000 10024 10024", "LOAD 7 40000000 0 40000000 20000 20000");
      assertThat(Reading.bytes(vmcore.physical(), 0x4000_1000, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0x1000, 0x1000));
    }
  }

  @Test
  void theMapWinsOverTheFormat() throws Exception {
    Path file = lime(ram(), new long[] {0x1000, 0x3fff});
    try (Vmcore vmcore = Vmcore.open(file, by("0-0x1f@0,0x5000-0x5fff@0x20"))) {
      assertThat(vmcore.format()).isEqualTo("raw");
      assertThat(Reading.bytes(vmcore.physical(), 0, 4)).asString().isEqualTo("EMiL");
      assertThat(Reading.bytes(vmcore.physical(), 0x5000, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0x1000, 0x1000));
    }
  }

  @Test
  void withoutVmcoreinfoTheMachineIsNotKnown() throws Exception {
    try (Vmcore vmcore = Vmcore.open(raw(ram()), by("0-0x7fff@0"))) {
      assertThat(vmcore.architecture()).isEqualTo("unknown");
      assertThat(vmcore.header().machine()).isZero();
      assertThat(vmcore.pageSize()).isEqualTo(4096);
      assertThat(segments(vmcore)).containsExactly("LOAD 7 0 0 0 8000 8000");
      assertThat(messages(vmcore, Severity.INFO))
          .contains("the architecture isn't known: there is no VMCOREINFO in it");
    }
    try (Vmcore vmcore = Vmcore.open(raw(ram("OSRELEASE=4")), by("0-0x7fff@0"))) {
      assertThat(vmcore.architecture()).isEqualTo("unknown");
      assertThat(segments(vmcore)).hasSize(2);
      assertThat(messages(vmcore, Severity.INFO))
          .contains("the architecture isn't known: VMCOREINFO doesn't tell it");
    }
  }

  @Test
  void ofSeveralVmcoreinfosTheFirstIsTaken() throws Exception {
    byte[] ram = ram(X86);
    for (int at = 0x4000; at < SIZE; at += 0x1000) {
      put(ram, at, "OSRELEASE=6.1.0-" + (char) ('0' + at / 0x1000));
    }
    put(ram, 0, "OSRELEASE=first");
    put(ram, 0x1000, "OSRELEASE=second");
    try (Vmcore vmcore = Vmcore.open(raw(ram), by("0-0x7fff@0"))) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("first");
      assertThat(messages(vmcore, Severity.INFO))
          .filteredOn(each -> each.startsWith("not taken"))
          .hasSize(5)
          .contains(
              "not taken: 0x1000 of second (nothing shows where its kernel is); it comes first in"
                  + " memory; nothing else tells them apart")
          .endsWith("not taken: 2 more");
    }
  }

  @Test
  void theVmcoreinfoThatIsAskedForIsTaken() throws Exception {
    byte[] ram = ram(X86);
    put(ram, 0x1000, "OSRELEASE=other", "PAGESIZE=65536");
    OpenOptions options = by("0-0x7fff@0").toBuilder().vmcoreInfo(0x3000).build();
    try (Vmcore vmcore = Vmcore.open(raw(ram), options)) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("6.1.0-x");
      assertThat(vmcore.vmcoreInfoAt()).hasValue(0x3000);
      assertThat(vmcore.architecture()).isEqualTo("x86_64");
      assertThat(segments(vmcore)).startsWith("NOTE 0 3000 0 3000 1024 1024");
    }
    assertThatThrownBy(() -> Vmcore.open(raw(ram), options.toBuilder().vmcoreInfo(0x2000).build()))
        .hasMessageEndingWith("physical address 0x2000: no VMCOREINFO note is there");
  }

  @Test
  void aBigEndianKernelsHeadersAreBigEndian() throws Exception {
    String[] info = {"OSRELEASE=6.12.0-s390x", "SAMODE31=1000", "PAGESIZE=4096"};
    byte[] note =
        DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN)
            .ramImage()
            .noteArea(0x1024)
            .at(0)
            .vmcoreinfo(info)
            .build();
    byte[] ram = ram();
    System.arraycopy(note, 0, ram, 0x3000, 0x1000);
    try (Vmcore vmcore = Vmcore.open(raw(ram), by("0-0x7fff@0"))) {
      assertThat(vmcore.header().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
      assertThat(vmcore.architecture()).isEqualTo("s390x");
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("6.12.0-s390x");
    }
  }

  @Test
  void manyRangesAreToldInShort() throws Exception {
    long[][] ranges = new long[6][];
    Arrays.setAll(ranges, i -> new long[] {0x1000L * i, 0x1000L * i + 0xff});
    try (Vmcore vmcore = Vmcore.open(lime(ram(), ranges))) {
      assertThat(messages(vmcore, Severity.INFO))
          .contains(
              "made from the RAM's ranges: 0x0-0xff, 0x1000-0x10ff, 0x2000-0x20ff, 0x3000-0x30ff"
                  + " and 2 more");
    }
  }

  @Test
  void oldMemoryInALimeFileKeepsItsRangesToo() throws Exception {
    Path file = cut(lime(ram(), new long[] {0, 0xfff}, new long[] {0x2000, 0x3fff}), 0x1030);
    Path headers =
        DumpBuilder.elf64().load(0, 0x1000).field("p_offset", 0).writeTo(dir.resolve("headers"));
    RamImage image = RamImage.of(file).withHeaders(new RamImage.Elfcorehdr.InFile(headers));
    try (Vmcore vmcore = Vmcore.open(image, OpenOptions.DEFAULT)) {
      assertThat(vmcore.format()).isEqualTo("oldmem");
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(Reading.bytes(vmcore.physical(), 0, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0, 0x1000));
    }
  }

  @Test
  void partsAreFilesOfTheMap() throws Exception {
    Path file = raw(ram());
    Path lime = lime(ram(), new long[] {0, 0xfff});
    RamMap.Range second = new RamMap.Range(0x1000, 0x1fff, 32, 1);
    RamMap map = new RamMap(List.of(new RamMap.Range(0, 0xfff, 0), second));
    OpenOptions options = OpenOptions.builder().ramMap(map).parts(List.of(lime)).build();
    try (Vmcore vmcore = Vmcore.open(file, options)) {
      byte[] both = Reading.bytes(vmcore.physical(), 0, 0x2000);
      assertThat(Arrays.copyOf(both, 0x1000)).isEqualTo(Arrays.copyOf(ram(), 0x1000));
      assertThat(Arrays.copyOfRange(both, 0x1000, 0x2000)).isEqualTo(Arrays.copyOf(ram(), 0x1000));
      vmcore.map(0, vmcore.size()).close();
    }
    assertThatThrownBy(() -> Vmcore.open(file, OpenOptions.builder().ramMap(map).build()))
        .hasMessage(file + ": there is no file 1 of it, counted from 0");
    assertThatThrownBy(() -> Vmcore.open(lime, OpenOptions.builder().parts(List.of(file)).build()))
        .hasMessage(file + ": no part of " + lime + ": a LiME image has no parts");
  }

  @Test
  void programHeadersAreWhatTheImageExports() throws Exception {
    try (Vmcore vmcore = Vmcore.open(raw(ram(X86)), by("0-0x7fff@0"))) {
      assertThat(vmcore.segments())
          .extracting(ProgramHeader::typeName)
          .containsExactly("NOTE", "LOAD");
      assertThat(vmcore.verify()).noneMatch(each -> each.severity() != Severity.INFO);
    }
  }
}
