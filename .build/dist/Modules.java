import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.spi.ToolProvider;

/** Which of the JDK's modules the command needs. */
final class Modules {
  private Modules() {}

  /**
   * What jdeps finds in the project's own classes. Libraries ask for more that they are never asked
   * for: Commons Compress packs jars by java.desktop, Commons Lang fires events by it.
   */
  static String needed(Build build) throws IOException {
    StringWriter out = new StringWriter();
    PrintWriter printer = new PrintWriter(out);
    String[] arguments = {
      "--print-module-deps",
      "--ignore-missing-deps",
      "--multi-release=base",
      "-include",
      "org\\.vmcore\\..*",
      build.target().resolve("vmcore.jar").toString()
    };
    if (ToolProvider.findFirst("jdeps").orElseThrow().run(printer, printer, arguments) != 0) {
      throw new IOException("jdeps: " + out);
    }
    return out.toString().strip();
  }
}
