package org.vmcore.gdb.remote;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client sends and gets, as it goes over the wire: each byte a character. */
final class Client {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  /** Sends a packet. */
  Client packet(String content) {
    int checksum = 0;
    for (int i = 0; i < content.length(); i++) {
      checksum += content.charAt(i);
    }
    return raw(String.format("$%s#%02x", content, checksum & 0xff));
  }

  /** Sends bytes. */
  Client raw(String bytes) {
    sent.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  byte[] bytes() {
    return sent.toByteArray();
  }

  /** All that comes back. */
  String all(GdbStub stub) throws IOException {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    stub.serve(new ByteArrayInputStream(bytes()), got);
    return got.toString(StandardCharsets.ISO_8859_1);
  }

  /** The contents of the packets that come back, checked and without escapes. */
  List<String> answers(GdbStub stub) throws IOException {
    String got = all(stub);
    List<String> answers = new ArrayList<>();
    for (int at = got.indexOf('$'); at >= 0; at = got.indexOf('$', at + 1)) {
      int end = got.indexOf('#', at);
      String content = got.substring(at + 1, end);
      int checksum = content.chars().sum() & 0xff;
      if (Integer.parseInt(got.substring(end + 1, end + 3), 16) != checksum) {
        throw new AssertionError("checksum of " + content);
      }
      answers.add(plain(content));
    }
    return answers;
  }

  private static String plain(String content) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < content.length(); i++) {
      boolean isEscaped = content.charAt(i) == '}';
      plain.append(isEscaped ? (char) (content.charAt(++i) ^ 0x20) : content.charAt(i));
    }
    return plain.toString();
  }
}
