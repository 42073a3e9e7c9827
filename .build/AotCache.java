import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the AOT cache beside a jar by running typical command lines: {@code LAUNCHER JAR
 * COMMAND-LINES}. The JVM's flags are those of the launcher's {@code jvm='…'} line, since a cache
 * serves only the flags it was made with. Without a cache all works, only slower: a failure is
 * told, and no more.
 */
final class AotCache {
  public static void main(String[] args) throws IOException, InterruptedException {
    Path jar = Path.of(args[1]).toAbsolutePath();
    Path cache = jar.resolveSibling(jar.getFileName().toString().replace(".jar", ".aot"));
    Path made = cache.resolveSibling(cache.getFileName() + ".new");
    Files.deleteIfExists(cache);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags(Path.of(args[0])));
    command.add("-XX:AOTCacheOutput=" + made);
    command.addAll(List.of("-cp", jar.toString(), "org.vmcore.cli.Training", args[2]));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().remove("JDK_AOT_VM_OPTIONS");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() == 0 && Files.exists(made)) {
      Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.deleteIfExists(made);
      System.err.println("No AOT cache, vmcore will start slower: " + said.strip());
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
