package org.vmcore.cli.find;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.option.RangeConverter;
import org.vmcore.cli.option.SystemMapOption;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.find.MemorySearch;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore search}. */
public final class SearchCommand implements Subcommand {
  private static final long LIMIT = 100;
  private static final long AROUND = 16;
  private static final long MOST_AROUND = 1 << 12;
  private static final long MOST_ALIGNMENT = 1 << 16;

  private final Frame frame = Frame.ofDump();
  private final Opt<List<Sought>> bytes =
      Opt.list(
          Sought.class,
          Sought::bytes,
          "HEX",
          "Bytes, two digits each; ? is any digit: 48c7c0????8181. Repeatable.",
          "--bytes");
  private final Opt<List<String>> strings =
      Opt.list(String.class, text -> text, "TEXT", "Text, as UTF-8. Repeatable.", "--string");
  private final Opt<List<String>> pointers =
      Opt.list(
          String.class,
          text -> text,
          "SYMBOL|ADDR|RANGE",
          "Pointers to a symbol, to an address or, by FROM-TO or FROM+SIZE, to any of a range."
              + " Repeatable.",
          "--pointer-to");
  private final Opt<Boolean> ignoreCase =
      Opt.flag("With --string: letters of ASCII may be of either case.", "-i", "--ignore-case");
  private final Opt<Boolean> within =
      Opt.flag(
          "With --pointer-to SYMBOL: pointers to anything up to the next symbol, too.", "--within");
  private final Opt<List<AddressRange>> phys =
      Opt.list(
          AddressRange.class,
          new RangeConverter(),
          "RANGE",
          "Where: physical addresses, FROM-TO or FROM+SIZE; by default all. Repeatable.",
          "--phys");
  private final Opt<List<AddressRange>> virt =
      Opt.list(
          AddressRange.class,
          new RangeConverter(),
          "RANGE",
          "Where: kernel virtual addresses, as they are in a row. Repeatable.",
          "--virt");
  private final Opt<Integer> align =
      Opt.of(
          Integer.class,
          SearchCommand::alignment,
          "N",
          "Only at multiples of N, a power of two; by default anywhere, pointers at multiples of"
              + " their size.",
          "--align");
  private final Opt<Integer> context =
      Opt.of(
          Integer.class,
          SearchCommand::around,
          "N",
          "How many bytes around each place are shown; 16 by default.",
          "--context");
  private final Opt<Long> limit =
      Opt.of(
          Long.class,
          new Numbers.Limit(),
          "N",
          "How many places are shown, or none for no limit; 100 by default.",
          "--limit");
  private final Opt<Boolean> count = Opt.flag("Print only how many places there are.", "--count");
  private final SystemMapOption systemMap = new SystemMapOption();
  private final ProgressOption progress = new ProgressOption();

  private static int alignment(String text) {
    long number = Numbers.parse(text);
    if (Long.bitCount(number) != 1 || number < 1 || number > MOST_ALIGNMENT) {
      throw new TypeConversionException("'" + text + "' is no power of two up to 65536");
    }
    return (int) number;
  }

  private static int around(String text) {
    long number = Numbers.parse(text);
    if (number < 0 || number > MOST_AROUND) {
      throw new TypeConversionException("'" + text + "' is more than 4096 bytes");
    }
    return (int) number;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "search",
            "Find bytes, text or pointers in memory.",
            "All memory that is in the dump, or a part of it, at the speed at which it can be read,"
                + " whatever borders of pages lie in between. Of each place it prints the physical"
                + " address, a kernel virtual one, the symbol there, and what stands around it. The"
                + " exit status is 1 where nothing is found, and 3 where lost bytes couldn't be"
                + " searched.");
    frame.addDumpTo(spec);
    bytes.addTo(spec);
    strings.addTo(spec);
    pointers.addTo(spec);
    ignoreCase.addTo(spec);
    within.addTo(spec);
    phys.addTo(spec);
    virt.addTo(spec);
    align.addTo(spec);
    context.addTo(spec);
    limit.addTo(spec);
    count.addTo(spec);
    systemMap.addTo(spec);
    progress.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore search --string 'Out of memory' vmcore",
        "  vmcore search --pointer-to init_task --limit 10 vmcore",
        "  vmcore search --pointer-to 0xffff88800fa64200+0x2000 vmcore",
        "  vmcore search --bytes 0f0b --virt 0xffffffff81000000+4MiB --count vmcore");
  }

  @Override
  public Fields fields() {
    return HitFields.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    checkOptions();
    return frame.print(console, "search", vmcore -> report(console, vmcore));
  }

  private void checkOptions() {
    frame.output().check();
    if (!bytes.isGiven() && !strings.isGiven() && !pointers.isGiven()) {
      throw new UsageException("What to find: give --bytes, --string or --pointer-to");
    }
    if (phys.isGiven() && virt.isGiven()) {
      throw new UsageException("Where to search: give --phys or --virt, not both");
    }
    ignoreCase.requireEffect(strings.isGiven(), "without --string");
    within.requireEffect(pointers.isGiven(), "without --pointer-to");
    systemMap.requireEffect(pointers.isGiven() || !count.isGiven(), "with --count");
    limit.requireEffect(!count.isGiven(), "with --count");
    if (limit.or(LIMIT) == 0) {
      throw new UsageException("--limit 0 shows nothing: --count tells how many there are");
    }
    context.requireEffect(!count.isGiven(), "with --count");
    for (String text : strings.or(List.of())) {
      Sought.string(text, false);
    }
    for (String text : pointers.or(List.of())) {
      Sought.check(text, within.isGiven());
    }
  }

  private SearchReport report(Console console, Vmcore vmcore) throws VmcoreException {
    Kernel kernel = systemMap.kernel(vmcore);
    List<Sought> sought = new ArrayList<>(bytes.or(List.of()));
    for (String text : strings.or(List.of())) {
      sought.add(Sought.string(text, ignoreCase.isGiven()));
    }
    for (String text : pointers.or(List.of())) {
      sought.add(Sought.pointer(text, within.isGiven(), vmcore, kernel));
    }
    List<AddressRange> ranges =
        virt.isGiven() ? virt.or(List.of()) : phys.or(List.of(MemorySearch.EVERYWHERE));
    SearchReport.Question question =
        new SearchReport.Question(
            ranges,
            virt.isGiven(),
            align.or(0),
            context.or((int) AROUND),
            limit.or(LIMIT),
            count.isGiven());
    return new SearchReport(
        console, vmcore, kernel, question, sought, total -> progress.start(console, total, true));
  }
}
