import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the AOT caches beside a jar by running typical command lines: {@code LAUNCHER JAR QUICK
 * WORK}. All classes of a cache are linked when the JVM starts, so commands that are over at once
 * have a cache of their own, made from the lines in QUICK; the other one is made from those in
 * both, and has profiles of their loops.
 *
 * <p>The JVM's flags are those of the launcher's {@code jvm='…'} line, since a cache serves only
 * the flags it was made with. Without a cache all works, only slower: a failure is told, and no
 * more.
 */
final class AotCache {
  private static final List<String> NO_PROFILES =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining");

  private final List<String> java = new ArrayList<>();
  private final Path jar;

  private AotCache(Path launcher, Path jar) throws IOException {
    this.jar = jar;
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(flags(launcher));
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    AotCache caches = new AotCache(Path.of(args[0]), Path.of(args[1]).toAbsolutePath());
    caches.make("-quick.aot", NO_PROFILES, args[2]);
    caches.make(".aot", List.of(), args[2], args[3]);
  }

  private void make(String suffix, List<String> options, String... lines)
      throws IOException, InterruptedException {
    Path cache = jar.resolveSibling(jar.getFileName().toString().replace(".jar", suffix));
    Path made = cache.resolveSibling(cache.getFileName() + ".new");
    Files.deleteIfExists(cache);
    List<String> command = new ArrayList<>(java);
    command.addAll(options);
    command.add("-XX:AOTCacheOutput=" + made);
    command.addAll(List.of("-cp", jar.toString(), "org.vmcore.cli.Training"));
    command.addAll(List.of(lines));
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().remove("JDK_AOT_VM_OPTIONS");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() == 0 && Files.exists(made)) {
      Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.deleteIfExists(made);
      System.err.println("No " + cache + ", vmcore will start slower: " + said.strip());
    }
  }

  private static List<String> flags(Path launcher) throws IOException {
    Matcher line = Pattern.compile("(?m)^jvm='(.*)'$").matcher(Files.readString(launcher));
    if (!line.find()) {
      throw new IOException(launcher + ": no line jvm='…'");
    }
    return List.of(line.group(1).split(" "));
  }
}
