package org.vmcore.kernel.btf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The names that differ least from one that isn't there. */
final class NearNames {
  private static final int MOST = 5;
  private static final int LONGEST = 128;

  /** Of a name that holds the one sought. */
  private static final int HOLDS = 3;

  private record Near(String name, int distance) {}

  private final String wanted;
  private final int limit;
  private final List<Near> found = new ArrayList<>();

  NearNames(String wanted) {
    this.wanted = wanted.toLowerCase(Locale.ROOT);
    this.limit = wanted.length() < 4 ? 1 : wanted.length() < 9 ? 2 : HOLDS;
  }

  /** Looks through the names of {@code table}. */
  void among(Btf table) {
    if (wanted.isEmpty() || wanted.length() > LONGEST) {
      return;
    }
    for (int index = 0; index < table.count(); index++) {
      if (BtfNames.isNamed(table, index)) {
        look(table.string(table.nameAt(index)));
      }
    }
  }

  private void look(String name) {
    int distance = distance(name.toLowerCase(Locale.ROOT));
    if (distance == Integer.MAX_VALUE) {
      return;
    }
    Near near = new Near(name, distance);
    int at = 0;
    while (at < found.size() && isBefore(found.get(at), near)) {
      if (found.get(at).equals(near)) {
        return;
      }
      at++;
    }
    found.add(at, near);
    if (found.size() > MOST) {
      found.removeLast();
    }
  }

  private static boolean isBefore(Near one, Near other) {
    int order = Integer.compare(one.distance(), other.distance());
    return order < 0 || (order == 0 && one.name().compareTo(other.name()) <= 0);
  }

  List<String> found() {
    List<String> names = new ArrayList<>();
    for (Near each : found) {
      names.add(each.name());
    }
    return names;
  }

  /** Letters to change, add or leave out; of a name that holds the other, its further letters. */
  private int distance(String name) {
    int more = name.length() - wanted.length();
    if (name.contains(wanted)) {
      return HOLDS + more;
    }
    return Math.abs(more) > limit || name.length() > LONGEST ? Integer.MAX_VALUE : edits(name);
  }

  private int edits(String name) {
    int[] row = new int[name.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= wanted.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (wanted.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    int edits = row[name.length()];
    return edits > limit ? Integer.MAX_VALUE : edits;
  }
}
