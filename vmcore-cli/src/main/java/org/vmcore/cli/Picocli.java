package org.vmcore.cli;

/** What picocli is told before it is first used. */
final class Picocli {
  private Picocli() {}

  /**
   * Leaves out what no option here needs and every start would pay for: the search for Groovy's
   * closures, which opens the jar, and converters that load all of java.time and java.sql.
   */
  static void leaveOut() {
    System.setProperty("picocli.disable.closures", "true");
    System.setProperty("picocli.converters.excludes", ".*");
  }
}
