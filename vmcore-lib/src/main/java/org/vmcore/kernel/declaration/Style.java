package org.vmcore.kernel.declaration;

/**
 * How the members of a structure are written.
 *
 * @param indent tabs in front of them
 * @param typeWidth columns of types
 * @param nameWidth columns of names
 * @param base where the structure lies in the outermost one, in bytes
 * @param isRelative whether places count from the start of the structure itself
 * @param isInUnion whether it is in a union, directly or not
 * @param isFirst whether it, or what it is in, is the first member
 * @param isLast whether it, or what it is in, is the last member
 */
record Style(
    int indent,
    int typeWidth,
    int nameWidth,
    long base,
    boolean isRelative,
    boolean isInUnion,
    boolean isFirst,
    boolean isLast) {
  private static final int TYPE_WIDTH = 26;
  private static final int NAME_WIDTH = 23;

  /** What is nested deeper has its tabs no deeper. */
  private static final int MAX_INDENT = 31;

  static Style outermost(boolean isUnion) {
    return new Style(
        0, TYPE_WIDTH, isUnion ? NAME_WIDTH - 2 : NAME_WIDTH, 0, false, false, false, false);
  }

  Style inner(boolean isUnion) {
    return new Style(
        indent + 1, typeWidth, nameWidth, base, isRelative, isInUnion || isUnion, isFirst, isLast);
  }

  Style narrower() {
    return new Style(
        indent, typeWidth - 8, nameWidth, base, isRelative, isInUnion, isFirst, isLast);
  }

  /** With {@code columns} of types fewer. */
  Style of(int columns) {
    return new Style(
        indent, typeWidth - columns, nameWidth, base, isRelative, isInUnion, isFirst, isLast);
  }

  Style at(long offset) {
    return new Style(indent, typeWidth, nameWidth, offset, isRelative, isInUnion, isFirst, isLast);
  }

  Style relative() {
    return new Style(indent, typeWidth, nameWidth, base, true, isInUnion, isFirst, isLast);
  }

  Style of(boolean first, boolean last) {
    return new Style(indent, typeWidth, nameWidth, base, isRelative, isInUnion, first, last);
  }

  String tabs() {
    return "\t".repeat(Math.min(indent, MAX_INDENT));
  }
}
