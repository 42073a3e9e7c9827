import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes what users install: for each platform a tree with a Java runtime of its own, and of that a
 * .tar.gz, a .deb and an .rpm. Two runs make the same bytes.
 *
 * <p>The arguments are {@code KEY=VALUE}; an empty value is one that isn't given:
 *
 * <ul>
 *   <li>{@code root}: the checkout, whose vmcore-cli/target has been built; {@code output}: the
 *       folder to write, where {@code work} is what was needed on the way; {@code version}; {@code
 *       time}: that of all files, an ISO 8601 instant;
 *   <li>{@code x86_64.jmods}, {@code aarch64.jmods}: the folder of jmods to link that platform's
 *       runtime from. The machine's own platform needs none: its runtime comes out of the JDK that
 *       runs this;
 *   <li>{@code x86_64.run}, {@code aarch64.run}: the command that runs programs of a platform that
 *       isn't the machine's, as qemu-user does, to make its AOT caches with.
 * </ul>
 */
final class Dist {
  public static void main(String[] args) throws Exception {
    Map<String, String> given = new TreeMap<>();
    for (String arg : args) {
      int sign = arg.indexOf('=');
      given.put(arg.substring(0, sign), arg.substring(sign + 1).strip());
    }
    Path root = Path.of(given.get("root")).toAbsolutePath().normalize();
    Path output = Path.of(given.get("output")).toAbsolutePath().normalize();
    Build build = new Build(root, given.get("version"), Instant.parse(given.get("time")));
    Files.createDirectories(output.resolve("work"));
    Files.deleteIfExists(output.resolve("SHA256SUMS"));
    List<Path> made = new ArrayList<>();
    for (Platform platform : List.of(Platform.own(), Platform.own().other())) {
      String jmods = given.getOrDefault(platform.name() + ".jmods", "");
      if (jmods.isEmpty() && platform != Platform.own()) {
        System.err.printf(
            "No archive for %s: -Ddist.%1$s.jmods=DIR names the jmods of a JDK %s for it%n",
            platform.name(), Runtime.version().feature());
        continue;
      }
      String run = given.getOrDefault(platform.name() + ".run", "");
      made.addAll(make(build, platform, output, jmods, run));
    }
    for (Path file : made) {
      Files.writeString(
          output.resolve("SHA256SUMS"),
          sha256(file) + "  " + file.getFileName() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      System.err.printf("%s: %.1f MiB%n", file, Files.size(file) / 1048576.0);
    }
  }

  private static List<Path> make(
      Build build, Platform platform, Path output, String jmods, String run)
      throws IOException, InterruptedException {
    Path folder = output.resolve(build.name(platform));
    Tree tree = Tree.make(build, platform, folder, jmods);
    AotCaches caches = new AotCaches(build, folder.resolve("lib/vmcore"), output.resolve("work"));
    if (platform == Platform.own()) {
      caches.train();
      caches.make(List.of());
    } else if (!run.isEmpty()) {
      caches.make(List.of(run.split(" +")));
    } else {
      System.err.printf(
          "No AOT caches for %s, vmcore will start slower there: -Ddist.%1$s.run names what runs"
              + " its programs here%n",
          platform.name());
    }
    tree.finish();
    Packages packages = new Packages(build, platform, folder, output);
    return List.of(packages.tarGz(), packages.deb(), packages.rpm());
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }
}
