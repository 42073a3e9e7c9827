package org.vmcore.values;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** No control character of a dump reaches a terminal. */
class PrintableTest {
  @Test
  void plainTextStaysTheSameObject() {
    String text = "OSRELEASE=6.1.0 \u00e4\u6f22";
    assertThat(Printable.text(text)).isSameAs(text);
    assertThat(Printable.text("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0x00, \\x00",
    "0x0a, \\x0a",
    "0x1b, \\x1b",
    "0x1f, \\x1f",
    "0x7f, \\x7f",
    "0x80, \\x80",
    "0x9b, \\x9b",
    "0x9f, \\x9f",
    "0x200e, \\u200e",
    "0x2028, \\u2028",
    "0x202e, \\u202e",
    "0x2066, \\u2066",
    "0x2069, \\u2069",
    "0x61c, \\u061c"
  })
  void controlCharactersAreWrittenOut(String character, String expected) {
    String control = Character.toString((char) Integer.decode(character).intValue());
    assertThat(Printable.text("a" + control + "b")).isEqualTo("a" + expected + "b");
  }

  @ParameterizedTest
  @CsvSource({"0x20", "0x7e", "0xa0", "0x200d", "0x2010", "0x2027", "0x202f", "0x2065", "0x206a"})
  void theirNeighboursStay(String character) {
    String text = Character.toString((char) Integer.decode(character).intValue());
    assertThat(Printable.text(text)).isEqualTo(text);
  }

  @Test
  void anExceptionIsOneLine() {
    VmcoreException e = VmcoreException.at("a\nb", 0x10, "c\u001b[2J");
    assertThat(e).hasMessage("a\\x0ab: offset 0x10: c\\x1b[2J");
    assertThat(e.reason()).isEqualTo("c\\x1b[2J");
    assertThat(e.offset()).hasValue(16);
    assertThat(VmcoreException.of("a", "b")).hasMessage("a: b");
    assertThat(VmcoreException.of("a", "b").offset()).isEmpty();
  }

  @Test
  void aFindingIsPrintable() {
    assertThat(Finding.info("notes", "a\tb").message()).isEqualTo("a\\x09b");
  }

  @Test
  void bytesThatAreNoUtf8AreEscaped() {
    assertThat(Printable.utf8("")).isEmpty();
    assertThat(Printable.utf8("a\u00c3\u00a4\u00e2\u0082\u00ac")).isEqualTo("a\u00e4\u20ac");
    assertThat(Printable.utf8("\u00c0\u0080\u00ed\u00a0\u0080z"))
        .isEqualTo("\\xc0\\x80\\xed\\xa0\\x80z");
    assertThat(Printable.utf8("x\u00e2\u0082")).isEqualTo("x\\xe2\\x82");
    assertThat(Printable.utf8("\u00c2\u009b\n")).isEqualTo("\\x9b\\x0a");
  }

  @Test
  void loneSurrogatesAreEscaped() {
    assertThat(Printable.text("a\udcff\ud83d\ude80\ud800")).isEqualTo("a\\xff\ud83d\ude80\\ud800");
    assertThat(Printable.text("\udc00\ude80")).isEqualTo("\\udc00\\ude80");
  }
}
