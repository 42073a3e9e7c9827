package org.vmcore.cli.help;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What was probably meant by a name that isn't there. */
final class Near {
  private static final int MOST = 3;

  private Near() {}

  /** {@code : did you mean A or B?}; empty where nothing is like {@code wrong}. */
  static String question(String wrong, Collection<String> names) {
    List<String> found = of(wrong, names);
    return found.isEmpty() ? "" : ": did you mean " + String.join(" or ", found) + "?";
  }

  /** Those of {@code names} that differ least, or all that begin so. */
  static List<String> of(String wrong, Collection<String> names) {
    String letters = wrong.replaceFirst("^-+", "");
    List<String> found = new ArrayList<>();
    int least = letters.length() < 3 ? 0 : letters.length() < 9 ? 2 : 3;
    for (String name : names) {
      int distance =
          letters.length() > 1 && name.startsWith(wrong) ? 0 : distance(wrong, name, least);
      if (distance < least) {
        found.clear();
        least = distance;
      }
      if (distance == least && letters.length() > 1) {
        found.add(name);
      }
    }
    return found.size() > MOST ? List.of() : found;
  }

  /** Letters to change, add, leave out or swap with their neighbour; at most {@code limit} + 1. */
  private static int distance(String one, String other, int limit) {
    if (Math.abs(one.length() - other.length()) > limit) {
      return limit + 1;
    }
    int[][] rows = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        rows[i][j] = i == 0 || j == 0 ? i + j : cell(rows, one, i, other, j);
      }
    }
    return rows[one.length()][other.length()];
  }

  private static int cell(int[][] rows, String one, int i, String other, int j) {
    char left = one.charAt(i - 1);
    char right = other.charAt(j - 1);
    int least = rows[i - 1][j - 1] + (left == right ? 0 : 1);
    least = Math.min(least, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
    boolean areSwapped =
        i > 1 && j > 1 && left == other.charAt(j - 2) && right == one.charAt(i - 2);
    return areSwapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
  }
}
