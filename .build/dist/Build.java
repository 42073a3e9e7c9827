import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** What is packed: the checkout it was built in, its version, the time that all files get. */
record Build(Path root, String version, Instant time) {
  Path cli() {
    return root.resolve("vmcore-cli");
  }

  Path target() {
    return cli().resolve("target");
  }

  Path source(String name) {
    return cli().resolve("src/dist").resolve(name);
  }

  String name(Platform platform) {
    return "vmcore-" + version + "-linux-" + platform.name();
  }

  /** The version as dpkg and rpm order it: a snapshot comes before its release. */
  String packageVersion() {
    return version.replace("-SNAPSHOT", "~SNAPSHOT");
  }

  static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /** Runs a command whose output is of interest only when it fails. */
  static void run(Path folder, List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ":\n" + said);
    }
  }
}
