package org.vmcore.cli.command;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.Vmcore;
import org.vmcore.cli.bytes.CString;
import org.vmcore.cli.bytes.HexDump;
import org.vmcore.cli.bytes.MemoryWalk;
import org.vmcore.cli.bytes.Missing;
import org.vmcore.cli.bytes.RawOutput;
import org.vmcore.cli.bytes.ReadFormat;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.PgdOption;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.SystemMapOption;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Progress;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.values.Hex;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore read}. */
public final class ReadCommand implements Subcommand {
  private static final int BLOCK = 1 << 18;

  /** Of raw bytes: so much that all cores have a share of it. */
  private static final int RAW_BLOCK = 1 << 20;

  private static final long DEFAULT_LENGTH = 256;
  private static final long DEFAULT_STRING = 4096;

  /** A string is kept in memory. */
  private static final long MOST_STRING = 1 << 24;

  private final Frame frame = Frame.ofDump();

  private final Opt<Long> offset =
      address("N", "Where: an offset in the image, as /proc/vmcore has it.", "--offset");
  private final Opt<Long> phys = address("ADDR", "Where: a physical address.", "--phys");
  private final Opt<Long> virt =
      address(
          "ADDR",
          "Where: a virtual address, by the dump's page tables; where the kernel's have nothing, by"
              + " its PT_LOADs.",
          "--virt");
  private final Opt<SymbolPlace> symbol =
      Opt.of(
              SymbolPlace.class,
              new SymbolPlace.Converter(),
              "NAME[+N]",
              "Where: a symbol of the kernel or of a module, and N bytes behind it.",
              "--symbol")
          .offering(Names.SYMBOLS);
  private final PgdOption pgd = new PgdOption();
  private final SystemMapOption systemMap = new SystemMapOption();
  private final Opt<Long> length =
      Opt.of(
          Long.class,
          new Numbers.Size(),
          "N",
          "How many bytes; 256 by default, of a string at the most 4 KiB.",
          "--length");
  private final Opt<ReadFormat> format =
      Opt.choice(
          ReadFormat.values(),
          "FORMAT",
          "hex (default), raw, numbers in the dump's byte order: u8, u16, u32, u64; or string: the"
              + " text in front of the first NUL.",
          "--format");
  private final Opt<Integer> fill =
      Opt.of(
          Integer.class,
          new Numbers.ByteValue(),
          "BYTE",
          "With --format raw: what stands in for each lost byte.",
          "--fill");
  private final ProgressOption progress = new ProgressOption();

