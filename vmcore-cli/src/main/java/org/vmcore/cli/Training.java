package org.vmcore.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs the command lines of a file within one JVM, for the build to make the AOT cache from. */
final class Training {
  private Training() {}

  public static void main(String[] args) throws IOException {
    PrintStream none = new PrintStream(OutputStream.nullOutputStream(), false);
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        Main.run(none, none, line.strip().split(" +"));
      }
    }
  }
}
