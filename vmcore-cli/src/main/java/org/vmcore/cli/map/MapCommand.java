package org.vmcore.cli.map;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore map}. */
public final class MapCommand implements Subcommand {
  private static final int MOST = 4096;
  private static final int SVG_WIDTH = 128;

  private static final Fields RUN = new Fields();
  private static final Field START = RUN.address("start", "The first physical address.");
  private static final Field SIZE = RUN.size("size", "In bytes, whole page frames.");
  private static final Field STATE =
      RUN.text(
              "state",
              "present, excluded, lost or not_ram, as of pages; buffer: present, and RAM in part, so"
                  + " that the kernel copied it.")
          .oneOf("present", "excluded", "lost", "buffer", "not_ram");

  private static final Fields FIELDS = Fields.ofDump();
  private static final Field PAGE_SIZE = FIELDS.size("page_size", "The size of a page frame.");
  private static final Field RUNS =
      FIELDS.records("runs", RUN, "Runs of memory in one state, in ascending order.");

  private final Frame frame = Frame.ofDump();
  private final Opt<Integer> width =
      Opt.of(
          Integer.class,
          MapCommand::width,
          "N",
          "Cells in a line; by default as many as the terminal has room for, 128 in a picture.",
          "--width");
  private final Opt<Path> output =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "FILE.svg",
          "Draw a picture, as SVG; - is stdout.",
          "-o",
          "--output");
  private final FileOptions files = new FileOptions();

  private static int width(String text) {
    long number = Numbers.parse(text);
    if (number < 1 || number > MOST) {
      throw new TypeConversionException("'" + text + "' is no width: 1 to " + MOST);
    }
    return (int) number;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "map",
            "Draw which memory is in the dump.",
            "RAM as a strip of cells, each a letter and a colour: P present, X excluded, L lost, B"
                + " a BUFFER page, which is RAM in part and was copied, . not RAM. A line begins"
                + " with its physical address; where there is no RAM, lines are left out. The exit"
                + " status is 3 where pages are lost.");
    frame.addDumpTo(spec);
    width.addTo(spec);
    output.addTo(spec);
    files.addTo(spec);
    frame.addOutputTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore map vmcore",
        "  vmcore map -o vmcore.svg vmcore",
        "  vmcore map --json vmcore | jq '.runs[] | select(.state == \"lost\")'");
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    files.requireEffect(output.isGiven(), "without --output");
    if (output.value().isEmpty()) {
      width.requireEffect(!frame.output().isJson(), "with --json");
      return frame.print(console, "map", vmcore -> new Drawing(console, vmcore, Runs.of(vmcore)));
    }
    frame.output().requireNone("with --output");
    Path target = output.value().get();
    files.prepare(target);
    return frame.run(console, (vmcore, ending) -> draw(vmcore, target, ending));
  }

  private void draw(Vmcore vmcore, Path target, Ending ending) throws VmcoreException {
    Runs runs = Runs.of(vmcore);
    requireRam(runs, ending);
    int cells = width.or(SVG_WIDTH);
    long cell = Strip.cell(runs, vmcore.pageSize(), cells);
    StripSvg picture = new StripSvg(cells, cell);
    Strip.draw(runs, cells, cell, picture);
    byte[] bytes = picture.picture(vmcore.name(), runs).getBytes(StandardCharsets.UTF_8);
    try (OutputFile file = files.create(target)) {
      file.write(bytes, 0, bytes.length);
      file.commit();
    }
    endOf(runs, ending);
  }

  private static void requireRam(Runs runs, Ending ending) throws VmcoreException {
    if (runs.ram() == 0) {
      ending.nothing("no PT_LOAD: the dump holds no memory");
    }
  }

  private static void endOf(Runs runs, Ending ending) {
    if (runs.size(MapState.LOST) > 0) {
      ending.lost("page frames are lost");
    }
  }

  /** The strip, or its runs. */
  private final class Drawing implements Report {
    private final Console console;
    private final Vmcore vmcore;
    private final Runs runs;

    Drawing(Console console, Vmcore vmcore, Runs runs) {
      this.console = console;
      this.vmcore = vmcore;
      this.runs = runs;
    }

    @Override
    public void json(Json json) throws VmcoreException {
      json.put(PAGE_SIZE, vmcore.pageSize());
      Row row = json.rows(RUNS);
      runs.each(
          run -> {
            row.set(START, run.start()).set(SIZE, run.size());
            row.set(STATE, run.state().label()).end();
          });
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) throws VmcoreException {
      if (runs.ram() == 0) {
        return;
      }
      long end = runs.ram() + runs.size(MapState.NOT_RAM);
      int digits = TextOut.hexDigits(end - 1);
      int cells = width.or(Math.max(16, Columns.of(console) - digits - 4));
      long cell = Strip.cell(runs, vmcore.pageSize(), cells);
      StripText text = new StripText(out, digits, console.ansi().enabled());
      Strip.draw(runs, cells, cell, text);
      text.legend(runs, cell);
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      requireRam(runs, ending);
      endOf(runs, ending);
    }
  }
}
