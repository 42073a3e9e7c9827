package org.vmcore.cli.command;

import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore segments}. */
public final class SegmentsCommand implements Subcommand {
  private static final Fields SEGMENT = new Fields();
  private static final Field INDEX =
      SEGMENT.index("index", "Its place in the list.").titled("INDEX");
  private static final Field TYPE =
      SEGMENT.text("type", "p_type: NOTE or LOAD.").titled("TYPE").wide(4);
  private static final Field FLAGS =
      SEGMENT
          .text("flags", "p_flags in readelf's letters: R, W and E.")
          .titled("FLAGS")
          .wide(3)
          .dashed();
  private static final Field OFFSET =
      SEGMENT.offset("offset", "p_offset, in the image.").titled("OFFSET");
  private static final Field VADDR =
      SEGMENT
          .address("vaddr", "p_vaddr; left out where the dump doesn't know it.")
          .titled("VIRTUAL")
          .optional();
  private static final Field PADDR =
      SEGMENT
          .address("paddr", "p_paddr; left out where the dump doesn't know it.")
          .titled("PHYSICAL")
          .optional();
  private static final Field FILESZ = SEGMENT.size("filesz", "p_filesz.").titled("FILESIZE");
  private static final Field MEMSZ = SEGMENT.size("memsz", "p_memsz.").titled("MEMSIZE");
  private static final Field ALIGN = SEGMENT.size("align", "p_align.").titled("ALIGN");
  private static final Field NAME =
      SEGMENT
          .text(
              "name", "Its section's name, where the file has sections in place of these headers.")
          .titled("NAME")
          .optional();

  static {
    SEGMENT.columns(INDEX, TYPE, OFFSET, VADDR, PADDR, FILESZ, MEMSZ, FLAGS, ALIGN, NAME);
  }

  private static final Fields FIELDS = Fields.ofDumps();
  private static final Field SEGMENTS = FIELDS.records("segments", SEGMENT, "The program headers.");

  private final Frame frame = Frame.ofDumps();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "segments",
            "Print the program headers.",
            "The program headers of the image, as /proc/vmcore shows them: the merged notes first,"
                + " then the memory. OFFSET is an offset in the image. VIRTUAL and PHYSICAL are -"
                + " where the dump doesn't know them. Of a remote processor's coredump PHYSICAL is"
                + " the device's address, and NAME the section that the memory is. Of several dumps a"
                + " line with the file's name stands in front of each table.");
    frame.addDumpTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore segments vmcore",
        "  vmcore segments --json vmcore | jq -r '.segments[].paddr'");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return frame.areSeveral()
        ? frame.printEach(console, "segments", _ -> Segments::new)
        : frame.print(console, "segments", Segments::new);
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  /** The program headers of an open dump. */
  private record Segments(Vmcore vmcore) implements Listing {
    @Override
    public Field list() {
      return SEGMENTS;
    }

    @Override
    public void bounds(Table table) {
      table.upTo(INDEX, vmcore.segments().size()).upTo(OFFSET, vmcore.size());
      if (vmcore.crashHeaders().names().isEmpty()) {
        table.without(NAME);
      }
    }

    @Override
    public void records(Row row) {
      int index = 0;
      for (ProgramHeader segment : vmcore.segments()) {
        row.set(INDEX, index).set(TYPE, segment.typeName()).set(OFFSET, segment.offset());
        row.set(FLAGS, flags(segment.flags()));
        if (vmcore.isVirtualKnown(segment)) {
          row.set(VADDR, segment.vaddr());
        }
        if (segment.isPhysicalKnown()) {
          row.set(PADDR, segment.paddr());
        }
        row.set(FILESZ, segment.filesz()).set(MEMSZ, segment.memsz());
        row.set(ALIGN, segment.align());
        Optional<String> name = vmcore.segmentName(index++);
        if (name.isPresent()) {
          row.set(NAME, name.get());
        }
        row.end();
      }
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      if (vmcore.segments().isEmpty()) {
        ending.nothing("no program headers");
      }
    }

    /** p_flags in the letters of readelf. */
    private static String flags(int flags) {
      String letters =
          ((flags & 4) != 0 ? "R" : "")
              + ((flags & 2) != 0 ? "W" : "")
              + ((flags & 1) != 0 ? "E" : "");
      return (flags & ~7) == 0 ? letters : letters + "+" + Hex.of(flags & ~7);
    }
  }
}
