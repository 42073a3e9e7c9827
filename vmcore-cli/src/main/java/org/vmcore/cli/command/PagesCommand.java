package org.vmcore.cli.command;

import java.util.function.Consumer;
import org.vmcore.Vmcore;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.io.VmcoreException;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore pages}. */
public final class PagesCommand implements Subcommand {
  private final Report.Options options = new Report.Options();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "pages",
            "Print ranges of page frames with their state.",
            "present: in the dump. excluded: left out when it was made. lost: should be in the dump"
                + " and isn't. not_ram: no memory there.");
    options.addTableTo(spec);
    return Subcommand.finished(
        spec, "  vmcore pages vmcore", "  vmcore pages --no-header vmcore | grep -w lost");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return options.run(console, "pages", Pages::new);
  }

  /** The ranges of an open dump, written as the library tells them. */
  private static final class Pages implements Report {
    private final Vmcore vmcore;
    private boolean any;
    private boolean lost;

    Pages(Vmcore vmcore) {
      this.vmcore = vmcore;
    }

    @Override
    public void json(Json json) throws VmcoreException {
      json.hex("page_size", vmcore.pageSize()).array("ranges");
      vmcore.pages(
          seen(
              range ->
                  json.object()
                      .number("pfn", range.pfn())
                      .number("count", range.count())
                      .text("state", range.state().label())
                      .end()));
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) throws VmcoreException {
      Table table = output.begin(table(out));
      vmcore.pages(
          seen(range -> table.hex(range.pfn()).decimal(range.count()).text(range.state().label())));
    }

    private Table table(TextOut out) {
      long last = 0;
      for (ProgramHeader segment : vmcore.segments()) {
        last |= segment.isLoad() ? segment.paddr() + segment.memsz() - 1 : 0;
      }
      long most = Long.divideUnsigned(last, vmcore.pageSize());
      return new Table(out).hex("PFN", most).decimal("COUNT", most).left("STATE", 8);
    }

    private Consumer<PageRange> seen(Consumer<PageRange> write) {
      return range -> {
        any = true;
        lost |= range.state() == PageState.LOST;
        write.accept(range);
      };
    }

    @Override
    public int status(Console console) throws VmcoreException {
      if (!any) {
        throw VmcoreException.of(vmcore.name(), "no PT_LOAD: the dump holds no memory");
      }
      if (lost) {
        console.say(vmcore.name(), "page frames are lost");
        return ExitStatus.DAMAGED;
      }
      return ExitStatus.OK;
    }
  }
}
