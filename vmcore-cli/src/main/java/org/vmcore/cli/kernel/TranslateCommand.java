package org.vmcore.cli.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PgdOption;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.SystemMapOption;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.mmu.MappedRange;
import org.vmcore.mmu.Translation;
import org.vmcore.mmu.Translation.Step;
import org.vmcore.values.Hex;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore translate}. */
public final class TranslateCommand implements Subcommand {
  private static final String PLACE = "ADDR|NAME[+N]";

  private static final Fields STEP = new Fields();
  private static final Field LEVEL =
      STEP.text("level", "The table's level: PGD, P4D, PUD, PMD or PTE.").titled("LEVEL").wide(5);
  private static final Field ENTRY =
      STEP.address("entry_address", "The entry's physical address.").titled("ENTRY");
  private static final Field VALUE = STEP.bits("value", "The entry.").titled("VALUE");
  private static final Field FLAGS =
      STEP.text("flags", "What its bits say, as words.").titled("FLAGS").wide(0);

  private static final Fields FIELDS = Fields.ofDump();
  private static final Field VIRTUAL =
      FIELDS.address("virtual", "The address that was asked for; not with --phys.").optional();
  static final Field PHYSICAL =
      FIELDS
          .address(
              "physical",
              "What it comes to; left out where it isn't mapped. With --phys, what was asked for.")
          .optional();
  private static final Field PAGE_SIZE =
      FIELDS.size("page_size", "The size of its page.").optional();
  static final Field STATE =
      FIELDS
          .text("state", "Of the byte there, or of the table that the walk ends at.")
          .oneOf("present", "excluded", "lost", "not_ram");
  static final Field REASON =
      FIELDS
          .text("reason", "Why the walk ends early; with --phys, why there may be more.")
          .optional();
  private static final Field MAP =
      FIELDS
          .text("map", "What it was translated by, where page tables to walk aren't there.")
          .oneOf(MappedRange.DIRECT_MAP, MappedRange.IMAGE, MappedRange.LOAD, MappedRange.AREA)
          .optional();
  private static final Field STEPS =
      FIELDS.records("steps", STEP, "The entries on the way, the topmost first.").optional();
  static final Field MAPPINGS = ReverseListing.addTo(FIELDS);

