package org.vmcore.cli;

import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.io.VmcoreException;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.Symbol;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore symbol}. */
final class SymbolCommand implements Subcommand {
  private static final int HEX_DIGITS = 16;

  private final DumpOptions dump =
      DumpOptions.withArgument(
          "NAME|ADDR|PATTERN", "A name, an address, or a pattern of names with *, ? or [a-z].");
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
                + " ADDRESS its offset in each CPU's area.");
    dump.addTo(spec);
    systemMap.addTo(spec);
    output.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore symbol vmcore panic",
        "  vmcore symbol vmcore 0xffffffff810a1b2c",
        "  vmcore symbol vmcore 'virtio_*' --json | jq -r '.symbols[].name'");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean isJson = output.isJson();
    String what = dump.argument();
    if (what.isEmpty()) {
      throw new UsageException("NAME|ADDR|PATTERN is empty");
    }
    boolean isAddress = Character.digit(what.charAt(0), 10) >= 0 || isHex(what);
    long address = isAddress ? address(what) : 0;
    try (Vmcore vmcore = dump.open(console)) {
      Kernel kernel = systemMap.kernel(vmcore);
      List<Symbol> found = isAddress ? near(kernel, address) : kernel.symbols().find(what);
      if (isJson) {
        json(found, isAddress, address, output.document(console, "symbol", vmcore));
      } else if (!found.isEmpty()) {
        text(found, isAddress, address, console.out());
      }
      for (String gap : kernel.symbols().gaps()) {
        console.say(vmcore.name(), gap);
      }
      if (found.isEmpty()) {
        throw VmcoreException.of(vmcore.name(), "no symbol " + (isAddress ? "at " : "") + what);
      }
      return ExitStatus.OK;
    }
  }

  /** A whole address as crash and oopses print it. */
  private static boolean isHex(String what) {
    boolean isHex = what.length() == HEX_DIGITS;
    for (int i = 0; isHex && i < HEX_DIGITS; i++) {
      isHex = Character.digit(what.charAt(i), 16) >= 0;
    }
    return isHex;
  }

  private static long address(String what) {
    try {
      return Numbers.parse(isHex(what) ? "0x" + what : what);
    } catch (TypeConversionException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static List<Symbol> near(Kernel kernel, long address) throws VmcoreException {
    Optional<Symbol> found = kernel.symbols().nearest(address);
    return found.isEmpty() ? List.of() : List.of(found.get());
  }

  private static void json(List<Symbol> found, boolean isAddress, long address, Json json) {
    json.array("symbols");
    for (Symbol symbol : found) {
      json.object().text("name", symbol.name()).hex("address", symbol.address());
      if (isAddress) {
        json.hex("offset", address - symbol.address());
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

  private void text(List<Symbol> found, boolean isAddress, long address, TextOut out) {
    long most = 0;
    int width = 0;
    for (Symbol symbol : found) {
      most |= symbol.address();
      width = Math.max(width, symbol.name().length());
    }
    width += isAddress ? 3 + TextOut.hexDigits(address - found.getFirst().address()) : 0;
    Table table =
        output.begin(
            new Table(out)
                .hex("ADDRESS", most)
                .left("TYPE", 1)
                .left("NAME", width)
                .left("MODULE", 0));
    for (Symbol symbol : found) {
      table.hex(symbol.address()).text(String.valueOf(symbol.type()));
      table.text(isAddress ? behind(symbol, address) : symbol.name());
      if (symbol.module().isPresent()) {
        table.text(symbol.module().get());
      } else {
        table.none();
      }
    }
  }

  private static String behind(Symbol symbol, long address) {
    long offset = address - symbol.address();
    return offset == 0 ? symbol.name() : symbol.name() + "+0x" + Long.toHexString(offset);
  }
}
