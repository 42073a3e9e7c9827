package org.vmcore.kernel.oops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of tasks that the log has when memory ran out, and who holds most in it. */
final class Hog {
  private static final String TITLE = "[  pid  ]";

  private Hog() {}

  /** The task with the most pages in memory and in swap. */
  static Optional<TaskName> of(List<LogLine> lines) {
    int title = 0;
    while (title < lines.size() && !lines.get(title).text().startsWith(TITLE)) {
      title++;
    }
    if (title == lines.size()) {
      return Optional.empty();
    }
    List<String> columns = words(lines.get(title).text().substring(TITLE.length()));
    return largest(lines.subList(title + 1, lines.size()), columns);
  }

  private static Optional<TaskName> largest(List<LogLine> rows, List<String> columns) {
    Optional<TaskName> largest = Optional.empty();
    long most = 0;
    for (LogLine row : rows) {
      int close = row.text().startsWith("[") ? row.text().indexOf(']') : -1;
      if (close < 0) {
        break;
      }
      List<String> words = words(row.text().substring(close + 1));
      long pages = number(words, columns, "rss") + number(words, columns, "swapents");
      int pid = Text.decimal(row.text(), Text.skipBlanks(row.text(), 1));
      if (pages > most && pid >= 0) {
        most = pages;
        largest = Optional.of(new TaskName(name(row.text(), columns.size() - 1), pid));
      }
    }
    return largest;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (int at = Text.skipBlanks(text, 0); at < text.length(); ) {
      int end = Text.wordEnd(text, at);
      words.add(text.substring(at, end));
      at = Text.skipBlanks(text, end);
    }
    return words;
  }

  private static long number(List<String> words, List<String> columns, String title) {
    int column = columns.indexOf(title);
    boolean isThere = column >= 0 && column < words.size();
    return isThere ? Math.max(0, Text.decimal(words.get(column), 0)) : 0;
  }

  /** What is behind so many columns: a name may have blanks in it. */
  private static String name(String row, int columns) {
    int at = Text.skipBlanks(row, row.indexOf(']') + 1);
    for (int i = 0; i < columns; i++) {
      at = Text.skipBlanks(row, Text.wordEnd(row, at));
    }
    return row.substring(at);
  }
}