  private final Frame frame =
      Frame.withArgument(
          PLACE,
          "A virtual address, 0xffffffff81000000, or a symbol: jiffies, jiffies+4.",
          Names.SYMBOLS);
  private final Opt<Long> phys =
      Opt.of(
          Long.class,
          new Numbers.Address(),
          "ADDR",
          "The other way: the virtual addresses that a physical one is mapped at.",
          "--phys");
  private final PgdOption pgd = new PgdOption();
  private final SystemMapOption systemMap = new SystemMapOption();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "translate",
            "Walk the page tables to a virtual address.",
            "Prints each table's entry on the way, with its physical address and its bits, and what"
                + " the address comes to. Where a table is missing, the direct map, the image and"
                + " the kernel's records of vmalloc's areas may tell it all the same, and a line on"
                + " stderr says so. Else the exit status is 3 when a table is lost or damaged, and 1"
                + " when it was left out of the dump or the address isn't mapped. With --phys it"
                + " prints the virtual addresses of a physical one: by all of the kernel's page"
                + " tables, its direct map and its image.");
    frame.addDumpTo(spec);
    phys.addTo(spec);
    pgd.addTo(spec);
    systemMap.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore translate vmcore 0xffffffff81000000",
        "  vmcore translate vmcore init_uts_ns",
        "  vmcore translate --pgd 0xffff8d07cf96a000 vmcore 0x7ffc4f10bfca",
        "  vmcore translate --phys 0x1c0f000 vmcore",
        "  vmcore translate --json vmcore 0xffffc90000013000 | jq -r .physical");
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    frame.output().check();
    if (phys.isGiven()) {
      return reverse(console, phys.value().orElseThrow());
    }
    String place = frame.argument();
    OptionalLong given = address(place);
    systemMap.requireEffect(given.isEmpty(), "without a symbol");
    return frame.print(console, "translate", vmcore -> walk(vmcore, place, given));
  }

  private int reverse(Console console, long physical) throws VmcoreException {
    if (frame.hasArgument()) {
      throw new UsageException("Give " + PLACE + " or --phys, not both");
    }
    systemMap.requireEffect(false, "with --phys");
    return frame.print(
        console,
        "translate",
        vmcore -> {
          KernelMemory kernel = Kernel.of(vmcore).memory();
          PageState state = vmcore.physical().extentAt(physical).state();
          return new ReverseListing(
              pgd.isGiven()
                  ? pgd.of(kernel, vmcore, 0).reverse(physical)
                  : kernel.reverse(physical),
              state);
        });
  }

  private Walk walk(Vmcore vmcore, String place, OptionalLong given) throws VmcoreException {
    Kernel kernel = systemMap.kernel(vmcore);
    long address =
        given.isPresent()
            ? given.getAsLong()
            : SymbolPlace.parse(PLACE, place).address(kernel, vmcore);
    KernelMemory memory = kernel.memory();
    if (pgd.isGiven()) {
      return new Walk(pgd.of(memory, vmcore, address).translate(address), "", true);
    }
    return memory.tables().isPresent()
        ? withTables(memory, vmcore, memory.tables().get().translate(address))
        : withoutTables(memory, vmcore, address);
  }

  /** Where a table is missing, by what else tells. */
  private static Walk withTables(KernelMemory memory, Vmcore vmcore, Translation walk)
      throws VmcoreException {
    boolean isCertain =
        walk.state() == PageState.NOT_RAM && !memory.tables().orElseThrow().isCleared();
    return walk.physical().isPresent() || isCertain
        ? new Walk(walk, "", true)
        : known(memory, vmcore, walk, true);
  }

  private static Walk withoutTables(KernelMemory memory, Vmcore vmcore, long address)
      throws VmcoreException {
    String reason = "no page tables: " + memory.reason();
    Translation none =
        new Translation(address, OptionalLong.empty(), 0, List.of(), memory.unmapped(), reason);
    return known(memory, vmcore, none, false);
  }

  /** What else tells of the address; steps and reason are those of {@code walk}. */
  private static Walk known(KernelMemory memory, Vmcore vmcore, Translation walk, boolean hasTables)
      throws VmcoreException {
    long address = walk.virtual();
    Optional<MappedRange> map = memory.known(address);
    if (map.isEmpty()) {
      return new Walk(walk, "", hasTables);
    }
    long physical = map.get().physical(address);
    PageState state = vmcore.physical().extentAt(physical).state();
    String reason = hasTables ? walk.reason() : "";
    return new Walk(
        new Translation(address, OptionalLong.of(physical), 0, walk.steps(), state, reason),
        map.get().by(),
        hasTables);
  }

  /** The number; empty when a symbol is meant. */
  private static OptionalLong address(String place) {
    try {
      return Numbers.isAddress(place)
          ? OptionalLong.of(Numbers.address(place))
          : OptionalLong.empty();
    } catch (TypeConversionException e) {
      throw new UsageException("Invalid value for " + PLACE + ": " + e.getMessage());
    }
  }

  /** A walk through the page tables, when there are any; else what was translated by. */
  private record Walk(Translation walk, String map, boolean hasTables) implements Listing {
    @Override
    public Field list() {
      return STEPS;
    }

    @Override
    public void head(Json json) {
      json.put(VIRTUAL, walk.virtual());
      if (walk.physical().isPresent()) {
        json.put(PHYSICAL, walk.physical().getAsLong());
      }
      if (walk.pageSize() != 0) {
        json.put(PAGE_SIZE, walk.pageSize());
      }
      if (!map.isEmpty()) {
        json.put(MAP, map);
      }
      json.put(STATE, walk.state().label());
      if (!walk.reason().isEmpty()) {
        json.put(REASON, walk.reason());
      }
    }

    @Override
    public void records(Row row) {
      for (Step step : walk.steps()) {
        row.set(LEVEL, step.level()).set(ENTRY, step.entryAddress());
        row.set(VALUE, step.value()).set(FLAGS, step.flags()).end();
      }
    }

    @Override
    public void text(TextOut out, OutputOptions output) throws VmcoreException {
      if (hasTables) {
        Listing.super.text(out, output);
      }
      if (walk.physical().isPresent()) {
        out.hex(walk.virtual()).text(" is physical ").hex(walk.physical().getAsLong());
        if (map.isEmpty()) {
          out.text(", in a page of ").text(HumanSize.of(walk.pageSize()));
        } else {
          out.text(", in the ").text(map);
        }
        out.line(state(walk.state()));
      }
    }

    @Override
    public void end(Ending ending) {
      if (walk.physical().isPresent()) {
        if (!walk.reason().isEmpty()) {
          ending.remark("not by the page tables: " + walk.reason());
        }
        return;
      }
      ending.failed("virtual address " + Hex.of(walk.virtual()) + ": " + walk.reason());
      if (walk.state() == PageState.LOST) {
        ending.damaged();
      }
    }
  }

  private static String state(PageState state) {
    return switch (state) {
      case PRESENT -> "";
      case EXCLUDED -> ", excluded from the dump";
      case LOST -> ", lost";
      case NOT_RAM -> ", not RAM";
    };
  }
}
