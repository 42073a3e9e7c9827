package org.vmcore.cli.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.SystemMapOption;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore symbol}. */
public final class SymbolCommand implements Subcommand {
  private static final String WHAT = "NAME|ADDR|PATTERN";
  private static final String STDIN = "-";
  private static final String STDIN_FILE = "/dev/stdin";
  private static final int LONGEST = 4096;

  private static final Fields SYMBOL = new Fields();
  private static final Field NAME = SYMBOL.text("name", "Its name.");
  private static final Field ADDRESS =
      SYMBOL.address("address", "Its address, or a per-CPU variable's offset.").titled("ADDRESS");
  private static final Field OFFSET =
      SYMBOL.offset("offset", "How far behind it the address lies that was asked for.").optional();
  private static final Field TYPE =
      SYMBOL.text("type", "Its type, a letter as nm has it; left out where unknown.").optional();
  private static final Field SIZE = SYMBOL.size("size", "Its size.").optional();
  private static final Field MODULE =
      SYMBOL
          .text("module", "Its module; left out for the kernel's own.")
          .titled("MODULE")
          .wide(0)
          .optional();
  private static final Field LETTER = SYMBOL.column("TYPE", "The type; ? where unknown.").wide(1);
  private static final Field PLACE =
      SYMBOL.column("NAME", "The name, and +N where the address lies behind it.");

  static {
    SYMBOL.columns(ADDRESS, LETTER, PLACE, MODULE);
  }

  private static final Fields FIELDS = Fields.ofDump();
  static final Field SYMBOLS = FIELDS.records("symbols", SYMBOL, "What was found.");

