package org.vmcore.debuginfo.globals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The table of well-known variables, {@code globals.txt}, which tells of its form itself. */
final class GlobalTable {
  private static final String FILE = "globals.txt";

  /**
   * A type that a variable may have.
   *
   * @param type as C declares it
   * @param rule how the open number of an array is known; empty: by its room
   */
  record Entry(String type, String rule) {}

  private GlobalTable() {}

  /** The variables, and the types that each may have, in the table's order. */
  static Map<String, List<Entry>> read() {
    try (InputStream in = GlobalTable.class.getResourceAsStream(FILE)) {
      return parse(new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, List<Entry>> parse(InputStreamReader in) throws IOException {
    Map<String, List<Entry>> entries = new LinkedHashMap<>();
    BufferedReader lines = new BufferedReader(in);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int remark = line.indexOf('#');
      String[] columns = (remark < 0 ? line : line.substring(0, remark)).strip().split(" {2,}", 3);
      if (columns.length > 1) {
        entries
            .computeIfAbsent(columns[0], name -> new ArrayList<>())
            .add(new Entry(columns[1], columns.length > 2 ? columns[2] : ""));
      }
    }
    return entries;
  }
}
