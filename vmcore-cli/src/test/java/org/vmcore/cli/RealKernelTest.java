package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Logs and symbols of kernels that really crashed, in the folder that the system property or the
 * variable {@code VMCORE_UNPACKED} names. The logs were read by vmcore-dmesg, the modules by drgn.
 */
class RealKernelTest {
  @TempDir Path folder;

  private static Path dump(String name) {
    String folder =
        System.getProperty("VMCORE_UNPACKED", System.getenv().getOrDefault("VMCORE_UNPACKED", ""));
    Assumptions.assumeFalse(folder.isEmpty(), "VMCORE_UNPACKED isn't set");
    Path dump = Path.of(folder, name);
    Assumptions.assumeTrue(Files.exists(dump), dump + " isn't there");
    return dump;
  }

  /** The folder of the case that {@code file} is of. */
  private static Path kind(String file) {
    return dump(file.substring(0, file.indexOf('/')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x86-61-s/vmcore.elf",
        "x86-61-s/mdf/elf-d31",
        "x86-61-cs/vmcore.elf",
        "x86-61-cs/mdf/elf-d31",
        "frac4-c/vmcore.elf",
        "frac4-c/mdf/elf-d31",
        "arm-61-c/vmcore.elf",
        "arm-rproc/vmcore.elf",
      })
  void theLogIsThatOfVmcoreDmesg(String file) throws IOException {
    Run run = Run.of("log", dump(file)).ok();

    assertThat(run.bytes())
        .isEqualTo(Files.readAllBytes(kind(file).resolve("truth/vmcore-dmesg.txt")));
    assertThat(Run.of("info", "--json", dump(file)).json())
        .containsEntry("panic", "Kernel panic - not syncing: sysrq triggered crash");
  }

  /** {@code ADDRESS NAME} of the kernel's System.map, where KASLR has put it. */
  private static Set<String> systemMap(Path kind) throws IOException {
    String meta = Files.readString(kind.resolve("meta.json"));
    String key = "\"kerneloffset\": ";
    int at = meta.indexOf(key) + key.length();
    long moved = Long.parseLong(meta.substring(at, meta.indexOf(',', at)));
    Set<String> all = new HashSet<>();
    for (String line : Files.readAllLines(kind.resolve("System.map"))) {
      String[] words = line.split(" ", -1);
      long address = Long.parseUnsignedLong(words[0], 16);
      all.add("0x" + Long.toHexString(address < 0 ? address + moved : address) + " " + words[2]);
    }
    return all;
  }

  /** What scripts/kallsyms.c leaves out. */
  private static boolean isIgnored(String symbol) {
    String name = symbol.substring(symbol.indexOf(' ') + 1);
    return name.startsWith("kallsyms_") || name.startsWith("init_per_cpu__");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x86-61-s/vmcore.elf",
        "x86-61-s/mdf/elf-d31",
        "x86-61-cs/vmcore.elf",
        "frac4-c/vmcore.elf",
        "arm-61-c/vmcore.elf",
        "arm-rproc/vmcore.elf",
      })
  void symbolsAreThoseOfTheSystemMap(String file) throws IOException {
    Map<String, Set<String>> found = symbols(dump(file));
    Set<String> kernel = found.getOrDefault("-", Set.of());
    Set<String> map = systemMap(kind(file));

    assertThat(kernel).hasSizeGreaterThan(40_000);
    Set<String> unknown = new HashSet<>(kernel);
    unknown.removeAll(map);
    assertThat(unknown).isEmpty();
    if (!file.startsWith("arm")) { // these were built without CONFIG_KALLSYMS_ALL
      map.removeIf(RealKernelTest::isIgnored);
      map.removeAll(kernel);
      assertThat(map).hasSizeLessThanOrEqualTo(3);
    }
    for (String line : Files.readAllLines(kind(file).resolve("truth/drgn.txt"))) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("module") && words.length == 3) {
        assertThat(found).containsKey(words[1]);
        assertThat(
                file.startsWith("arm") || found.get(words[1]).contains(words[2] + " __this_module"))
            .as(line)
            .isTrue();
      }
    }
  }

  /** {@code ADDRESS NAME} by module, {@code -} being the kernel. */
  private static Map<String, Set<String>> symbols(Path dump) {
    Map<String, Set<String>> all = new HashMap<>();
    for (String line : Run.of("symbol", "--no-header", dump, "*").ok().lines()) {
      String[] words = line.split(" ", -1);
      all.computeIfAbsent(words[3], module -> new HashSet<>()).add(words[0] + " " + words[2]);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-61-s", "arm-61-c"})
  void anAddressInAModuleIsItsOwn(String kind) throws IOException {
    Path dump = dump(kind + "/vmcore.elf");
    for (String line : Files.readAllLines(dump(kind).resolve("first/proc_modules"))) {
      String[] words = line.split(" ", -1);
      long address = Long.parseUnsignedLong(words[5].substring(2), 16) + 0x10;

      assertThat(Run.of("symbol", "--no-header", dump, "0x" + Long.toHexString(address)).lines())
          .singleElement()
          .asString()
          .endsWith(" " + words[0]);
    }
  }

  @Test
  void aDumpWithoutVmcoreinfosNoteHasItInMemory() throws IOException {
    Path dump = folder.resolve("vmcore");
    Files.copy(dump("qemu-61/elf"), dump);
    try (RandomAccessFile file = new RandomAccessFile(dump.toFile(), "rw")) {
      byte[] start = new byte[1 << 14];
      file.readFully(start);
      int at = new String(start, StandardCharsets.ISO_8859_1).indexOf("VMCOREINFO\0");
      assertThat(at).isPositive();
      file.seek(at);
      file.write('X');
    }

    assertThat(Run.of("info", "--json", dump).ok().json())
        .containsKey("vmcoreinfo_found_at")
        .containsEntry("symbols", 87347L);
    List<String> log = Run.of("log", dump).ok().out().lines().toList();
    assertThat(log.getLast()).endsWith("VMCORE-FACTORY-MARKER-qemudump");
    assertThat(Run.of("symbol", "--no-header", dump, "virtio_dev_match").ok().lines())
        .singleElement()
        .asString()
        .endsWith(" t virtio_dev_match virtio");
  }
}
