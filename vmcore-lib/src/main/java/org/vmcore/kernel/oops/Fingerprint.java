package org.vmcore.kernel.oops;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What two crashes of the same cause have in common, as one number: a hash over the kind of the
 * crash and the functions that it happened in.
 *
 * @param value the first 16 hexadecimal digits of the SHA-256 of the inputs, each of them a line:
 *     {@code printf '%s\n' INPUT... | sha256sum | cut -c1-16}
 * @param inputs the kind, then what {@link #of} takes of the crash
 */
public record Fingerprint(String value, List<String> inputs) {
  private static final int DIGITS = 16;

  /** An unmodifiable copy of the inputs is kept. */
  public Fingerprint {
    inputs = List.copyOf(inputs);
  }

  /**
   * The fingerprint of a crash of {@code kind} whose guilty task's stack is {@code frames}, the
   * innermost first. The functions that count are the first three from the fault outward, see
   * {@link FingerprintFrames}.
   *
   * @param message the panic's own words: what counts, its numbers left out, where the stack says
   *     nothing of the cause
   * @param largest the name of the task that holds most memory, which counts where there is none
   *     left; may be empty
   */
  public static Fingerprint of(
      CrashKind kind, String message, String largest, List<CodePlace> frames) {
    List<String> inputs = new ArrayList<>();
    inputs.add(kind.text());
    switch (kind) {
      case OUT_OF_MEMORY -> addText(largest, inputs);
      case NMI, MACHINE_CHECK, WATCHDOG, NO_ROOT, NO_INIT, INIT_DIED -> addText(message, inputs);
      default -> inputs.addAll(FingerprintFrames.of(kind, frames));
    }
    if (inputs.size() == 1) {
      addText(message, inputs);
    }
    return new Fingerprint(hash(inputs), inputs);
  }

  private static void addText(String text, List<String> inputs) {
    if (!text.isEmpty()) {
      inputs.add(masked(text));
    }
  }

  /** {@code text} with {@code N} for each number, whatever its base. */
  private static String masked(String text) {
    StringBuilder masked = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int end = at;
      while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
        end++;
      }
      String word = text.substring(at, end);
      masked.append(isNumber(word) ? "N" : word);
      at = end;
      if (at < text.length()) {
        masked.append(text.charAt(at) < ' ' ? ' ' : text.charAt(at));
        at++;
      }
    }
    return masked.toString();
  }

  /** A digit first, or hexadecimal with a digit in it: addresses are printed without {@code 0x}. */
  private static boolean isNumber(String word) {
    boolean hasDigit = false;
    boolean isHex = true;
    for (int i = 0; i < word.length(); i++) {
      hasDigit |= Character.isDigit(word.charAt(i));
      isHex &= Character.digit(word.charAt(i), 16) >= 0;
    }
    return hasDigit && (isHex || Character.isDigit(word.charAt(0)));
  }

  private static String hash(List<String> inputs) {
    String lines = String.join("\n", inputs) + "\n";
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, DIGITS / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
