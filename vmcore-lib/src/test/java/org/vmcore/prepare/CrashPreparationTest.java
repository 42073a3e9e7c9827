package org.vmcore.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Arm64;
import org.vmcore.arch.DirectMap;
import org.vmcore.arch.Ppc64;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.arch.Riscv64;
import org.vmcore.arch.X86_64;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.prepare.CrashPreparation.Backup;
import org.vmcore.prepare.CrashPreparation.KernelText;
import org.vmcore.search.ElfcorehdrParser;
import org.vmcore.search.Headers;
import org.vmcore.testing.CountingMemory;

/** The headers of real kernels, from what their first kernel told. */
class CrashPreparationTest {
  private static final AddressRange RAM = AddressRange.inclusive(0x100000, 0xffd6fff);
  private static final DirectMap MAP = DirectMap.at(0xffff_8880_0000_0000L);

  private static CrashPreparation prepare(
      String dump, PreparedArchitecture architecture, CrashMemory memory, DirectMap map)
      throws Exception {
    List<AddressRange> notes = CrashNotes.parse(dump, Headers.resource(dump + ".crash_notes"));
    return CrashPreparation.of(architecture, memory, map).withCpuNotes(notes);
  }

  private static CrashMemory ram(String dump) throws Exception {
    return CrashMemory.of(Iomem.parse(dump, Headers.resource(dump + ".proc_iomem")));
  }

  private static void assertKernels(String dump, CrashPreparation prepared) throws Exception {
    assertThat(Headers.lines(prepared.headers()))
        .isEqualTo(Headers.expected(Headers.resource(dump + ".elfcorehdr")));
    CountingMemory written = CountingMemory.of(prepared.bytes());
    assertThat(ElfcorehdrParser.parse(written, dump, 0)).isEqualTo(prepared.headers());
  }

  @Test
  void fileLoadedOnX86LeavesOutTheFirstMib() throws Exception {
    String dump = "x86-61-s";
    CrashMemory memory = ram(dump).exclude(CrashMemory.FIRST_MIB);
    DirectMap map = DirectMap.at(0xffff_8d07_c000_0000L);
    assertKernels(
        dump,
        prepare(dump, X86_64.INSTANCE, memory, map)
            .withVmcoreInfo(AddressRange.ofSize(0x79a8000, 0x1024))
            .withText(
                new KernelText(0xffff_ffff_8620_0000L, AddressRange.ofSize(0x7c00000, 0x2830000))));
  }

  @Test
  void classicOnX86KeepsTheLowRamAndBacksItUp() throws Exception {
    String dump = "frac4-c";
    assertKernels(
        dump,
        prepare(dump, X86_64.INSTANCE, ram(dump), MAP)
            .withVmcoreInfo(AddressRange.ofSize(0x45a8000, 0x1024))
            .withText(
                new KernelText(0xffff_ffff_8100_0000L, AddressRange.ofSize(0x1000000, 0x2830000)))
            .withBackup(new Backup(AddressRange.inclusive(0x1000, 0x9fbff), 0xbf61000)));
  }

  @Test
  void classicOnArm64() throws Exception {
    String dump = "arm-61-c";
    VmcoreInfo info =
        VmcoreInfo.parse("NUMBER(VA_BITS)=48\nNUMBER(PHYS_OFFSET)=0xffffaefc40000000\n");
    DirectMap map = Arm64.INSTANCE.directMap(info).orElseThrow();
    assertKernels(
        dump,
        prepare(dump, Arm64.INSTANCE, ram(dump), map)
            .withVmcoreInfo(AddressRange.ofSize(0x422c4000, 0x1024))
            .withText(
                new KernelText(
                    0xffff_c5cb_5b60_0000L, AddressRange.ofSize(0x40200000, 0x1ab0000))));
  }

  @Test
  void riscv64IsMappedFromItsRamOn() throws Exception {
    VmcoreInfo info =
        VmcoreInfo.parse(
            "NUMBER(PAGE_OFFSET)=0xffffffd600000000\nNUMBER(phys_ram_base)=0x80000000");
    DirectMap map = Riscv64.INSTANCE.directMap(info).orElseThrow();
    CrashMemory memory = new CrashMemory(List.of(AddressRange.ofSize(0x8006_0000L, 0x1000)));
    assertThat(Headers.lines(CrashPreparation.of(Riscv64.INSTANCE, memory, map).headers()))
        .containsExactly(
            "e_type=4 e_machine=243 e_phoff=64 e_phnum=1 e_shnum=0",
            "0 LOAD fl=7 off=0x80060000 vaddr=0xffffffd600060000 paddr=0x80060000 filesz=0x1000"
                + " memsz=0x1000 align=0x0");
  }

