package org.vmcore.cli.command;

import org.vmcore.Vmcore;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.image.Chunk;
import org.vmcore.io.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore chunks}. */
public final class ChunksCommand implements Subcommand {
  private final Report.Options options = new Report.Options();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "chunks",
            "Print the vmcore list.",
            "The chunks that the image consists of. OLDMEM is whole pages that stay where they are;"
                + " BUFFER was made or copied: the header, the notes, fractional pages. SOURCE is"
                + " an address in old memory, SEGMENT an index of 'vmcore segments'.");
    options.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore chunks vmcore",
        "  vmcore chunks --json vmcore | jq '.chunks[] | select(.kind == \"BUFFER\")'");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return options.run(console, "chunks", Chunks::new);
  }

  /** The list of an open dump. */
  private record Chunks(Vmcore vmcore) implements Report {
    @Override
    public void json(Json json) {
      json.hex("size", vmcore.size()).array("chunks");
      for (Chunk chunk : vmcore.chunks()) {
        json.object().hex("offset", chunk.offset()).hex("size", chunk.size());
        json.text("kind", kind(chunk));
        if (chunk.source().isPresent()) {
          json.hex("source", chunk.source().getAsLong());
        }
        json.text("content", content(chunk));
        if (chunk.segment() >= 0) {
          json.number("segment", chunk.segment());
        }
        json.end();
      }
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      Table table = output.begin(table(out));
      for (Chunk chunk : vmcore.chunks()) {
        table.hex(chunk.offset()).hex(chunk.size()).text(kind(chunk)).text(content(chunk));
        if (chunk.source().isPresent()) {
          table.hex(chunk.source().getAsLong());
        } else {
          table.none();
        }
        if (chunk.segment() >= 0) {
          table.decimal(chunk.segment());
        } else {
          table.none();
        }
      }
    }

    private Table table(TextOut out) {
      long size = 0;
      long source = 0;
      for (Chunk chunk : vmcore.chunks()) {
        size |= chunk.size();
        source |= chunk.source().orElse(0);
      }
      return new Table(out)
          .hex("OFFSET", vmcore.size())
          .hex("SIZE", size)
          .left("KIND", 6)
          .left("CONTENT", 11)
          .hex("SOURCE", source)
          .decimal("SEGMENT", vmcore.segments().size());
    }

    private static String kind(Chunk chunk) {
      return chunk instanceof Chunk.OldMem ? "OLDMEM" : "BUFFER";
    }

    private static String content(Chunk chunk) {
      return switch (chunk.content()) {
        case HEADER -> "header";
        case DEVICE_DUMP -> "device_dump";
        case NOTES -> "notes";
        case LOAD -> "load";
      };
    }
  }
}
