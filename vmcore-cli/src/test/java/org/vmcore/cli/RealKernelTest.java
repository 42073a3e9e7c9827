package org.vmcore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.testing.RealDumps;

/**
 * Logs and symbols of kernels that really crashed, in the folder that the system property or the
 * variable {@code VMCORE_UNPACKED} names. The logs were read by vmcore-dmesg, the modules by drgn.
 */
class RealKernelTest {
  private static final int MODULE_NAME = 24; // of struct module, behind state and list

  private static final Set<String> ONE_ONLY =
      Set.of(
          "text_size",
          "phys_startup_64",
          "kexec_control_code_size",
          "PECOFF_FILE_ALIGNMENT",
          "kimage_limit");

  @TempDir Path folder;

  /** Runs a command on a dump in one of its forms. */
  private static Run run(String form, List<String> options, String... argument) {
    List<Object> line = new ArrayList<>(options);
    line.addAll(RealDumps.arguments(form));
    line.addAll(List.of(argument));
    return Run.of(line.toArray());
  }

  private static Path truth(String form, String name) {
    Path file = RealDumps.folder(form).resolve(name);
    Assumptions.assumeTrue(Files.exists(file), file + " isn't there");
    return file;
  }

  /** CRASHTIME is of whole seconds, and taken when the report is printed. */
  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void theCrashIsAtItsTime(String form) throws IOException {
    Map<String, Object> info = run(form, List.of("info", "--json")).json();
    Assumptions.assumeTrue(info.containsKey("crash_time"), form + " tells no CRASHTIME");
    List<String> panic =
        run(form, List.of("log", "-T")).lines().stream()
            .filter(line -> line.contains("Kernel panic") || line.contains("Oops"))
            .toList();
    Assumptions.assumeFalse(panic.isEmpty(), form + " has no panic in its log");

    long crash = Long.parseLong(info.get("crash_time").toString()) * 1_000_000;
    Instant time = Instant.parse(panic.getLast().substring(1, panic.getLast().indexOf(']')));
    assertThat(ChronoUnit.MICROS.between(Instant.EPOCH, time) - crash)
        .isBetween(-1_000_000L, 2_000_000L);
  }

  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void theLogIsThatOfVmcoreDmesg(String form) throws IOException {
    Path truth = truth(form, "truth/vmcore-dmesg.txt");

    assertThat(run(form, List.of("log")).ok().bytes()).isEqualTo(Files.readAllBytes(truth));
  }

  /** CRASHTIME is taken behind the panic's line, in whole seconds. */
  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void theTimeOfThePanicIsTheCrashTime(String form) {
    Map<String, Object> info = run(form, List.of("info", "--json")).json();
    Assumptions.assumeTrue(info.containsKey("crash_time"), "it didn't crash");
    Run log = run(form, List.of("log", "--json", "-T", "--level", "warn+"));
    assertThat(log.status()).isZero();

    String last = log.records("records").getLast().get("time").toString();
    assertThat(Instant.parse(last).getEpochSecond() - Long.parseLong("" + info.get("crash_time")))
        .isBetween(-1L, 2L);
  }

  /** What the first kernel said of itself before it crashed. */
  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void infoTellsOfTheKernel(String form) throws IOException {
    String version = Files.readString(truth(form, "first/proc_version")).strip();

    Map<String, Object> info = run(form, List.of("info", "--json")).json();

    String built = String.valueOf(info.get("version"));
    assertThat(version).startsWith("Linux version " + info.get("release") + " (").endsWith(built);
    assertThat(info.get("nodename")).isEqualTo("(none)");
    assertThat(info.get("machine")).isEqualTo(form.startsWith("arm") ? "aarch64" : "x86_64");
    if (!form.startsWith("qemu")) {
      assertThat(info.get("panic").toString())
          .isIn(
              "Kernel panic - not syncing: sysrq triggered crash",
              "BUG: unable to handle kernel NULL pointer dereference at 0000000000000000");
      assertThat(info).containsKey("crash_time");
    }
  }

