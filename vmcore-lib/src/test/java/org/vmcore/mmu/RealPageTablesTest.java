package org.vmcore.mmu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.testing.Reading;
import org.vmcore.testing.RealDumps;

/**
 * The page tables of kernels that really crashed, in the folder that the system property or the
 * variable {@code VMCORE_UNPACKED} names.
 */
class RealPageTablesTest {
  private static final int ADDRESSES = 10_000;

  /** The PT_LOADs of the kernel's half; QEMU writes the user's with its upper bits set. */
  private static List<ProgramHeader> loads(Vmcore vmcore, AddressSpace space) {
    return vmcore.segments().stream()
        .filter(each -> each.isLoad() && vmcore.isVirtualKnown(each))
        .filter(each -> each.vaddr() < 0 && space.paging().kernelReach().contains(each.vaddr()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void tablesLeadWhereTheLoadsSay(String form) throws Exception {
    Unmapped unmapped = new Unmapped(form);
    try (Vmcore vmcore = RealDumps.open(form);
        Vmcore elf = Vmcore.open(RealDumps.elf(form))) {
      AddressSpace space = AddressSpace.ofKernel(vmcore);
      if (vmcore.vmcoreInfo().isPresent()) {
        assertThat(space.origin()).isEqualTo("VMCOREINFO");
      }
      List<ProgramHeader> loads = loads(elf, space);
      Random random = new Random(1);
      int mapped = 0;
      int readable = 0;
      while (mapped < ADDRESSES) {
        ProgramHeader load = loads.get(random.nextInt(loads.size()));
        long address = load.vaddr() + random.nextLong(load.memsz());
        long paddr = address - load.vaddr() + load.paddr();
        OptionalLong physical = space.physical(address);
        if (physical.isEmpty()) {
          assertThat(unmapped.isExpected(address, paddr)).as("%x isn't mapped", address).isTrue();
          continue;
        }
        assertThat(physical).as("%x", address).hasValue(paddr);
        byte[] wanted = Reading.bytes(vmcore.physical(), paddr, toPageEnd(address));
        assertThat(Reading.bytes(space, address, toPageEnd(address))).isEqualTo(wanted);
        byte[] whole = Reading.bytes(elf.physical(), paddr, toPageEnd(address));
        assertThat(wanted).isIn(whole, new byte[0]);
        readable += wanted.length > 0 ? 1 : 0;
        mapped++;
      }
      assertThat(readable).isGreaterThan(ADDRESSES / 10);
    }
  }

  private static long toPageEnd(long address) {
    return Math.min(64, 4096 - (address & 4095));
  }

  /**
   * What a PT_LOAD covers and the kernel doesn't map: what it freed of its image, parts of pages.
   */
  private static final class Unmapped {
    private static final long FIRST_FRACTION = 0xffff_8880_0c00_3000L;
    private static final long LAST_FRACTION = 0xffff_8880_0c00_cfffL;

    private final Map<String, Long> symbols = new HashMap<>();
    private final boolean isFractional;

    /** What to add to a physical address in the kernel's image to get the virtual one. */
    private long image;

    Unmapped(String form) throws Exception {
      Path folder = RealDumps.folder(form);
      isFractional = folder.getFileName().toString().startsWith("frac4");
      if (!Files.exists(folder.resolve("System.map"))) {
        return;
      }
      for (String line : Files.readAllLines(folder.resolve("System.map"))) {
        String[] words = line.split(" ", 3);
        symbols.putIfAbsent(words[2], Long.parseUnsignedLong(words[0], 16));
      }
      try (Vmcore vmcore = Vmcore.open(RealDumps.elf(form))) {
        Optional<VmcoreInfo> info = vmcore.vmcoreInfo();
        if (info.isEmpty()) {
          symbols.clear();
          return;
        }
        long slide = info.get().symbol("_stext").orElseThrow() - symbols.get("_stext");
        symbols.replaceAll((_, address) -> address + slide);
        long text = symbols.get("_stext");
        image = text - AddressSpace.ofKernel(vmcore).physical(text).orElseThrow();
      }
    }

    boolean isExpected(long address, long paddr) {
      return (isFractional && address >= FIRST_FRACTION && address <= LAST_FRACTION)
          || isBetween(address, "_text", "_stext")
          || isBetween(address, "__init_begin", "__init_end")
          || isBetween(paddr + image, "_text", "_end"); // arm64 unmaps its image's alias
    }

    private boolean isBetween(long address, String from, String to) {
      return symbols.containsKey(from) && address >= symbols.get(from) && address < symbols.get(to);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x86-61-s/vmcore.elf, search",
    "frac4-c/mdf/elf-d31, search",
    "arm-61-c/vmcore.elf, search",
    "arm-rproc/vmcore.elf, search",
    "qemu-61/elf-paging, CR3",
    "qemu-61/elf, CR3"
  })
  void rootIsFoundWithoutVmcoreInfo(String name, String origin) throws Exception {
    try (Vmcore vmcore = RealDumps.open(name)) {
      PagingHints hints = PagingHints.of(vmcore);
      AddressSpace told = AddressSpace.ofKernel(vmcore);
      AddressSpace found = AddressSpace.ofKernel(hints.withInfo(Optional.empty()));
      assertThat(found.origin()).isEqualTo(origin);
      assertThat(found.paging()).hasToString(told.paging().toString());
      if (origin.equals("search")) {
        assertThat(found.root()).isEqualTo(told.root());
      }
      long text = hints.info().orElseThrow().symbol("_stext").orElseThrow();
      for (long at = 0; at < 4 << 20; at += 4093) {
        assertThat(found.physical(text + at)).isEqualTo(told.physical(text + at));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-61-cs/vmcore.elf", "arm-61-c/vmcore.elf"})
  void wrongVmcoreInfoIsNotBelieved(String name) throws Exception {
    try (Vmcore vmcore = RealDumps.open(name)) {
      PagingHints hints = PagingHints.of(vmcore);
      String wrong =
          hints
              .info()
              .orElseThrow()
              .text()
              .replaceAll("(phys_base|kimage_voffset)\\)=.*", "$1)=4096")
              .replaceAll("pgtable_l5_enabled\\)=0", "pgtable_l5_enabled)=1")
              .replaceAll("VA_BITS\\)=48", "VA_BITS)=39");
      AddressSpace found =
          AddressSpace.ofKernel(hints.withInfo(Optional.of(VmcoreInfo.parse(wrong))));
      assertThat(found.origin()).isEqualTo("p_vaddr");
      assertThat(found.root()).isEqualTo(AddressSpace.ofKernel(vmcore).root());
    }
  }

  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#forms")
  void buffersInVmallocAndTheDirectMapAreWhatTheModuleFilledThemWith(String form) throws Exception {
    Path truth = RealDumps.folder(form).resolve("truth");
    Assumptions.assumeTrue(Files.exists(truth.resolve("fxcs.txt")), "no such module");
    try (Vmcore vmcore = RealDumps.open(form)) {
      AddressSpace space = AddressSpace.ofKernel(vmcore);
      Matcher node =
          Pattern.compile("node (\\d) .* buf=0x(\\w+) size=(\\d+)")
              .matcher(Files.readString(truth.resolve("fxcs.txt")));
      int nodes = 0;
      while (node.find()) {
        long address = Long.parseUnsignedLong(node.group(2), 16);
        byte[] buffer = Reading.bytes(space, address, Integer.parseInt(node.group(3)));
        assertThat(buffer)
            .isEqualTo(Files.readAllBytes(truth.resolve("buf-" + node.group(1) + ".bin")));
        nodes++;
      }
      assertThat(nodes).isEqualTo(3);
    }
  }

  /** drgn tells of tasks' mm_struct.pgd and arg_start, and reads this there. */
  @ParameterizedTest
  @CsvSource({
    "x86-61-s/vmcore.elf, ffff8d07cf96a000, 7ffc4f10bfca, /bin/busybox sh /init",
    "x86-61-s/mdf/kd-zlib-d0, ffff8d07cf96a000, 7ffc4f10bfca, /bin/busybox sh /init",
    "x86-61-s/vmcore.elf, ffff8d07cfb66000, 7ffeb14e9f83, fxload name fx-worker-2"
  })
  void aTasksUserSpaceHoldsItsArguments(String form, String pgd, String start, String arguments)
      throws Exception {
    try (Vmcore vmcore = RealDumps.open(form)) {
      AddressSpace kernel = AddressSpace.ofKernel(vmcore);
      long root = kernel.physical(Long.parseUnsignedLong(pgd, 16)).orElseThrow();
      byte[] bytes =
          Reading.bytes(
              kernel.ofTask(root), Long.parseUnsignedLong(start, 16), arguments.length() + 1);
      assertThat(new String(bytes, UTF_8)).isEqualTo(arguments.replace(' ', '\0') + '\0');
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-61-s/vmcore.elf", "arm-61-c/vmcore.elf"})
  void extentsAgreeWithReads(String name) throws Exception {
    try (Vmcore vmcore = RealDumps.open(name)) {
      AddressSpace space = AddressSpace.ofKernel(vmcore);
      int count = 0;
      long at = space.paging().kernelReach().around(-1).start();
      do {
        Extent extent = space.extentAt(at);
        assertThat(extent.start()).isEqualTo(at);
        assertThat(Reading.bytes(space, at, 1)).hasSize(extent.isPresent() ? 1 : 0);
        assertThat(extent.state()).isIn(PageState.PRESENT, PageState.NOT_RAM);
        at = extent.end();
        count++;
      } while (at != 0);
      assertThat(count).isBetween(100, 500_000);
    }
  }
}
