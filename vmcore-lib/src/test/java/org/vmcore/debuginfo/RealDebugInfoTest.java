package org.vmcore.debuginfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.ElfSections;
import org.vmcore.testing.RealDumps;

/** Kernels that really crashed. */
class RealDebugInfoTest {
  private static final String CASE = "x86-61-s/";

  @TempDir Path folder;

  private DebugFile made(String form, Path file, Purpose purpose) throws IOException {
    try (Vmcore vmcore = Vmcore.open(RealDumps.file(form))) {
      return DebugInfo.of(vmcore, Kernel.of(vmcore)).purpose(purpose).sync(false).write(file);
    }
  }

  /**
   * Symbols that the linker's map has and the file has otherwise; of several of a name the last.
   */
  private static Map<String, Long> wrong(Path map, ElfSections file) throws IOException {
    Map<String, Long> wrong = new TreeMap<>();
    try (Stream<String> lines = Files.lines(map)) {
      Map<String, Set<Long>> all =
          lines
              .map(line -> line.split(" "))
              .collect(
                  Collectors.groupingBy(
                      parts -> parts[2],
                      Collectors.mapping(
                          parts -> Long.parseUnsignedLong(parts[0], 16), Collectors.toSet())));
      file.symbols()
          .forEach(
              (name, symbol) -> {
                if (!name.isEmpty() && !all.get(name).contains(symbol.value())) {
                  wrong.put(name, symbol.value());
                }
              });
    }
    return wrong;
  }

  @Test
  void symbolsAreThoseOfTheLinker() throws IOException {
    Path file = folder.resolve("vmlinux");

    DebugFile made = made(CASE + "vmcore.elf", file, Purpose.CRASH_DRGN);

    ElfSections elf = ElfSections.of(file);
    assertThat(wrong(RealDumps.file(CASE + "System.map"), elf)).isEmpty();
    assertThat(made.symbols()).isGreaterThan(87_000);
    assertThat(made.types()).isGreaterThan(50_000);
    assertThat(made.bytes()).isLessThan(45_000_000);
    assertThat(made.missing().total()).isZero();
    assertThat(elf.section(".debug_info").size()).isGreaterThan(1 << 20);
  }

  /** What a dump leaves out isn't the kernel's image. */
  @ParameterizedTest
  @ValueSource(strings = {"elf-d31", "kd-zlib-d31", "kd-lzo-d31", "kd-zlib-d0", "flat-zlib-d31"})
  void theSameFileFromEachForm(String form) throws IOException {
    Path whole = folder.resolve("whole");
    Path other = folder.resolve("other");

    made(CASE + "vmcore.elf", whole, Purpose.CRASH_DRGN);
    made(CASE + "mdf/" + form, other, Purpose.CRASH_DRGN);

    assertThat(Files.mismatch(whole, other)).isEqualTo(-1);
  }

  @Test
  void framesForGdb() throws IOException {
    Path file = folder.resolve("vmlinux");

    made(CASE + "vmcore.elf", file, Purpose.GDB);

    assertThat(ElfSections.of(file).section(".debug_frame").bytes().length).isGreaterThan(1 << 21);
  }

  @Test
  void withoutText() throws IOException {
    Path file = folder.resolve("vmlinux");
    try (Vmcore vmcore = Vmcore.open(RealDumps.file(CASE + "vmcore.elf"))) {
      DebugInfo.of(vmcore, Kernel.of(vmcore)).withoutText().write(file);
    }

    assertThat(Files.size(file)).isLessThan(10_000_000);
  }
}
