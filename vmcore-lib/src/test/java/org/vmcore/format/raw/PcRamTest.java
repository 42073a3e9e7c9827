package org.vmcore.format.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.arch.Machine;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.open.RamMap;

class PcRamTest {
  private static final long GIB = 1L << 30;
  private static final String WHOLE = "0-0xffffffff@0";
  private static final String PC = "0-0xbfffffff@0,0x100000000-0x13fffffff@0xc0000000";
  private static final String Q35 = "0-0x7fffffff@0,0x100000000-0x17fffffff@0x80000000";

  @TempDir Path folder;

  /** init_uts_ns is at 0x1000 from where the kernel's image begins, at {@code paddr}. */
  private static Optional<VmcoreInfo> info(long paddr) {
    return Optional.of(
        VmcoreInfo.parse(
            "OSRELEASE=6.1.0-test\nSYMBOL(init_uts_ns)=ffffffff81001000\nNUMBER(phys_base)="
                + (paddr - 0x100_0000)
                + "\nNUMBER(pgtable_l5_enabled)=0\n"));
  }

  /** A sparse file of 4 GiB with a kernel's names at {@code offset}. */
  private Path ram(long offset) throws IOException {
    Path path = folder.resolve("ram");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(4 * GIB);
      byte[] names = new byte[6 * 65];
      put(names, 0, "Linux");
      put(names, 65, "node");
      put(names, 130, "6.1.0-test");
      file.seek(offset);
      file.write(names);
    }
    return path;
  }

  private static void put(byte[] names, int at, String text) {
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, names, at, text.length());
  }

  private static List<String> check(Path ram, String map, int machine, Optional<VmcoreInfo> info)
      throws IOException {
    List<Finding> findings = new ArrayList<>();
    try (ByteSource file = ByteSource.open(ram)) {
      PcRam.check(file, RamMap.parse(map), machine, info, findings);
    }
    return findings.stream().map(Finding::message).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "0xc1001000, 0x101000000, " + "0-0xbfffffff@0;0x100000000-0x13fffffff@0xc0000000",
    "0x81001000, 0x101000000, " + "0-0x7fffffff@0;0x100000000-0x17fffffff@0x80000000",
    "0xe1001000, 0x101000000, " + "0-0xdfffffff@0;0x100000000-0x11fffffff@0xe0000000"
  })
  void theHoleThatPutsTheKernelInItsPlaceIsTold(long offset, long paddr, String map)
      throws Exception {
    assertThat(check(ram(offset), WHOLE, Machine.X86_64, info(paddr)))
        .singleElement()
        .asString()
        .startsWith(
            "the RAM map can't be right: the kernel isn't where VMCOREINFO has it, at 0x101001000.")
        .contains("--ram-map " + map.replace(';', ',') + " (");
  }

  @Test
  void aHoleAtAnotherPlaceIsToldToo() throws Exception {
    assertThat(check(ram(0xc100_1000L), Q35, Machine.X86_64, info(0x1_0100_0000L)))
        .singleElement()
        .asString()
        .contains("--ram-map " + PC);
  }

  @Test
  void whereTheKernelIsInItsPlaceNothingIsTold() throws Exception {
    assertThat(check(ram(0xc100_1000L), PC, Machine.X86_64, info(0x1_0100_0000L))).isEmpty();
    assertThat(check(ram(0x100_1000), WHOLE, Machine.X86_64, info(0x100_0000))).isEmpty();
    assertThat(check(ram(0x100_1000), WHOLE, Machine.X86_64, Optional.empty())).isEmpty();
  }

  @Test
  void ramWhereDevicesAreIsTold() throws Exception {
    Path ram = ram(0x100_1000);
    try (RandomAccessFile file = new RandomAccessFile(ram.toFile(), "rw")) {
      for (long at = 0xe000_0000L; at < 4 * GIB; at += 2 << 20) {
        file.seek(at);
        file.write(1);
      }
    }
    assertThat(check(ram, WHOLE, Machine.X86_64, info(0x100_0000)))
        .singleElement()
        .asString()
        .startsWith("the RAM map has RAM from 0xe0000000 to 0xffffffff, where a PC has devices.")
        .contains(PC + " (QEMU's pc, VMware) or " + Q35);
  }

  @Test
  void otherMachinesHaveNoSuchHole() throws Exception {
    assertThat(check(ram(0xc100_1000L), WHOLE, Machine.ARM64, info(0x1_0100_0000L))).isEmpty();
  }

  @Test
  void whatFitsNoPcIsLeftToOthers() throws Exception {
    assertThat(check(ram(0x5000), PC, Machine.X86_64, info(0x1_0100_0000L))).isEmpty();
  }
}
