package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code symbol DUMP -}: text with addresses on stdin. */
class SymbolTraceTest {
  private static final Path SAMPLE = Contract.FOLDER.resolveSibling("samples/dumps/crashed.kdump");

  private final InputStream stdin = System.in;

  @AfterEach
  void giveBack() {
    System.setIn(stdin);
  }

  private static Run symbol(String text, Object... line) {
    System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    return Run.of(line);
  }

  @ParameterizedTest
  @CsvSource({
    "ffffffff811d39ec, ffffffff811d39ec __crash_kexec+0x11c",
    "0xffffffff811d38d0, 0xffffffff811d38d0 __crash_kexec",
    "RIP: 0010:0xffffffff81ca2704 x, RIP: 0010:0xffffffff81ca2704 native_queued_spin_lock_slowpath+0x84 x",
    "' [<ffffffffc021d1b5>] y', ' [<ffffffffc021d1b5>] fx_spin_want+0x15 [fxcrash] y'",
    "[<ffffffff810c50a6>] panic_other+0x1, [<ffffffff810c50a6>] panic+0x2e6 panic_other+0x1",
    "' ? 0xFFFFFFFF810C50A6', ' ? 0xFFFFFFFF810C50A6 panic+0x2e6'",
    "RDI: ffffffffc021f6c0 RSI: ffffffff810c50a6, RDI: ffffffffc021f6c0 fx_spin [fxcrash] RSI: ffffffff810c50a6 panic+0x2e6",
  })
  void addressesGetTheirSymbols(String text, String expected) {
    assertThat(symbol(text, "symbol", SAMPLE, "-").ok().out()).isEqualTo(expected);
    assertThat(symbol(text + "\n" + text, "symbol", SAMPLE, "-").ok().out())
        .isEqualTo(expected + "\n" + expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[<ffffffff810c50a6>] panic+0x2e6/0x39c",
        "[<ffffffff810c50a6>] ? panic+0x2e6/0x39c",
        "0xffffffff810c50a6 (panic+0x2e6)",
        "0xffffffff810c50a6 panic",
      })
  void aNameThatStandsThereIsNotRepeated(String text) {
    assertThat(symbol(text, "symbol", SAMPLE, "-").ok().out()).isEqualTo(text);
  }

  /** Small numbers, the direct map, parts of longer words, offsets. */
  @Test
  void whatIsNoAddressOfASymbolStaysAsItIs() {
    String text =
        "0x28 0000000000000001 RAX: 0x10000 ffff88800fb3a100 affffffff810c50a6 ffffffff810c50a60"
            + " panic+0xffffffff810c50a6 \u00e9\u00ff\u0000\u001b[1m\r\n\nx";
    Run run = symbol(text, "symbol", SAMPLE, "-");

    assertThat(new String(run.bytes(), StandardCharsets.ISO_8859_1)).isEqualTo(text);
    run.fails(1, "vmcore: " + SAMPLE + ": stdin has no address that lies in a symbol");
  }

  @Test
  void linesMayBeOfAnyLength() {
    String text = "x".repeat(200_000) + " ffffffff810c50a6\n";

    assertThat(symbol(text, "symbol", SAMPLE, "-").ok().out())
        .isEqualTo(text.strip() + " panic+0x2e6\n");
  }

  @Test
  void asJson() {
    assertThat(
            symbol("ffffffff810c50a6\nx 0xffffffffc021d1b5", "symbol", "--json", SAMPLE, "-")
                .ok()
                .records("symbols"))
        .extracting(each -> each.get("name") + "+" + each.get("offset") + " " + each.get("module"))
        .containsExactly("panic+0x2e6 null", "fx_spin_want+0x15 fxcrash");
  }

  @Test
  void stdinIsOneOfBoth() {
    symbol("", "symbol", "-", "-")
        .misused("vmcore symbol", "stdin can't be both DUMP and the text with addresses");
  }
}
