package org.vmcore.cli;

import org.vmcore.Vmcore;
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
final class TranslateCommand implements Subcommand {
  private final DumpOptions dump =
      DumpOptions.withArgument("ADDR", "A kernel virtual address: 0xffffffff81000000.");
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
    output.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore translate vmcore 0xffffffff81000000",
        "  vmcore translate --json vmcore 0xffffc90000013000 | jq -r .physical");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean json = output.isJson();
    long address = address();
    try (Vmcore vmcore = dump.open(console)) {
      Translation walk = tables(vmcore).translate(address);
      if (json) {
        json(walk, output.document(console, "translate", vmcore));
      } else {
        text(walk, console.out());
      }
      if (walk.physical().isPresent()) {
        return ExitStatus.OK;
      }
      console.say(
          vmcore.name(), "virtual address 0x" + Long.toHexString(address) + ": " + walk.reason());
      return walk.state() == PageState.LOST ? ExitStatus.DAMAGED : ExitStatus.FAILED;
    }
  }

  private static AddressSpace tables(Vmcore vmcore) throws VmcoreException {
    KernelMemory memory = Kernel.of(vmcore).memory();
    if (memory.tables().isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "no page tables: " + memory.reason());
    }
    return memory.tables().get();
  }

  private long address() {
    try {
      return Numbers.parse(dump.argument());
    } catch (TypeConversionException e) {
      throw new UsageException("Invalid value for ADDR: " + e.getMessage());
    }
  }

  private static void json(Translation walk, Json json) {
    json.hex("virtual", walk.virtual());
    if (walk.physical().isPresent()) {
      json.hex("physical", walk.physical().getAsLong()).hex("page_size", walk.pageSize());
      json.text("state", walk.state().label());
    }
    json.array("steps");
    for (Step step : walk.steps()) {
      json.object().text("level", step.level());
      json.hex("entry_address", step.entryAddress()).hex("value", step.value()).end();
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
        output.begin(new Table(out).left("LEVEL", 5).hex("ENTRY", addresses).hex("VALUE", values));
    for (Step step : walk.steps()) {
      table.text(step.level()).hex(step.entryAddress()).hex(step.value());
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
