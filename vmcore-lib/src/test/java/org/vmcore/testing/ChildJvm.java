package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vmcore.Vmcore;

/** Runs a main class of the tests in a JVM of its own: little heap, and its crash is its own. */
public final class ChildJvm {
  private static final int SECONDS = 120;

  private ChildJvm() {}

  /** Runs {@code main} with 64 MiB of heap; it must end well. Gives what it printed. */
  public static List<String> run(Class<?> main, Object... arguments)
      throws IOException, InterruptedException {
    return run(List.of(), main, arguments);
  }

  /** The same with {@code options} for the JVM. */
  public static List<String> run(List<String> options, Class<?> main, Object... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("child", ".out");
    try {
      Process child =
          new ProcessBuilder(command(options, main, arguments))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = child.waitFor(SECONDS, TimeUnit.SECONDS);
      child.destroyForcibly();
      List<String> lines = Files.readAllLines(output);
      assertThat(ended).as("%s ended within %s s: %s", main, SECONDS, lines).isTrue();
      assertThat(child.exitValue()).as("%s: %s", main, lines).isZero();
      return lines;
    } finally {
      Files.delete(output);
    }
  }

  private static List<String> command(List<String> options, Class<?> main, Object... arguments) {
    String classPath =
        Stream.of(Vmcore.class, Zstd.class, main)
            .map(ChildJvm::root)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath));
    command.addAll(options);
    command.add(main.getName());
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    return command;
  }

  /** The folder or jar that {@code type}'s own class file is in, patched into a module or not. */
  private static String root(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String url = String.valueOf(type.getResource("/" + name));
    int inJar = url.indexOf("!/"); // of a multi-release jar, it may be in META-INF/versions
    String file =
        url.substring(url.indexOf("file:"), inJar < 0 ? url.length() - name.length() - 1 : inJar);
    return Path.of(URI.create(file)).toString();
  }
}
