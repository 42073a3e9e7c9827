package org.vmcore.cli.prepare;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.DirectMap;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.prepare.CrashPreparation.KernelText;
import org.vmcore.prepare.Iomem;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;
import org.vmcore.values.Hex;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** What only the first kernel knows, as far as its memory doesn't tell. */
final class FirstKernelOptions {
  private final Opt<PreparedArchitecture> arch =
      Opt.of(
              PreparedArchitecture.class,
              FirstKernelOptions::architecture,
              "ARCH",
              Architectures.labels(" or ") + "; by default what VMCOREINFO tells.",
              "--arch")
          .offering(Architectures.PREPARED.stream().map(PreparedArchitecture::label).toList());
  private final Opt<Long> pageOffset =
      address(
          "Where the direct map begins, PAGE_OFFSET. By default x86_64's place without KASLR, and"
              + " ppc64's; VMCOREINFO of the others tells it.",
          "--page-offset");
  private final Opt<Long> physOffset =
      address(
          "The physical address that is mapped there, PHYS_OFFSET (arm64, riscv64); by default"
              + " VMCOREINFO tells it.",
          "--phys-offset");
  private final Opt<Long> textSize =
      Opt.of(
          Long.class,
          new Numbers.Address(),
          "SIZE",
          "The size of the kernel image, _end - _text; 0 describes none. By default as much of it"
              + " as /proc/iomem lists.",
          "--text-size");
  private final Opt<Long> textVaddr =
      address("Its virtual address; by default VMCOREINFO tells it.", "--text-vaddr");
  private final Opt<Long> textPaddr =
      address("Its physical address; by default VMCOREINFO tells it.", "--text-paddr");

  private static Opt<Long> address(String description, String name) {
    return Opt.of(Long.class, new Numbers.Address(), "ADDR", description, name);
  }

  private static PreparedArchitecture architecture(String value) {
    return Architectures.prepared(value)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + value + "' is none of " + Architectures.labels(", ")));
  }

  void addTo(CommandSpec spec) {
    arch.addTo(spec);
    pageOffset.addTo(spec);
    physOffset.addTo(spec);
    textSize.addTo(spec);
    textVaddr.addTo(spec);
    textPaddr.addTo(spec);
  }

  /** The kernel whose VMCOREINFO is {@code found}. */
  FirstKernel kernel(Console console, Iomem iomem, Optional<VmcoreInfoNote> found)
      throws VmcoreException {
    VmcoreInfo info = found.map(VmcoreInfoNote::info).orElseGet(() -> VmcoreInfo.parse(""));
    PreparedArchitecture architecture =
        arch.value()
            .or(() -> Architectures.prepared(info))
            .orElseThrow(() -> new UsageException("--arch is needed: no VMCOREINFO tells it"));
    return new FirstKernel(
        architecture,
        found.map(VmcoreInfoNote::order).orElse(ByteOrder.LITTLE_ENDIAN),
        info,
        found.map(VmcoreInfoNote::area),
        directMap(console, architecture, info),
        text(architecture, info, iomem));
  }

  private DirectMap directMap(Console console, PreparedArchitecture architecture, VmcoreInfo info) {
    boolean hasPhysOffset = architecture.hasPhysOffset();
    physOffset.requireEffect(hasPhysOffset, "on " + architecture.label());
    Optional<DirectMap> known = architecture.directMap(info);
    boolean isGiven = pageOffset.isGiven() && (physOffset.isGiven() || !hasPhysOffset);
    if (known.isEmpty() && !isGiven) {
      throw new UsageException(
          (hasPhysOffset ? "--page-offset and --phys-offset are" : "--page-offset is")
              + " needed: no VMCOREINFO tells the direct map");
    }
    if (!isGiven && architecture.isDirectMapRandom()) {
      warnOfKaslr(console, info, known.orElseThrow());
    }
    DirectMap map = known.orElseGet(() -> DirectMap.at(0));
    return new DirectMap(pageOffset.or(map.pageOffset()), physOffset.or(map.physOffset()));
  }

  private static void warnOfKaslr(Console console, VmcoreInfo info, DirectMap map) {
    OptionalLong moved = info.kernelOffset();
    if (moved.isEmpty() || moved.getAsLong() != 0) {
      console.say(
          "the direct map's address isn't known ("
              + (moved.isEmpty() ? "VMCOREINFO doesn't tell of KASLR" : "KASLR is on")
              + "): taken to be "
              + Hex.of(map.pageOffset())
              + "; --page-offset tells it");
    }
  }

  private Optional<KernelText> text(PreparedArchitecture architecture, VmcoreInfo info, Iomem iomem)
      throws VmcoreException {
    if (!architecture.isImageDescribed()) {
      refuseText("on " + architecture.label());
      return Optional.empty();
    }
    if (textSize.isGiven() && textSize.or(0L) == 0) {
      textVaddr.requireEffect(false, "with --text-size 0");
      textPaddr.requireEffect(false, "with --text-size 0");
      return Optional.empty();
    }
    OptionalLong vaddr = given(textVaddr, architecture.imageVaddr(info));
    OptionalLong paddr = given(textPaddr, paddr(architecture, info, vaddr));
    OptionalLong size = given(textSize, size(iomem, paddr));
    for (var missing :
        List.of(miss(textVaddr, vaddr), miss(textPaddr, paddr), miss(textSize, size))) {
      if (!missing.isEmpty()) {
        return none(missing);
      }
    }
    return Optional.of(
        new KernelText(vaddr.getAsLong(), range(paddr.getAsLong(), size.getAsLong())));
  }

  private void refuseText(String reason) {
    for (Opt<Long> each : List.of(textSize, textVaddr, textPaddr)) {
      each.requireEffect(false, reason);
    }
  }

  private static OptionalLong given(Opt<Long> option, OptionalLong otherwise) {
    return option.isGiven() ? OptionalLong.of(option.value().orElseThrow()) : otherwise;
  }

  private static OptionalLong paddr(
      PreparedArchitecture arch, VmcoreInfo info, OptionalLong vaddr) {
    return vaddr.isEmpty() ? vaddr : arch.imagePaddr(info, vaddr.getAsLong());
  }

  private static OptionalLong size(Iomem iomem, OptionalLong paddr) {
    return paddr.isEmpty() ? paddr : iomem.kernelImageSize(paddr.getAsLong());
  }

  private static String miss(Opt<Long> option, OptionalLong value) {
    return value.isPresent() ? "" : option.name();
  }

  /** Where nothing was asked for, no image is described. */
  private Optional<KernelText> none(String missing) {
    if (textSize.isGiven() || textVaddr.isGiven() || textPaddr.isGiven()) {
      throw new UsageException(missing + " is needed, too: nothing else tells it");
    }
    return Optional.empty();
  }

  private static AddressRange range(long paddr, long size) {
    if (Long.compareUnsigned(paddr + size - 1, paddr) < 0) {
      throw new UsageException("the kernel image reaches past 2^64");
    }
    return AddressRange.ofSize(paddr, size);
  }
}
