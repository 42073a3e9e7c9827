package org.vmcore.cli;

import java.util.function.Consumer;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.io.VmcoreException;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore pages}. */
final class PagesCommand implements Subcommand {
  private final DumpOptions dump = new DumpOptions();
  private final OutputOptions output = new OutputOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "pages",
            "Print ranges of page frames with their state.",
            "present: in the dump. excluded: left out when it was made. lost: should be in the dump"
                + " and isn't. not_ram: no memory there.");
    dump.addTo(spec);
    output.addTableTo(spec);
    return Subcommand.finished(
        spec, "  vmcore pages vmcore", "  vmcore pages --no-header vmcore | grep -w lost");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean json = output.isJson();
    try (Vmcore vmcore = dump.open()) {
      Rows rows = new Rows();
      if (json) {
        json(vmcore, output.document(console, "pages", vmcore), rows);
      } else {
        rows.text(vmcore, output.begin(table(vmcore, console.out())));
      }
      if (!rows.any) {
        throw VmcoreException.of(vmcore.name(), "no PT_LOAD: the dump holds no memory");
      }
      if (rows.lost) {
        console.say(vmcore.name(), "page frames are lost");
        return ExitStatus.DAMAGED;
      }
      return ExitStatus.OK;
    }
  }

  private static void json(Vmcore vmcore, Json json, Rows rows) throws VmcoreException {
    json.hex("page_size", vmcore.pageSize()).array("ranges");
    rows.json(vmcore, json);
    json.finish();
  }

  private static Table table(Vmcore vmcore, TextOut out) {
    long last = 0;
    for (ProgramHeader segment : vmcore.segments()) {
      last |= segment.isLoad() ? segment.paddr() + segment.memsz() - 1 : 0;
    }
    long most = Long.divideUnsigned(last, vmcore.pageSize());
    return new Table(out).hex("PFN", most).decimal("COUNT", most).left("STATE", 8);
  }

  /** Writes the ranges as the library tells them. */
  private static final class Rows {
    private boolean any;
    private boolean lost;

    void json(Vmcore vmcore, Json json) throws VmcoreException {
      vmcore.pages(
          seen(
              range ->
                  json.object()
                      .number("pfn", range.pfn())
                      .number("count", range.count())
                      .text("state", range.state().label())
                      .end()));
    }

    void text(Vmcore vmcore, Table table) throws VmcoreException {
      vmcore.pages(
          seen(range -> table.hex(range.pfn()).decimal(range.count()).text(range.state().label())));
    }

    private Consumer<PageRange> seen(Consumer<PageRange> write) {
      return range -> {
        any = true;
        lost |= range.state() == PageState.LOST;
        write.accept(range);
      };
    }
  }
}
