package org.vmcore.cli.command;

import org.vmcore.Vmcore;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore chunks}. */
public final class ChunksCommand implements Subcommand {
  private static final Fields CHUNK = new Fields();
  private static final Field OFFSET =
      CHUNK.offset("offset", "Where it begins in the image.").titled("OFFSET");
  private static final Field SIZE = CHUNK.size("size", "Its size.").titled("SIZE");
  private static final Field KIND =
      CHUNK
          .text("kind", "OLDMEM: whole pages that stay where they are; BUFFER: made or copied.")
          .oneOf("OLDMEM", "BUFFER")
          .titled("KIND")
          .wide(6);
  private static final Field SOURCE =
      CHUNK
          .address("source", "Where it begins in old memory; left out where it was made.")
          .titled("SOURCE")
          .optional();
  private static final Field CONTENT =
      CHUNK
          .text("content", "What it holds.")
          .oneOf("header", "device_dump", "notes", "load")
          .titled("CONTENT")
          .wide(11);
  private static final Field SEGMENT =
      CHUNK
          .index("segment", "The program header that it belongs to; left out for the header.")
          .titled("SEGMENT")
          .optional();

  static {
    CHUNK.columns(OFFSET, SIZE, KIND, CONTENT, SOURCE, SEGMENT);
  }

  private static final Fields FIELDS = Fields.ofDump();
  private static final Field IMAGE_SIZE = FIELDS.size("size", "The size of the image.");
  private static final Field CHUNKS = FIELDS.records("chunks", CHUNK, "The vmcore list.");

  private final Frame frame = Frame.ofDump();

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
    frame.addDumpTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore chunks vmcore",
        "  vmcore chunks --json vmcore | jq '.chunks[] | select(.kind == \"BUFFER\")'");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return frame.print(console, "chunks", Chunks::new);
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  /** The list of an open dump. */
  private record Chunks(Vmcore vmcore) implements Listing {
    @Override
    public Field list() {
      return CHUNKS;
    }

    @Override
    public void head(Json json) {
      json.put(IMAGE_SIZE, vmcore.size());
    }

    @Override
    public void bounds(Table table) {
      table.upTo(OFFSET, vmcore.size()).upTo(SEGMENT, vmcore.segments().size());
    }

    @Override
    public void records(Row row) {
      for (Chunk chunk : vmcore.chunks()) {
        row.set(OFFSET, chunk.offset()).set(SIZE, chunk.size()).set(KIND, kind(chunk));
        row.set(CONTENT, content(chunk));
        if (chunk.source().isPresent()) {
          row.set(SOURCE, chunk.source().getAsLong());
        }
        if (chunk.segment() >= 0) {
          row.set(SEGMENT, chunk.segment());
        }
        row.end();
      }
    }

    @Override
    public void end(Ending ending) {}

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
