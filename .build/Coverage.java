import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Prints one line of test coverage for each of the given modules that has a JaCoCo report. */
final class Coverage {
  public static void main(String[] modules) throws IOException {
    for (String module : modules) {
      Path csv = Path.of(module, "target", "site", "jacoco", "jacoco.csv");
      if (Files.exists(csv)) {
        List<long[]> rows =
            Files.readAllLines(csv).stream().skip(1).map(Coverage::counters).toList();
        System.out.printf(
            "[INFO] Coverage of %-12s lines %s, branches %s%n",
            Path.of(module).getFileName(), percent(rows, 4), percent(rows, 2));
      }
    }
  }

  /** Missed and covered: instructions, branches, lines, complexity, methods. */
  private static long[] counters(String row) {
    String[] cells = row.split(",");
    return Arrays.stream(cells, cells.length - 10, cells.length)
        .mapToLong(Long::parseLong)
        .toArray();
  }

  private static String percent(List<long[]> rows, int column) {
    long missed = rows.stream().mapToLong(row -> row[column]).sum();
    long covered = rows.stream().mapToLong(row -> row[column + 1]).sum();
    long all = missed + covered;
    return all == 0 ? "none" : "%.1f %% (%d of %d)".formatted(100.0 * covered / all, covered, all);
  }
}
