package org.vmcore.cli.command;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.vmcore.Vmcore;
import org.vmcore.cli.bytes.MemoryWalk;
import org.vmcore.cli.option.DumpOptions;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.Note;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.io.OutputFile;
import org.vmcore.io.VmcoreException;
import org.vmcore.memory.Extent;
import org.vmcore.values.Printable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore notes}. */
public final class NotesCommand implements Subcommand {
  private static final int BLOCK = 1 << 16;

  private final DumpOptions dump = new DumpOptions();

  private final Opt<Path> raw =
      Opt.of(
          Path.class,
          new PathConverter(),
          "FILE",
          "Write the merged notes' bytes to FILE instead; - is stdout.",
          "--raw");
  private final FileOptions files = new FileOptions();
  private final OutputOptions output = new OutputOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "notes",
            "Print the notes.",
            "Each note of the merged PT_NOTE with what it says. The n-th PRSTATUS need not be CPU n:"
                + " CPUs that were off have none.");
    dump.addTo(spec);
    raw.addTo(spec);
    files.addTo(spec);
    output.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore notes vmcore",
        "  vmcore notes --json vmcore | jq '.notes[] | select(.signal == 11) | .registers'",
        "  vmcore notes --raw notes.bin vmcore");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    files.requireEffect(raw.isGiven(), "without --raw");
    if (raw.isGiven()) {
      output.requireNone("with --raw");
    }
    boolean json = output.isJson();
    try (Vmcore vmcore = dump.open(console)) {
      if (raw.value().isPresent()) {
        return write(console, vmcore, raw.value().get());
      }
      if (json) {
        json(vmcore, output.document(console, "notes", vmcore));
      } else if (!vmcore.notes().isEmpty()) {
        text(vmcore, console.out());
      }
      requireNotes(vmcore);
      if (NoteBytes.areLost(vmcore)) {
        console.say(vmcore.name(), "notes, or parts of them, are lost");
        return ExitStatus.DAMAGED;
      }
      return ExitStatus.OK;
    }
  }

  private static void requireNotes(Vmcore vmcore) throws VmcoreException {
    if (vmcore.notes().isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "no notes");
    }
  }

  private static void json(Vmcore vmcore, Json json) {
    json.array("notes");
    for (Note note : vmcore.notes()) {
      json.object().number("index", note.index()).text("name", note.name());
      json.number("type", Integer.toUnsignedLong(note.type()));
      json.text("type_name", note.typeName()).hex("offset", note.offset());
      json.hex("descsz", note.descsz());
      NoteDetails.of(vmcore, note).write(json);
      json.end();
    }
    json.finish();
  }

  private void text(Vmcore vmcore, TextOut out) {
    Table table = output.begin(table(vmcore, out));
    for (Note note : vmcore.notes()) {
      table.decimal(note.index()).text(note.name()).text(note.typeName()).hex(note.offset());
      table.hex(note.descsz()).text(NoteDetails.of(vmcore, note).summary());
    }
  }

  private static Table table(Vmcore vmcore, TextOut out) {
    int name = 0;
    int type = 0;
    long size = 0;
    for (Note note : vmcore.notes()) {
      name = Math.max(name, Printable.text(note.name()).length());
      type = Math.max(type, note.typeName().length());
      size |= note.descsz();
    }
    return new Table(out)
        .decimal("INDEX", vmcore.notes().size())
        .left("NAME", name)
        .left("TYPE", type)
        .hex("OFFSET", vmcore.size())
        .hex("SIZE", size)
        .left("SUMMARY", 0);
  }

  private int write(Console console, Vmcore vmcore, Path target) throws VmcoreException {
    requireNotes(vmcore);
    ProgramHeader merged = vmcore.segments().getFirst();
    byte[] block = new byte[BLOCK];
    MemoryWalk walk = new MemoryWalk(vmcore, MemorySegment.ofArray(block));
    try (OutputFile file = files.create(target, dump.files())) {
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
    walk.missing().say(console, vmcore.name());
    return NoteBytes.areLost(vmcore) ? ExitStatus.DAMAGED : ExitStatus.OK;
  }
}
