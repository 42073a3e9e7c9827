package org.vmcore.gdb.remote;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.vmcore.values.Printable;

/**
 * An answer: the content of a packet, in the form in which it is sent.
 *
 * @param content with its escapes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(byte[] content) {
  /** What isn't known here is answered by nothing. */
  static final Reply UNKNOWN = text("");

  static final Reply OK = text("OK");

  /** Behind a prefix as long as this there is room. */
  private static final int PREFIX = 32;

  private static final HexFormat HEX = HexFormat.of();

  /** Text of ours, which needs no escapes. */
  static Reply text(String text) {
    return new Reply(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** An error in words, for people: nothing in it ends the packet or is taken for a repetition. */
  static Reply error(String words) {
    StringBuilder text = new StringBuilder("E.");
    String printable = Printable.text(words);
    for (int i = 0; i < printable.length(); i++) {
      char c = printable.charAt(i);
      text.append(c < 0x80 && "#$}*".indexOf(c) < 0 ? c : '?');
    }
    return text(text.toString());
  }

  /** Bytes as hexadecimal digits. */
  static Reply hex(byte[] bytes) {
    return text(HEX.formatHex(bytes));
  }

  /** {@code prefix}, and behind it bytes, escaped: no more than {@link #room} tells. */
  static Reply binary(String prefix, byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + PREFIX);
    out.writeBytes(prefix.getBytes(StandardCharsets.US_ASCII));
    for (byte each : bytes) {
      if (isSpecial(each)) {
        out.write('}');
        out.write(each ^ 0x20);
      } else {
        out.write(each);
      }
    }
    return new Reply(out.toByteArray());
  }

  /** How many of {@code bytes} from {@code offset} on, at most {@code most}, a packet holds. */
  static int room(byte[] bytes, int offset, int most) {
    int size = PREFIX;
    int n = 0;
    while (n < most && offset + n < bytes.length && size < PacketReader.MOST - 1) {
      size += isSpecial(bytes[offset + n]) ? 2 : 1;
      n++;
    }
    return n;
  }

  private static boolean isSpecial(byte each) {
    return each == '#' || each == '$' || each == '}' || each == '*';
  }
}
