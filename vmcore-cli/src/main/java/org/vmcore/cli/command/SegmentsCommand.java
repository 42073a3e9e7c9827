package org.vmcore.cli.command;

import org.vmcore.Vmcore;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.io.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore segments}. */
public final class SegmentsCommand implements Subcommand {
  private final Report.Options options = new Report.Options();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "segments",
            "Print the program headers.",
            "The program headers of the image, as /proc/vmcore shows them: the merged notes first,"
                + " then the memory. OFFSET is an offset in the image. VIRTUAL is - where the dump"
                + " doesn't know it.");
    options.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore segments vmcore",
        "  vmcore segments --json vmcore | jq -r '.segments[].paddr'");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return options.run(console, "segments", Segments::new);
  }

  /** The program headers of an open dump. */
  private record Segments(Vmcore vmcore) implements Report {
    @Override
    public void json(Json json) {
      json.array("segments");
      int index = 0;
      for (ProgramHeader segment : vmcore.segments()) {
        json.object().number("index", index++);
        json.text("type", segment.typeName()).text("flags", flags(segment.flags()));
        json.hex("offset", segment.offset());
        if (vmcore.isVirtualKnown(segment)) {
          json.hex("vaddr", segment.vaddr());
        }
        json.hex("paddr", segment.paddr()).hex("filesz", segment.filesz());
        json.hex("memsz", segment.memsz()).hex("align", segment.align()).end();
      }
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      Table table = output.begin(table(out));
      int index = 0;
      for (ProgramHeader segment : vmcore.segments()) {
        table.decimal(index++).text(segment.typeName()).hex(segment.offset());
        if (vmcore.isVirtualKnown(segment)) {
          table.hex(segment.vaddr());
        } else {
          table.none();
        }
        table.hex(segment.paddr()).hex(segment.filesz()).hex(segment.memsz());
        String flags = flags(segment.flags());
        table.text(flags.isEmpty() ? "-" : flags).hex(segment.align());
      }
    }

    @Override
    public int status(Console console) throws VmcoreException {
      if (vmcore.segments().isEmpty()) {
        throw VmcoreException.of(vmcore.name(), "no program headers");
      }
      return ExitStatus.OK;
    }

    /** The bits of all numbers of a column together are as wide as its widest. */
    private Table table(TextOut out) {
      long vaddr = 0;
      long paddr = 0;
      long filesz = 0;
      long memsz = 0;
      long align = 0;
      for (ProgramHeader segment : vmcore.segments()) {
        vaddr |= vmcore.isVirtualKnown(segment) ? segment.vaddr() : 0;
        paddr |= segment.paddr();
        filesz |= segment.filesz();
        memsz |= segment.memsz();
        align |= segment.align();
      }
      return new Table(out)
          .decimal("INDEX", vmcore.segments().size())
          .left("TYPE", 4)
          .hex("OFFSET", vmcore.size())
          .hex("VIRTUAL", vaddr)
          .hex("PHYSICAL", paddr)
          .hex("FILESIZE", filesz)
          .hex("MEMSIZE", memsz)
          .left("FLAGS", 3)
          .hex("ALIGN", align);
    }

    /** p_flags in the letters of readelf. */
    private static String flags(int flags) {
      String letters =
          ((flags & 4) != 0 ? "R" : "")
              + ((flags & 2) != 0 ? "W" : "")
              + ((flags & 1) != 0 ? "E" : "");
      return (flags & ~7) == 0 ? letters : letters + "+0x" + Integer.toHexString(flags & ~7);
    }
  }
}
