package org.vmcore.format.raw;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamMap;
import org.vmcore.testing.DumpBuilder;

/** RAM in files, raw and in LiME's format, and what comes of it. */
abstract class RamFiles {
  static final int SIZE = 0x8000;
  static final String[] X86 = {"OSRELEASE=6.1.0-x", "PAGESIZE=4096", "NUMBER(phys_base)=0"};

  @TempDir Path dir;

  /** RAM from address 0 on, with a VMCOREINFO note at 0x3000. */
  static byte[] ram(String... lines) {
    byte[] ram = DumpBuilder.pattern(0, SIZE);
    if (lines.length > 0) {
      put(ram, 0x3000, lines);
    }
    return ram;
  }

  static void put(byte[] ram, int at, String... lines) {
    byte[] note = DumpBuilder.elf64().ramImage().noteArea(0x1024).at(0).vmcoreinfo(lines).build();
    System.arraycopy(note, 0, ram, at, Math.min(note.length, 0x1000));
  }

  Path raw(byte[] bytes) throws IOException {
    return Files.write(dir.resolve("raw"), bytes);
  }

  /** A LiME image of {@code ram}: ranges {from, to}, both included. */
  Path lime(byte[] ram, long[]... ranges) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long[] range : ranges) {
      out.write(header(1, range[0], range[1]));
      out.write(Arrays.copyOfRange(ram, (int) range[0], (int) range[1] + 1));
    }
    return Files.write(dir.resolve("lime"), out.toByteArray());
  }

  static byte[] header(int version, long from, long to) {
    ByteBuffer header = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    return header.putInt(0x4c69_4d45).putInt(version).putLong(from).putLong(to).array();
  }

  static OpenOptions by(String map) {
    return OpenOptions.builder().ramMap(RamMap.parse(map)).build();
  }

  static List<String> segments(Vmcore vmcore) {
    return vmcore.crashHeaders().programHeaders().stream()
        .map(
            p ->
                "%s %d %x %x %x %x %x"
                    .formatted(
                        p.typeName(),
                        p.flags(),
                        p.offset(),
                        p.vaddr(),
                        p.paddr(),
                        p.filesz(),
                        p.memsz()))
        .toList();
  }

  static List<String> messages(Vmcore vmcore, Severity severity) {
    return vmcore.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .map(f -> (f.offset().isPresent() ? f.offset().getAsLong() + " " : "") + f.message())
        .toList();
  }

  Path cut(Path file, int size) throws IOException {
    return Files.write(file, Arrays.copyOf(Files.readAllBytes(file), size));
  }
}
