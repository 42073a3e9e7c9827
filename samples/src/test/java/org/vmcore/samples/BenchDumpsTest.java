package org.vmcore.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchDumpsTest {
  private static final int MIB = 1 << 20;
  private static final int PAGE = 4096;
  private static final int HEADERS = 2 * PAGE;
  private static final String ZEROS = new String(new char[PAGE]);

  @TempDir Path folder;

  @Test
  void filledHasNoTwoPagesAlikeAndNoneOfZeros() throws IOException {
    List<String> pages = pages(BenchDumps.filled(folder.resolve("dump"), 4 * MIB));

    Set<String> different = new HashSet<>(pages);
    assertThat(different).hasSize(4 * MIB / PAGE).doesNotContain(ZEROS);
  }

  @Test
  void patchyHasOneMibOfFour() throws IOException {
    List<String> pages = pages(BenchDumps.patchy(folder.resolve("dump"), 8 * MIB));

    for (int i = 0; i < pages.size(); i++) {
      boolean hole = i * PAGE / MIB % 4 != 0;
      assertThat(pages.get(i).equals(ZEROS)).as("page %d is zero", i).isEqualTo(hole);
    }
  }

  private static List<String> pages(Path dump) throws IOException {
    byte[] bytes = Files.readAllBytes(dump);
    List<String> pages = new ArrayList<>();
    for (int at = HEADERS; at < bytes.length; at += PAGE) {
      pages.add(new String(bytes, at, PAGE, StandardCharsets.ISO_8859_1));
    }
    return pages;
  }
}
