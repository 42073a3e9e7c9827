package org.vmcore.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Makes a file that packs as a kernel's memory does: a quarter each of text, of structures full of
 * pointers, of small numbers among zeros, and of what can't be packed; some pages are zeros. The
 * same at each run.
 */
final class TrainingPages {
  private static final int PAGE = 4096;
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;
  private static final String[] WORDS = {
    "kernel", "page", "struct", "error", "device", "0x00000000", "init", "return", "usr/lib", "\n"
  };

  private final Random random = new Random(1);

  private TrainingPages() {}

  static void write(Path file, int pages) throws IOException {
    TrainingPages made = new TrainingPages();
    ByteBuffer bytes = ByteBuffer.allocate(pages * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < pages; i++) {
      made.fill(bytes.slice(i * PAGE, PAGE).order(ByteOrder.LITTLE_ENDIAN), i % 9);
    }
    Files.write(file, bytes.array());
  }

  private void fill(ByteBuffer page, int kind) {
    switch (kind) {
      case 0, 4 -> text(page);
      case 1, 5 -> structures(page);
      case 2, 6 -> numbers(page);
      case 3, 7 -> noise(page);
      default -> {} // zeros
    }
  }

  private void text(ByteBuffer page) {
    while (page.remaining() > 16) {
      for (char c : WORDS[random.nextInt(WORDS.length)].toCharArray()) {
        page.put((byte) c);
      }
      page.put((byte) ' ');
    }
  }

  private void structures(ByteBuffer page) {
    for (int at = 0; at < PAGE; at += Long.BYTES) {
      boolean isPointer = random.nextInt(3) == 0;
      page.putLong(at, isPointer ? DIRECT_MAP + (random.nextInt(1 << 16) << 6) : at & 0x38);
    }
  }

  private void numbers(ByteBuffer page) {
    for (int at = 0; at < PAGE; at += 32) {
      page.putInt(at, random.nextInt(1000));
    }
  }

  private void noise(ByteBuffer page) {
    for (int at = 0; at < PAGE; at += Long.BYTES) {
      page.putLong(at, random.nextLong());
    }
  }
}