  private final Frame frame =
      Frame.withArgument(
          WHAT,
          "A name, an address, also as NAME+N, or a pattern of names with *, ? or [a-z].",
          Names.SYMBOLS);
  private final SystemMapOption systemMap = new SystemMapOption();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "symbol",
            "Print symbols by name, address or pattern.",
            "The names and addresses of the kernel and its modules as the dump itself holds them; no"
                + " debuginfo is needed. An address gives the symbol that it lies in, and how far"
                + " behind its start. TYPE is nm's letter; on x86_64 A is a per-CPU variable and"
                + " ADDRESS its offset in each CPU's area. With - what stands on stdin, addresses or a"
                + " stack trace, is printed as it is, each address with its symbol behind it. What"
                + " can't be read is told on stderr; where it is lost the exit status is 3. It is 1"
                + " when there is no such symbol.");
    frame.addDumpTo(spec);
    systemMap.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore symbol vmcore panic",
        "  vmcore symbol vmcore 0xffffffff810a1b2c",
        "  vmcore symbol vmcore sysrq_handle_crash+0x1c",
        "  vmcore symbol vmcore - < trace.txt",
        "  vmcore symbol vmcore 'virtio_*' --json | jq -r '.symbols[].name'");
  }

  /** A symbol; what was asked for may be an address in it. */
  private record Hit(Symbol symbol, OptionalLong address) {
    /** How far behind the symbol that is, in bytes. */
    long offset() {
      return address.orElse(symbol.address()) - symbol.address();
    }

    /** {@code NAME+0xN}. */
    String name() {
      return offset() == 0 ? symbol.name() : symbol.name() + "+" + Hex.of(offset());
    }
  }

  /** Writes a record of {@code symbol}, in which {@code address} may lie. */
  static void put(Row row, Symbol symbol, OptionalLong address) {
    Hit hit = new Hit(symbol, address);
    String letter = String.valueOf(symbol.type());
    row.set(NAME, symbol.name()).set(ADDRESS, symbol.address()).set(LETTER, letter);
    if (symbol.type() != Symbol.UNKNOWN_TYPE) {
      row.set(TYPE, letter);
    }
    if (symbol.size().isPresent()) {
      row.set(SIZE, symbol.size().getAsLong());
    }
    if (symbol.module().isPresent()) {
      row.set(MODULE, symbol.module().get());
    }
    if (address.isPresent()) {
      row.set(OFFSET, hit.offset());
    }
    row.set(PLACE, hit.name()).end();
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    frame.output().check();
    String what = frame.argument();
    if (what.isEmpty()) {
      throw new UsageException(WHAT + " is empty");
    }
    if (what.length() > LONGEST) {
      throw new UsageException(WHAT + " is longer than any symbol's name");
    }
    if (what.equals(STDIN)) {
      return trace(console);
    }
    Question question = question(what);
    return frame.print(console, "symbol", vmcore -> answer(question, vmcore));
  }

  private int trace(Console console) throws VmcoreException {
    if (frame.files().contains(Path.of(STDIN_FILE))) {
      throw new UsageException("stdin can't be both DUMP and the text with addresses");
    }
    return frame.print(
        console,
        "symbol",
        vmcore -> new TraceReport(systemMap.kernel(vmcore).symbols(), vmcore.bits(), System.in));
  }

  private Answer answer(Question question, Vmcore vmcore) throws VmcoreException {
    Symbols symbols = systemMap.kernel(vmcore).symbols();
    return new Answer(question, question.ask(symbols), symbols);
  }

  /** What was found. */
  private record Answer(Question question, List<Hit> found, Symbols symbols) implements Listing {
    @Override
    public Field list() {
      return SYMBOLS;
    }

    @Override
    public void records(Row row) {
      for (Hit hit : found) {
        put(row, hit.symbol(), hit.address());
      }
    }

    @Override
    public void text(TextOut out, OutputOptions output) throws VmcoreException {
      if (!found.isEmpty()) {
        Listing.super.text(out, output);
      }
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      for (Finding gap : symbols.gaps()) {
        ending.gap("", gap);
      }
      if (found.isEmpty()) {
        ending.nothing(question.missing());
      }
    }
  }

  /** What is asked for. */
  private sealed interface Question {
    List<Hit> ask(Symbols symbols) throws VmcoreException;

    /** That there is none. */
    String missing();
  }

  private static Question question(String what) {
    int plus = what.lastIndexOf('+');
    boolean isPattern = what.matches(".*[*?\\[].*");
    if (Numbers.isAddress(what) && !isPattern) {
      return new At(what, address(what));
    }
    return plus > 0 && !isPattern
        ? new Behind(what, SymbolPlace.parse(WHAT, what))
        : new Named(what);
  }

  /** By name or pattern. */
  private record Named(String pattern) implements Question {
    @Override
    public List<Hit> ask(Symbols symbols) throws VmcoreException {
      List<Hit> found = new ArrayList<>();
      for (Symbol symbol : symbols.find(pattern)) {
        found.add(new Hit(symbol, OptionalLong.empty()));
      }
      return found;
    }

    @Override
    public String missing() {
      return "no symbol " + pattern;
    }
  }

  /** By address. */
  private record At(String text, long address) implements Question {
    @Override
    public List<Hit> ask(Symbols symbols) throws VmcoreException {
      Optional<Symbol> found = symbols.nearest(address);
      return found.isEmpty() ? List.of() : List.of(new Hit(found.get(), OptionalLong.of(address)));
    }

    @Override
    public String missing() {
      return "no symbol at " + text;
    }
  }

  /** As crash and oopses print an address: so many bytes behind a symbol of this name. */
  private record Behind(String text, SymbolPlace place) implements Question {
    @Override
    public List<Hit> ask(Symbols symbols) throws VmcoreException {
      List<Hit> found = new ArrayList<>();
      for (Symbol symbol : symbols.find(place.name())) {
        found.addAll(new At(text, place.behind(symbol)).ask(symbols));
      }
      return found;
    }

    @Override
    public String missing() {
      return "no symbol at " + text;
    }
  }

  private static long address(String what) {
    try {
      return Numbers.address(what);
    } catch (TypeConversionException e) {
      throw new UsageException("Invalid value for " + WHAT + ": " + e.getMessage());
    }
  }
}
