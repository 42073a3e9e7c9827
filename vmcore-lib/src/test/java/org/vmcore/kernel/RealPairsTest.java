package org.vmcore.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.Vmcore;
import org.vmcore.convert.Conversion;
import org.vmcore.convert.ConversionOptions;
import org.vmcore.convert.OutputFormat;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.PageState;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.mmu.Translation;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamMap;
import org.vmcore.testing.RealDumps;

/**
 * Pairs of virtual and physical addresses that were taken in running kernels, truth/fxpa.txt: each
 * comes out of the dump's page tables, whatever the dump's form.
 */
class RealPairsTest {
  private static final String USER = "user";

  private record Pair(String kind, long virtual, long physical) {
    static Pair of(String line) {
      String[] words = line.split(" ", -1);
      return new Pair(
          words[0], Long.parseUnsignedLong(words[1], 16), Long.parseUnsignedLong(words[2], 16));
    }

    boolean isUser() {
      return kind.equals(USER);
    }
  }

  private static List<Pair> pairs(String form) throws IOException {
    Path truth = RealDumps.folder(form).resolve("truth/fxpa.txt");
    Assumptions.assumeTrue(Files.exists(truth), "no pairs were taken");
    List<Pair> pairs = new ArrayList<>();
    for (String line : Files.readAllLines(truth)) {
      if (!line.startsWith("#")) {
        pairs.add(Pair.of(line));
      }
    }
    assertThat(pairs).hasSizeGreaterThan(500);
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#elfForms")
  void inADump(String form, @TempDir Path folder) throws Exception {
    List<Pair> pairs = pairs(form);
    Path kdump = folder.resolve("kdump");
    try (Vmcore vmcore = RealDumps.open(form)) {
      check(vmcore, pairs, false);
      ConversionOptions options =
          ConversionOptions.builder().format(OutputFormat.KDUMP).sync(false).build();
      Conversion.of(vmcore, options).write(List.of(kdump));
    }
    try (Vmcore vmcore = Vmcore.open(kdump)) {
      check(vmcore, pairs, false);
    }
  }

  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#elfForms")
  void inRawMemory(String form) throws Exception {
    List<Pair> pairs = pairs(form);
    Path ram = RealDumps.folder(form).resolve("oldmem.raw");
    Assumptions.assumeTrue(Files.exists(ram), "no RAM");
    long base = number(RealDumps.folder(form), "ram_base");
    RamMap map = new RamMap(List.of(new RamMap.Range(base, base + Files.size(ram), 0)));
    try (Vmcore vmcore = Vmcore.open(ram, OpenOptions.builder().ramMap(map).build())) {
      check(vmcore, pairs, true);
    }
  }

  private static long number(Path folder, String key) throws IOException {
    Matcher found =
        Pattern.compile('"' + key + "\": (\\d+)")
            .matcher(Files.readString(folder.resolve("meta.json")));
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  /**
   * Each pair is right.
   *
   * @param isWhole whether the dump has all of memory, so that no table may be missing
   */
  private static void check(Vmcore vmcore, List<Pair> pairs, boolean isWhole) throws Exception {
    Kernel kernel = Kernel.of(vmcore);
    KernelMemory memory = kernel.memory();
    AddressSpace space = memory.tables().orElseThrow();
    int wanted = 0;
    int found = 0;
    for (Pair pair : pairs) {
      if (!pair.isUser()) {
        boolean isRight = check(vmcore, space, pair, isWhole);
        found += isRight || memory.physical(pair.virtual).isPresent() ? 1 : 0;
        wanted += pair.kind.equals("module") && (!isWhole || space.isCleared()) ? 0 : 1;
        assertThat(memory.physical(pair.virtual).orElse(pair.physical)).isEqualTo(pair.physical);
      }
    }
    assertThat(found).isGreaterThanOrEqualTo(wanted);
    checkUser(kernel, vmcore, pairs.stream().filter(Pair::isUser).toList(), isWhole);
  }

  /** Whether the tables have the pair; else one of them isn't in the dump, or was cleared. */
  private static boolean check(Vmcore vmcore, AddressSpace space, Pair pair, boolean isWhole)
      throws Exception {
    OptionalLong physical = space.physical(pair.virtual);
    if (physical.isEmpty() && space.isCleared()) {
      return false;
    }
    if (physical.isEmpty() && !isWhole) {
      Translation walk = space.translate(pair.virtual);
      assertThat(walk.state()).as(walk.reason()).isEqualTo(PageState.LOST);
      assertThat(walk.reason()).contains("is outside of RAM");
      return false;
    }
    assertThat(physical).as("%s %x in %s", pair.kind, pair.virtual, vmcore).hasValue(pair.physical);
    return true;
  }

  /** There is one task whose tables have all of them. */
  private static void checkUser(Kernel kernel, Vmcore vmcore, List<Pair> pairs, boolean isWhole)
      throws Exception {
    if (pairs.isEmpty()) {
      return;
    }
    for (Task task : kernel.tasks().all()) {
      Optional<AddressSpace> space = tables(kernel, task);
      boolean isTheirs =
          space.isPresent()
              && space.get().physical(pairs.getFirst().virtual).orElse(-1)
                  == pairs.getFirst().physical;
      if (isTheirs) {
        for (Pair pair : pairs) {
          check(vmcore, space.get(), pair, isWhole);
        }
        return;
      }
    }
    assertThat(isWhole && !kernel.memory().tables().orElseThrow().isCleared())
        .as("no task's tables have them")
        .isFalse();
  }

  private static Optional<AddressSpace> tables(Kernel kernel, Task task) throws Exception {
    if (task.mm() == 0) {
      return Optional.empty();
    }
    try {
      long pgd = kernel.objects().at(task.mm(), "mm_struct").number("pgd");
      OptionalLong physical = kernel.memory().physical(pgd);
      return physical.isEmpty()
          ? Optional.empty()
          : Optional.of(kernel.memory().tables(physical.getAsLong(), 0));
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }
}
