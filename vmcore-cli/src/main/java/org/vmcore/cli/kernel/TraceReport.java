package org.vmcore.cli.kernel;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalLong;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Text that is read, with the symbols of the addresses in it. */
final class TraceReport implements Report {
  private static final String STDIN = "stdin";

  /** What is behind so many bytes of a line is taken for another one. */
  private static final int LONGEST = 1 << 16;

  private final Symbols symbols;
  private final TraceLine traces;
  private final InputStream in;
  private final byte[] buffer = new byte[LONGEST];
  private long count;

  /**
   * The text in {@code in}.
   *
   * @param bits of the kernel's words
   */
  TraceReport(Symbols symbols, int bits, InputStream in) {
    this.symbols = symbols;
    this.traces = new TraceLine(symbols, bits);
    this.in = new BufferedInputStream(in);
  }

  /** The next line with its end; empty behind the last one. */
  private byte[] line() throws VmcoreException {
    int length = 0;
    try {
      while (length < LONGEST) {
        int next = in.read();
        if (next < 0) {
          break;
        }
        buffer[length++] = (byte) next;
        if (next == '\n') {
          break;
        }
      }
    } catch (IOException e) {
      throw VmcoreException.of(STDIN, "cannot read", e);
    }
    return Arrays.copyOf(buffer, length);
  }

  @Override
  public void text(TextOut out, OutputOptions output) throws VmcoreException {
    for (byte[] line = line(); line.length > 0; line = line()) {
      int written = 0;
      for (TraceLine.Place place : traces.places(line)) {
        count++;
        if (!place.isNamed()) {
          out.bytes(Arrays.copyOfRange(line, written, place.end()));
          out.put(' ').text(place.name());
          written = place.end();
        }
      }
      out.bytes(Arrays.copyOfRange(line, written, line.length));
      flush(out);
    }
  }

  /** Whoever writes slowly sees each line at once. */
  private void flush(TextOut out) throws VmcoreException {
    try {
      if (in.available() == 0) {
        out.flush();
      }
    } catch (IOException e) {
      throw VmcoreException.of(STDIN, "cannot read", e);
    }
  }

  @Override
  public void json(Json json) throws VmcoreException {
    Row row = json.rows(SymbolCommand.SYMBOLS);
    for (byte[] line = line(); line.length > 0; line = line()) {
      for (TraceLine.Place place : traces.places(line)) {
        count++;
        SymbolCommand.put(row, place.symbol(), OptionalLong.of(place.address()));
      }
    }
    json.finish();
  }

  @Override
  public void end(Ending ending) throws VmcoreException {
    for (Finding gap : symbols.gaps()) {
      ending.gap("", gap);
    }
    if (count == 0) {
      ending.nothing("stdin has no address that lies in a symbol");
    }
  }
}
