package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.memory.AddressRange;

/**
 * riscv64.
 *
 * <p>Sources: Linux' {@code struct user_regs_struct} of arch/riscv/include/uapi/asm/ptrace.h;
 * {@code phys_ram_base} and {@code va_kernel_pa_offset} of arch/riscv/kernel/vmcore_info.c; {@code
 * __va_to_pa_nodebug} of arch/riscv/include/asm/page.h; Documentation/arch/riscv/vm-layout.rst.
 */
public final class Riscv64 extends PreparedArchitecture {
  /** The one of its kind. */
  public static final PreparedArchitecture INSTANCE = new Riscv64();

  /** Where the image is linked to: the last 2 GiB. */
  private static final long LINK_ADDR = 0xffff_ffff_8000_0000L;

  private static final long MAX_IMAGE = 2L << 30;

  /** Modules lie in the 2 GiB before the image's end. */
  private static final long MODULES = 0xffff_ffff_0000_0000L;

  private static final long PAGE = 4096;
  private static final int LEAST_LEVELS = 3;
  private static final int MOST_LEVELS = 5;

  private Riscv64() {
    super(Machine.RISCV, Long.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of(
        "NUMBER(phys_ram_base)", "NUMBER(va_kernel_pa_offset)", "NUMBER(KERNEL_LINK_ADDR)");
  }

  /** NUMBER(VA_BITS) tells the levels, those that the CPU runs with. */
  @Override
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    long bits = info.isPresent() ? info.get().number("VA_BITS").orElse(0) : 0;
    List<Paging> layouts = new ArrayList<>();
    for (int levels = LEAST_LEVELS; levels <= MOST_LEVELS; levels++) {
      Paging layout = new Riscv64Paging(levels);
      layouts.add(layout.addressBits() == bits ? 0 : layouts.size(), layout);
    }
    return layouts;
  }

  /** Physical = virtual − va_kernel_pa_offset; before 6.4 RAM begins with the image. */
  @Override
  public OptionalLong imagePaddr(VmcoreInfo info, long vaddr) {
    OptionalLong offset = info.number("va_kernel_pa_offset");
    if (offset.isPresent()) {
      return OptionalLong.of(vaddr - offset.getAsLong());
    }
    OptionalLong link = info.number("KERNEL_LINK_ADDR");
    OptionalLong ram = info.number("phys_ram_base");
    return link.isEmpty() || ram.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(vaddr - link.getAsLong() + ram.getAsLong());
  }

  @Override
  public Optional<DirectMap> directMap(VmcoreInfo info) {
    OptionalLong start = info.number("PAGE_OFFSET");
    OptionalLong ram = info.number("phys_ram_base");
    return start.isEmpty() || ram.isEmpty()
        ? Optional.empty()
        : Optional.of(new DirectMap(start.getAsLong(), ram.getAsLong()));
  }

  @Override
  public boolean hasPhysOffset() {
    return true;
  }

  /** The direct map ends with the last 4 GiB, which are those of modules and the image. */
  @Override
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    List<LinearMap> maps = new ArrayList<>();
    long link = info.number("KERNEL_LINK_ADDR").orElse(LINK_ADDR);
    OptionalLong image = imagePaddr(info, link);
    if (image.isPresent() && link < 0) {
      maps.add(LinearMap.image(link, Math.min(link + MAX_IMAGE, -PAGE), image.getAsLong()));
    }
    Optional<DirectMap> direct = directMap(info);
    if (direct.isPresent() && direct.get().pageOffset() < MODULES) {
      long start = direct.get().pageOffset();
      maps.add(LinearMap.direct(start, MODULES, direct.get().physOffset()));
    }
    return maps;
  }

  @Override
  public boolean isKernelSpace(long vaddr) {
    return vaddr < 0;
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .with("pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1")
        .withNumbered("a", 8)
        .with("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11")
        .with("t3", "t4", "t5", "t6")
        .pointer("pc");
  }

  /** kexec_file_load gives the boot parameter, too; kexec-tools the device tree alone. */
  @Override
  public boolean isDeviceTreeUsed() {
    return true;
  }

  @Override
  public OptionalLong elfcorehdrIn(AddressRange region, long size) {
    return OptionalLong.of((region.end() - size) & -PAGE);
  }
}
