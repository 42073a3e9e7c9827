package org.vmcore.cli.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.DumpOptions;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PgdOption;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.SystemMapOption;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.io.VmcoreException;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.PageState;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.mmu.Translation;
import org.vmcore.mmu.Translation.Step;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore translate}. */
public final class TranslateCommand implements Subcommand {
  private static final String PLACE = "ADDR|NAME[+N]";

  private final DumpOptions dump =
      DumpOptions.withArgument(
          PLACE, "A virtual address, 0xffffffff81000000, or a symbol: jiffies, jiffies+4.");
  private final PgdOption pgd = new PgdOption();
  private final SystemMapOption systemMap = new SystemMapOption();
  private final OutputOptions output = new OutputOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "translate",
            "Walk the page tables to a virtual address.",
            "Prints each table's entry on the way, with its physical address and its bits, and what"
                + " the address comes to. The exit status is 1 when it isn't mapped or a table was"
                + " left out of the dump, and 3 when a table is lost or damaged.");
    dump.addTo(spec);
    pgd.addTo(spec);
    systemMap.addTo(spec);
    output.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore translate vmcore 0xffffffff81000000",
        "  vmcore translate vmcore init_uts_ns",
        "  vmcore translate --pgd 0xffff8d07cf96a000 vmcore 0x7ffc4f10bfca",
        "  vmcore translate --json vmcore 0xffffc90000013000 | jq -r .physical");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean json = output.isJson();
    String place = dump.argument();
    OptionalLong given = address(place);
    systemMap.requireEffect(given.isEmpty(), "without a symbol");
    try (Vmcore vmcore = dump.open(console)) {
      Kernel kernel = systemMap.kernel(vmcore);
      long address =
          given.isPresent()
              ? given.getAsLong()
              : SymbolPlace.parse(PLACE, place).address(kernel, vmcore);
      Optional<AddressSpace> tables = kernel.memory().tables();
      if (tables.isEmpty()) {
        return none(console, vmcore, kernel.memory(), address);
      }
      Translation walk = pgd.of(tables.get(), vmcore).translate(address);
      if (json) {
        json(walk, output.document(console, "translate", vmcore));
      } else {
        text(walk, console.out());
      }
      return walk.physical().isPresent()
          ? ExitStatus.OK
          : failed(console, vmcore, address, walk.reason(), walk.state());
    }
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

  /** There are no page tables: no step is printed. */
  private int none(Console console, Vmcore vmcore, KernelMemory memory, long address)
      throws VmcoreException {
    String reason = "no page tables: " + memory.reason();
    PageState state = memory.untold();
    if (output.isJson()) {
      Translation none =
          new Translation(address, OptionalLong.empty(), 0, List.of(), state, reason);
      json(none, output.document(console, "translate", vmcore));
    }
    return failed(console, vmcore, address, reason, state);
  }

  private static int failed(
      Console console, Vmcore vmcore, long address, String reason, PageState state) {
    console.say(vmcore.name(), "virtual address 0x" + Long.toHexString(address) + ": " + reason);
    return state == PageState.LOST ? ExitStatus.DAMAGED : ExitStatus.FAILED;
  }

  private static void json(Translation walk, Json json) {
    json.hex("virtual", walk.virtual());
    if (walk.physical().isPresent()) {
      json.hex("physical", walk.physical().getAsLong()).hex("page_size", walk.pageSize());
    }
    json.text("state", walk.state().label());
    if (!walk.reason().isEmpty()) {
      json.text("reason", walk.reason());
    }
    json.array("steps");
    for (Step step : walk.steps()) {
      json.object().text("level", step.level());
      json.hex("entry_address", step.entryAddress()).hex("value", step.value());
      json.text("flags", step.flags()).end();
    }
    json.finish();
  }

  private void text(Translation walk, TextOut out) {
    long addresses = 0;
    long values = 0;
    for (Step step : walk.steps()) {
      addresses |= step.entryAddress();
      values |= step.value();
    }
    Table table =
        output.begin(
            new Table(out)
                .left("LEVEL", 5)
                .hex("ENTRY", addresses)
                .hex("VALUE", values)
                .left("FLAGS", 0));
    for (Step step : walk.steps()) {
      table.text(step.level()).hex(step.entryAddress()).hex(step.value()).text(step.flags());
    }
    if (walk.physical().isPresent()) {
      out.hex(walk.virtual()).text(" is physical ").hex(walk.physical().getAsLong());
      out.text(", in a page of ").text(HumanSize.of(walk.pageSize())).line(state(walk.state()));
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