  private static Opt<Long> address(String label, String description, String name) {
    return Opt.of(Long.class, new Numbers.Address(), label, description, name);
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "read",
            "Print bytes of memory.",
            "A byte that can't be read shows as ??. As raw bytes, what is excluded or not RAM is"
                + " zeros, told in one line; what is lost ends the output, with exit status 3, unless"
                + " --fill stands in for it.");
    frame.addDumpTo(spec);
    offset.addTo(spec);
    phys.addTo(spec);
    virt.addTo(spec);
    pgd.addTo(spec);
    symbol.addTo(spec);
    systemMap.addTo(spec);
    length.addTo(spec);
    format.addTo(spec);
    fill.addTo(spec);
    progress.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore read --symbol init_uts_ns --length 400 vmcore",
        "  vmcore read --virt 0xffffffff81000000 --format u64 vmcore",
        "  vmcore read --symbol linux_banner --format string vmcore",
        "  vmcore read --phys 1MiB --length 64KiB --format raw vmcore > piece");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    checkOptions();
    return frame.run(console, progress.when(), (vmcore, ending) -> read(console, vmcore, ending));
  }

  private void read(Console console, Vmcore vmcore, Ending ending) throws VmcoreException {
    ReadPlace place = place(console, vmcore);
    boolean known = place.hasRam();
    if (format() == ReadFormat.STRING) {
      if (known) {
        string(console, vmcore, place, ending);
      }
    } else if (format() != ReadFormat.RAW) {
      lines(console, vmcore, place, ending);
    } else if (known) {
      raw(console, vmcore, place, ending);
    }
    if (!known) {
      throw VmcoreException.of(
          vmcore.name(), place.at(place.start()) + ": " + place.memory().absenceAt(place.start()));
    }
  }

  private void checkOptions() {
    int places = 0;
    for (Opt<?> place : List.of(offset, phys, virt, symbol)) {
      places += place.isGiven() ? 1 : 0;
    }
    if (places != 1) {
      throw new UsageException("Where to read: give one of --offset, --phys, --virt and --symbol");
    }
    pgd.requireEffect(virt.isGiven(), "without --virt");
    systemMap.requireEffect(symbol.isGiven(), "without --symbol");
    fill.requireEffect(format() == ReadFormat.RAW, "without --format raw");
    progress.requireEffect(format() == ReadFormat.RAW, "without --format raw");
    if (format() == ReadFormat.STRING && length() > MOST_STRING) {
      throw new UsageException("--length " + length() + " is too much for a string: 16 MiB");
    }
    if (length() % format().unit() != 0) {
      throw new UsageException(
          "--length "
              + length()
              + " is no multiple of the "
              + format().unit()
              + " bytes of "
              + format());
    }
  }

  private ReadFormat format() {
    return format.or(ReadFormat.HEX);
  }

  private long length() {
    return length.or(format() == ReadFormat.STRING ? DEFAULT_STRING : DEFAULT_LENGTH);
  }

  private ReadPlace place(Console console, Vmcore vmcore) throws VmcoreException {
    if (symbol.isGiven()) {
      return ReadPlace.symbol(
          console, vmcore, systemMap.kernel(vmcore), symbol.value().orElseThrow(), length());
    }
    if (phys.isGiven()) {
      return ReadPlace.physical(vmcore, phys.value().orElseThrow(), length());
    }
    if (pgd.isGiven()) {
      long address = virt.value().orElseThrow();
      Kernel kernel = Kernel.of(vmcore);
      AddressSpace space = pgd.of(kernel.memory(), vmcore, address);
      return ReadPlace.of(space, kernel, address, length());
    }
    return virt.isGiven()
        ? ReadPlace.virtual(console, vmcore, virt.value().orElseThrow(), length())
        : ReadPlace.image(vmcore, offset.value().orElseThrow(), length());
  }

  private void lines(Console console, Vmcore vmcore, ReadPlace place, Ending ending)
      throws VmcoreException {
    byte[] block = new byte[(int) Math.min(BLOCK, place.size())];
    HexDump lines =
        new HexDump(console.out(), block, place.start(), place.last(), format(), place.order());
    MemoryWalk walk = new MemoryWalk(place.memory(), MemorySegment.ofArray(block));
    walk.walk(place.start(), place.size(), lines);
    lines.finish();
    console.out().flush();
    walk.missing().sayLost(console, vmcore.name(), "");
    ending.lost(walk.missing());
  }

  private static void string(Console console, Vmcore vmcore, ReadPlace place, Ending ending)
      throws VmcoreException {
    CString string = CString.read(place.memory(), place.start(), (int) place.size());
    Optional<Extent> missing = string.missing();
    if (missing.isEmpty() || !string.text().isEmpty()) {
      console.out().line(string.text());
      console.out().flush();
    }
    if (missing.isPresent()) {
      endsAt(console, vmcore, place, missing.get(), ending);
    } else if (string.isCut()) {
      String size = HumanSize.bytes(place.size());
      console.say(vmcore.name(), "no NUL within " + size + ": the string may go on (--length)");
    }
  }

  /** The string ends at what can't be read. */
  private static void endsAt(
      Console console, Vmcore vmcore, ReadPlace place, Extent extent, Ending ending)
      throws VmcoreException {
    String ends = place.at(extent.start()) + ": " + why(place, extent);
    boolean isEmpty = extent.start() == place.start();
    String line = isEmpty ? ends : ends + ", the string ends here";
    if (extent.state() == PageState.LOST) {
      ending.lost(line);
    } else if (isEmpty) {
      ending.failed(line);
    } else {
      console.say(vmcore.name(), line);
    }
  }

  private static String why(ReadPlace place, Extent extent) throws VmcoreException {
    if (extent.state() == PageState.EXCLUDED) {
      return "excluded from the dump";
    }
    Missing missing = new Missing();
    missing.add(place.memory(), extent);
    boolean isLost = extent.state() == PageState.LOST;
    return isLost ? "lost" + missing.reason() : place.memory().absenceAt(extent.start());
  }

  private void raw(Console console, Vmcore vmcore, ReadPlace place, Ending ending)
      throws VmcoreException {
    MemorySegment block = Arena.ofAuto().allocate(Math.min(RAW_BLOCK, place.size()));
    OptionalInt lostAs = fill.isGiven() ? OptionalInt.of(fill.or(0)) : OptionalInt.empty();
    Progress shown = progress.start(console, place.size(), true);
    RawOutput output = new RawOutput(console.bytes(), block, lostAs, shown);
    MemoryWalk walk = new MemoryWalk(place.memory(), block);
    try {
      walk.walk(place.start(), place.size(), output);
    } finally {
      shown.finish();
    }
    Missing missing = walk.missing();
    missing.sayZeros(console, vmcore.name());
    if (output.end().isPresent()) {
      String where = place.at(output.end().getAsLong()) + ": lost" + missing.reason();
      ending.lost(where + ", the output ends here (--fill BYTE goes on)");
      return;
    }
    missing.sayLost(console, vmcore.name(), ": written as " + Hex.of(fill.or(0)));
  }
}