  @Test
  void bigEndianHeadersOfPpc64() throws Exception {
    AddressRange low = Ppc64.INSTANCE.backedUp().orElseThrow();
    CrashPreparation prepared =
        CrashPreparation.of(
                Ppc64.INSTANCE,
                new CrashMemory(List.of(AddressRange.ofSize(0, 1 << 20))).split(low),
                Ppc64.INSTANCE.directMap(VmcoreInfo.parse("")).orElseThrow())
            .withBackup(new Backup(low, 0x1287f000))
            .withOrder(ByteOrder.BIG_ENDIAN);
    assertThat(Headers.lines(prepared.headers()))
        .containsExactly(
            "e_type=4 e_machine=21 e_phoff=64 e_phnum=2 e_shnum=0",
            "0 LOAD fl=7 off=0x1287f000 vaddr=0xc000000000000000 paddr=0x0 filesz=0x10000"
                + " memsz=0x10000 align=0x0",
            "1 LOAD fl=7 off=0x10000 vaddr=0xc000000000010000 paddr=0x10000 filesz=0xf0000"
                + " memsz=0xf0000 align=0x0");
    byte[] bytes = prepared.bytes();
    assertThat(Arrays.copyOfRange(bytes, 0, 20))
        .startsWith(0x7f, 'E', 'L', 'F', 2, 2, 1)
        .endsWith(0, 4, 0, 21);
    assertThat(ElfcorehdrParser.parse(CountingMemory.of(bytes), "ppc64", 0))
        .isEqualTo(prepared.headers());
  }

  @Test
  void ramAloneIsEnough() throws Exception {
    CrashPreparation prepared =
        CrashPreparation.of(Arm64.INSTANCE, new CrashMemory(List.of(RAM)), MAP);
    assertThat(Headers.lines(prepared.headers()))
        .containsExactly(
            "e_type=4 e_machine=183 e_phoff=64 e_phnum=1 e_shnum=0",
            "0 LOAD fl=7 off=0x100000 vaddr=0xffff888000100000 paddr=0x100000 filesz=0xfed7000"
                + " memsz=0xfed7000 align=0x0");
    byte[] bytes = prepared.bytes();
    assertThat(bytes).hasSize(4096);
    assertThat(Arrays.copyOfRange(bytes, 120, 4096)).containsOnly(0);
  }

  @Test
  void roomIsMadeForVmcoreInfoAndTextEvenWhenTheyAreMissing() throws Exception {
    // 64 + 72 * 56 = 4096: the 71st range needs another page.
    assertThat(ranges(70).bytes()).hasSize(4096);
    assertThat(ranges(71).bytes()).hasSize(8192);
  }

  @Test
  void whatCannotBeWrittenIsRefused() throws Exception {
    assertThat(ranges(65_534).headers().header().phnum()).isEqualTo(65_534);
    assertThatThrownBy(() -> ranges(65_535).bytes())
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("65535 program headers");
    assertThatThrownBy(() -> ranges(0).bytes())
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("no System RAM");
  }

  @Test
  void aDirectMapThatVmcoreInfoDoesNotTellIsNone() {
    assertThat(Arm64.INSTANCE.directMap(VmcoreInfo.parse("NUMBER(VA_BITS)=48\n"))).isEmpty();
    assertThat(Arm64.INSTANCE.directMap(VmcoreInfo.parse("NUMBER(PHYS_OFFSET)=0x40000000\n")))
        .isEmpty();
    VmcoreInfo nonsense = VmcoreInfo.parse("NUMBER(VA_BITS)=99\nNUMBER(PHYS_OFFSET)=0x0\n");
    assertThat(Arm64.INSTANCE.directMap(nonsense)).isEmpty();
  }

  @Test
  void architecturesByTheKernelsNames() {
    assertThat(Architectures.prepared("arm64")).contains(Arm64.INSTANCE);
    assertThat(Architectures.prepared("x86_64")).contains(X86_64.INSTANCE);
    assertThat(Architectures.prepared("riscv64")).contains(Riscv64.INSTANCE);
    assertThat(Architectures.prepared("ppc64")).contains(Ppc64.INSTANCE);
    assertThat(Architectures.prepared("s390x")).isEmpty();
  }

  private static CrashPreparation ranges(int count) {
    List<AddressRange> ranges =
        LongStream.range(0, count).mapToObj(i -> AddressRange.ofSize(i << 13, 4096)).toList();
    return CrashPreparation.of(X86_64.INSTANCE, new CrashMemory(ranges), MAP);
  }
}
