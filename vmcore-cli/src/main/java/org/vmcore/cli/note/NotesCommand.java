package org.vmcore.cli.note;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.bytes.MemoryWalk;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.LossException;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.Note;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.Extent;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore notes}. */
public final class NotesCommand implements Subcommand {
  private static final int BLOCK = 1 << 16;

  private static final Fields NOTE = new Fields();
  private static final Field INDEX = NOTE.index("index", "Its place in the list.").titled("INDEX");
  private static final Field NAME = NOTE.text("name", "Its name.").titled("NAME");
  private static final Field TYPE = NOTE.number("type", "Its type.");
  private static final Field TYPE_NAME =
      NOTE.text("type_name", "The type's name, or its number.").titled("TYPE");
  private static final Field OFFSET =
      NOTE.offset("offset", "Where the note begins in the image.").titled("OFFSET");
  private static final Field DESCSZ =
      NOTE.size("descsz", "The size of its descriptor.").titled("SIZE");
  private static final Field SUMMARY =
      NOTE.column("SUMMARY", "What it says, in a few words.").wide(0);
  private static final NoteFields DETAILS = new NoteFields(NOTE);

  private static final Fields FIELDS = Fields.ofDump();
  private static final Field NOTES = FIELDS.records("notes", NOTE, "The notes.");

  private final Frame frame = Frame.ofDump();

  private final Opt<Path> raw =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "FILE",
          "Write the merged notes' bytes to FILE instead; - is stdout.",
          "--raw");
  private final FileOptions files = new FileOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "notes",
            "Print the notes.",
            "Each note of the merged PT_NOTE with what it says, and of a CPU the function that it was"
                + " in, where the kernel's symbols are found at once. The n-th PRSTATUS need not be CPU"
                + " n: CPUs that were off have none.");
    frame.addDumpTo(spec);
    raw.addTo(spec);
    files.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore notes vmcore",
        "  vmcore notes --json vmcore | jq '.notes[] | select(.signal == 11) | .registers'",
        "  vmcore notes --raw notes.bin vmcore");
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    files.requireEffect(raw.isGiven(), "without --raw");
    if (raw.value().isEmpty()) {
      return frame.print(console, "notes", Notes::new);
    }
    frame.output().requireNone("with --raw");
    Path target = raw.value().get();
    return frame.run(console, (vmcore, ending) -> write(vmcore, target, ending));
  }

  /** The notes of an open dump. */
  private record Notes(Vmcore vmcore, CodePlaces places) implements Listing {
    Notes(Vmcore vmcore) throws VmcoreException {
      this(vmcore, CodePlaces.of(vmcore));
    }

    @Override
    public Field list() {
      return NOTES;
    }

    @Override
    public void bounds(Table table) {
      table.upTo(INDEX, vmcore.notes().size()).upTo(OFFSET, vmcore.size());
    }

    @Override
    public void records(Row row) {
      for (Note note : vmcore.notes()) {
        row.set(INDEX, note.index()).set(NAME, note.name());
        row.set(TYPE, Integer.toUnsignedLong(note.type())).set(TYPE_NAME, note.typeName());
        row.set(OFFSET, note.offset()).set(DESCSZ, note.descsz());
        if (row.wants(SUMMARY)) {
          NoteDetails details = NoteDetails.of(note);
          String place =
              places.at(details.instructionPointer()).map(each -> " " + each.text()).orElse("");
          row.set(SUMMARY, details.summary() + place);
        } else if (row.wants(TYPE)) {
          set(NoteDetails.of(note), row);
        }
        row.end();
      }
    }

    private void set(NoteDetails details, Row row) {
      details.set(DETAILS, row);
      Optional<CodePlaces.Place> place = places.at(details.instructionPointer());
      if (place.isPresent()) {
        Symbol symbol = place.get().symbol();
        row.set(DETAILS.symbol, symbol.name()).set(DETAILS.symbolOffset, place.get().offset());
        if (symbol.module().isPresent()) {
          row.set(DETAILS.module, symbol.module().get());
        }
      }
    }

    @Override
    public void text(TextOut out, OutputOptions output) throws VmcoreException {
      if (!vmcore.notes().isEmpty()) {
        Listing.super.text(out, output);
      }
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      requireNotes(vmcore);
      if (NoteBytes.areLost(vmcore)) {
        ending.lost("notes, or parts of them, are lost");
      }
    }
  }

  private static void requireNotes(Vmcore vmcore) throws VmcoreException {
    if (vmcore.notes().isEmpty()) {
      throw NoteBytes.areLost(vmcore)
          ? new LossException(vmcore.name(), "no notes: they are lost")
          : VmcoreException.of(vmcore.name(), "no notes");
    }
  }

  private void write(Vmcore vmcore, Path target, Ending ending) throws VmcoreException {
    requireNotes(vmcore);
    ProgramHeader merged = vmcore.segments().getFirst();
    byte[] block = new byte[BLOCK];
    MemoryWalk walk = new MemoryWalk(vmcore, MemorySegment.ofArray(block));
    try (OutputFile file = files.create(target)) {
      walk.walk(
          merged.offset(),
          merged.filesz(),
          new MemoryWalk.Visitor() {
            @Override
            public void bytes(int size) throws VmcoreException {
              file.write(block, 0, size);
            }

            @Override
            public boolean missing(Extent extent) throws VmcoreException {
              file.skip(extent.size());
              return true;
            }
          });
      file.commit();
    }
    ending.zeros(walk.missing());
    if (NoteBytes.areLost(vmcore)) {
      ending.damaged();
    }
  }
}
