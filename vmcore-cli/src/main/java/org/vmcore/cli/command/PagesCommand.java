package org.vmcore.cli.command;

import org.vmcore.Vmcore;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Kind;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore pages}. */
public final class PagesCommand implements Subcommand {
  private static final Fields RANGE = new Fields();
  private static final Field PFN =
      RANGE.add("pfn", Kind.PFN, "The first page frame.").titled("PFN");
  private static final Field COUNT = RANGE.count("count", "How many page frames.").titled("COUNT");
  private static final Field STATE =
      RANGE
          .text(
              "state",
              "present: in the dump; excluded: left out when it was made; lost: should be in the dump and isn't; not_ram: no memory there.")
          .oneOf("present", "excluded", "lost", "not_ram")
          .titled("STATE")
          .wide(8);

  private static final Fields FIELDS = Fields.ofDump();
  private static final Field PAGE_SIZE = FIELDS.size("page_size", "The size of a page frame.");
  private static final Field RANGES =
      FIELDS.records("ranges", RANGE, "Ranges of page frames, in ascending order.");

  private final Frame frame = Frame.ofDump();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "pages",
            "Print ranges of page frames with their state.",
            "present: in the dump. excluded: left out when it was made. lost: should be in the dump"
                + " and isn't. not_ram: no memory there.");
    frame.addDumpTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec, "  vmcore pages vmcore", "  vmcore pages --no-header vmcore | grep -w lost");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return frame.print(console, "pages", Pages::new);
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  /** The ranges of an open dump, written as the library tells them. */
  private static final class Pages implements Listing {
    private final Vmcore vmcore;
    private boolean any;
    private boolean lost;

    Pages(Vmcore vmcore) {
      this.vmcore = vmcore;
    }

    @Override
    public Field list() {
      return RANGES;
    }

    @Override
    public void head(Json json) {
      json.put(PAGE_SIZE, vmcore.pageSize());
    }

    @Override
    public void bounds(Table table) {
      long last = 0;
      for (ProgramHeader segment : vmcore.segments()) {
        boolean counts = segment.isLoad() && segment.isPhysicalKnown();
        last |= counts ? segment.paddr() + segment.memsz() - 1 : 0;
      }
      long most = Long.divideUnsigned(last, vmcore.pageSize());
      table.upTo(PFN, most).upTo(COUNT, most);
    }

    @Override
    public void records(Row row) throws VmcoreException {
      vmcore.pages(
          range -> {
            any = true;
            lost |= range.state() == PageState.LOST;
            row.set(PFN, range.pfn()).set(COUNT, range.count());
            row.set(STATE, range.state().label()).end();
          });
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      if (!any) {
        ending.nothing("no PT_LOAD: the dump holds no memory");
      }
      if (lost) {
        ending.lost("page frames are lost");
      }
    }
  }
}
