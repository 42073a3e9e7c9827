package org.vmcore.cli.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.DumpOptions;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.SystemMapOption;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;
import org.vmcore.kernel.Symbol;
import org.vmcore.kernel.Symbols;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore symbol}. */
public final class SymbolCommand implements Subcommand {
  private static final String WHAT = "NAME|ADDR|PATTERN";
  private static final int LONGEST = 4096;

  private final DumpOptions dump =
      DumpOptions.withArgument(
          WHAT, "A name, an address, also as NAME+N, or a pattern of names with *, ? or [a-z].");
  private final OutputOptions output = new OutputOptions();
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
                + " ADDRESS its offset in each CPU's area. What can't be read is told on stderr; where"
                + " it is lost the exit status is 3. It is 1 when there is no such symbol.");
    dump.addTo(spec);
    systemMap.addTo(spec);
    output.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore symbol vmcore panic",
        "  vmcore symbol vmcore 0xffffffff810a1b2c",
        "  vmcore symbol vmcore sysrq_handle_crash+0x1c",
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
      return offset() == 0 ? symbol.name() : symbol.name() + "+0x" + Long.toHexString(offset());
    }
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean isJson = output.isJson();
    String what = dump.argument();
    if (what.isEmpty()) {
      throw new UsageException(WHAT + " is empty");
    }
    if (what.length() > LONGEST) {
      throw new UsageException(WHAT + " is longer than any symbol's name");
    }
    Question question = question(what);
    try (Vmcore vmcore = dump.open(console)) {
      Symbols symbols = systemMap.kernel(vmcore).symbols();
      List<Hit> found = question.ask(symbols);
      if (isJson) {
        json(found, output.document(console, "symbol", vmcore));
      } else if (!found.isEmpty()) {
        text(found, console.out());
      }
      return status(console, vmcore, symbols.gaps(), found.isEmpty() ? question.missing() : "");
    }
  }

  private static int status(Console console, Vmcore vmcore, List<Finding> gaps, String missing)
      throws VmcoreException {
    boolean isDamaged = false;
    for (Finding gap : gaps) {
      console.say(vmcore.name(), gap.message());
      isDamaged |= gap.severity() == Finding.Severity.ERROR;
    }
    if (!missing.isEmpty() && !isDamaged) {
      throw VmcoreException.of(vmcore.name(), missing);
    }
    if (!missing.isEmpty()) {
      console.say(vmcore.name(), missing);
    }
    return isDamaged ? ExitStatus.DAMAGED : ExitStatus.OK;
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

  private static void json(List<Hit> found, Json json) {
    json.array("symbols");
    for (Hit hit : found) {
      Symbol symbol = hit.symbol();
      json.object().text("name", symbol.name()).hex("address", symbol.address());
      if (hit.address().isPresent()) {
        json.hex("offset", hit.offset());
      }
      if (symbol.type() != Symbol.UNKNOWN_TYPE) {
        json.text("type", String.valueOf(symbol.type()));
      }
      if (symbol.size().isPresent()) {
        json.hex("size", symbol.size().getAsLong());
      }
      if (symbol.module().isPresent()) {
        json.text("module", symbol.module().get());
      }
      json.end();
    }
    json.finish();
  }

  private void text(List<Hit> found, TextOut out) {
    long most = 0;
    int width = 0;
    for (Hit hit : found) {
      most |= hit.symbol().address();
      width = Math.max(width, hit.name().length());
    }
    Table table =
        output.begin(
            new Table(out)
                .hex("ADDRESS", most)
                .left("TYPE", 1)
                .left("NAME", width)
                .left("MODULE", 0));
    for (Hit hit : found) {
      Symbol symbol = hit.symbol();
      table.hex(symbol.address()).text(String.valueOf(symbol.type())).text(hit.name());
      if (symbol.module().isPresent()) {
        table.text(symbol.module().get());
      } else {
        table.none();
      }
    }
  }
}