  @Test
  void aLogInALostPartOfASplitSetIsLost() {
    Path part = RealDumps.file("x86-61-s/kd-snappy-d31.3");
    Run run = Run.of("log", part);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).matches("vmcore: \\Q" + part + "\\E: log: prb at 0x[0-9a-f]{16}: lost\n");
  }

  /** {@code ADDRESS NAME} of the kernel's System.map, where KASLR has put it. */
  private static Set<String> systemMap(Path kind) throws IOException {
    String meta = Files.readString(kind.resolve("meta.json"));
    String key = "\"kerneloffset\": ";
    Assumptions.assumeTrue(meta.contains(key), "KASLR's offset isn't known");
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

  /** What scripts/kallsyms.c and mksysmap leave out of one and not of the other. */
  private static boolean isInOneOnly(String symbol) {
    String name = symbol.substring(symbol.indexOf(' ') + 1);
    return name.matches("kallsyms_.*|init_per_cpu__.*|\\.L.*|xen_elfnote_.*|_kernel_.*|__pecoff_.*")
        || ONE_ONLY.contains(name);
  }

  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void symbolsAreThoseOfTheSystemMap(String form) throws IOException {
    Map<String, Set<String>> found = symbols(form);
    Set<String> kernel = found.getOrDefault("-", Set.of());
    kernel.removeIf(RealKernelTest::isInOneOnly);
    truth(form, "System.map");
    Set<String> map = systemMap(RealDumps.folder(form));

    assertThat(kernel).hasSizeGreaterThan(40_000);
    Set<String> unknown = new HashSet<>(kernel);
    unknown.removeAll(map);
    assertThat(unknown).isEmpty();
    if (hasData(form)) {
      map.removeIf(RealKernelTest::isInOneOnly);
      map.removeAll(kernel);
      assertThat(map).isEmpty();
    }
  }

  /** Whether its kernel has CONFIG_KALLSYMS_ALL: else it is said that data has no symbols. */
  private static boolean hasData(String form) {
    return !form.startsWith("arm-61") && !form.startsWith("arm-rproc");
  }

  /** {@code ADDRESS NAME} by module, {@code -} being the kernel. */
  private static Map<String, Set<String>> symbols(String form) {
    Map<String, Set<String>> all = new HashMap<>();
    Run every = run(form, List.of("symbol", "--no-header"), "*");
    if (hasData(form)) {
      every.ok();
    } else {
      assertThat(every.err()).containsOnlyOnce("\n").contains("CONFIG_KALLSYMS_ALL is off");
      assertThat(every.status()).isZero();
    }
    for (String line : every.lines()) {
      String[] words = line.split(" ", -1);
      all.computeIfAbsent(words[3], _ -> new HashSet<>()).add(words[0] + " " + words[2]);
    }
    return all;
  }

  /** drgn tells where each struct module is: there its name can be read. */
  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void modulesSymbolsLeadToTheirBytes(String form) throws IOException {
    Map<String, Set<String>> found = symbols(form);
    int modules = 0;
    for (String line : Files.readAllLines(truth(form, "truth/drgn.txt"))) {
      String[] words = line.split(" ", -1);
      if (!words[0].equals("module") || words.length != 3) {
        continue;
      }
      assertThat(found).containsKey(words[1]);
      boolean hasData = found.get(words[1]).contains(words[2] + " __this_module");
      assertThat(hasData || form.startsWith("arm")).as(line).isTrue();
      long name = Long.parseUnsignedLong(words[2].substring(2), 16) + MODULE_NAME;
      List<String> read =
          List.of("read", "--virt", "0x" + Long.toHexString(name), "--length", "56");
      assertThat(run(form, with(read, "--format", "raw")).ok().out()).startsWith(words[1] + "\0");
      modules++;
    }
    assertThat(modules).isPositive();
  }

  private static List<String> with(List<String> options, String... more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return all;
  }

  /** What {@code EXPORT_SYMBOL} names {@code __kstrtab_NAME} is that name's bytes. */
  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void namesOfExportedSymbolsAreTheirBytes(String form) throws IOException {
    truth(form, "first/proc_modules");
    int names = 0;
    for (String line : run(form, List.of("symbol", "--no-header"), "__kstrtab_*").lines()) {
      String[] words = line.split(" ", -1);
      if (!words[3].equals("-")) {
        byte[] name = words[2].substring("__kstrtab_".length()).concat("\0").getBytes(UTF_8);
        List<String> read =
            List.of("read", "--format", "raw", "--length", "" + name.length, "--virt", words[0]);
        assertThat(run(form, read).ok().bytes()).as(line).isEqualTo(name);
        names++;
      }
    }
    assertThat(names > 50 || !form.matches("(x86|qemu)-61[-/].*|frac4.*")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void addressesInModulesAreTheirs(String form) throws IOException {
    for (String line : Files.readAllLines(truth(form, "first/proc_modules"))) {
      String[] words = line.split(" ", -1);
      long address = Long.parseUnsignedLong(words[5].substring(2), 16) + 0x10;

      assertThat(
              run(form, List.of("symbol", "--no-header"), "0x" + Long.toHexString(address))
                  .ok()
                  .lines())
          .singleElement()
          .asString()
          .endsWith(" " + words[0]);
    }
  }

  @Test
  void aDumpWithoutVmcoreinfosNoteHasItInMemory() throws IOException {
    Path dump = folder.resolve("vmcore");
    Files.copy(RealDumps.file("qemu-61/elf"), dump);
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
