import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The AOT caches beside an installed jar, the same bytes each time.
 *
 * <p>The JVM has another way to make a cache than the one step of {@code -XX:AOTCacheOutput}, whose
 * result depends on what its compilers saw: training lists classes, and a cache is made from that
 * list, without profiles. The list is always the same when training is interpreted, by one CPU, and
 * the list is sorted. Then caches differ only in the times of SoftReferences, milliseconds since
 * the machine started, and in check sums over them that nobody asks for: those are made zero.
 */
final class AotCaches {
  private static final int HEADER = 0x1000;
  private static final int MOST_TIMES = 4096;
  private static final List<String> SAME_ALWAYS = List.of("-Xmx256m", "-XX:ActiveProcessorCount=1");

  private final Build build;
  private final Path folder;
  private final Path lists;

  AotCaches(Build build, Path folder, Path lists) {
    this.build = build;
    this.folder = folder;
    this.lists = lists;
  }

  /** Lists the classes of {@code quick} and of all command lines, by the platform's own runtime. */
  void train() throws IOException, InterruptedException {
    list("quick", "quick");
    list("all", "quick", "work");
  }

  /**
   * Makes the caches; {@code by} runs programs of this platform, and is empty for the machine's.
   */
  void make(List<String> by) throws IOException, InterruptedException {
    make(by, "quick", "vmcore-quick.aot");
    make(by, "all", "vmcore.aot");
  }

  private void list(String name, String... lines) throws IOException, InterruptedException {
    Path raw = lists.resolve(name + ".raw");
    List<String> command = new ArrayList<>(java(List.of()));
    command.addAll(List.of("-Xint", "-XX:DumpLoadedClassList=" + raw));
    command.addAll(List.of("-cp", folder.resolve("vmcore.jar").toString()));
    command.add("org.vmcore.cli.Training");
    for (String each : lines) {
      command.add(once(each).toString());
    }
    Build.run(build.cli(), command);
    TreeSet<String> classes = new TreeSet<>();
    TreeSet<String> more = new TreeSet<>();
    for (String line : Files.readAllLines(raw)) {
      if (line.startsWith("@")) {
        more.add(line);
      } else if (!line.startsWith("#") && !line.isBlank()) {
        classes.add(line.replaceFirst(" id: .*", ""));
      }
    }
    // What was resolved in locks is chance, and the constants of another JDK's classes are others.
    more.removeIf(line -> line.matches("@cp (java|jdk|sun)/.*"));
    List<String> sorted = new ArrayList<>(classes);
    sorted.addAll(more);
    Files.write(lists.resolve(name + ".classlist"), sorted);
    Files.delete(raw);
  }

  /** The command lines, each of which is run once: nothing is measured. */
  private Path once(String name) throws IOException {
    List<String> lines = Files.readAllLines(build.cli().resolve("src/aot-training").resolve(name));
    return Files.write(
        lists.resolve(name + ".training"),
        lines.stream().map(line -> line.replaceFirst("^[0-9]+x ", "")).toList());
  }

  private void make(List<String> by, String name, String cache)
      throws IOException, InterruptedException {
    Path list = lists.resolve(name + ".classlist");
    byte[] first = dump(by, list, cache);
    Files.write(folder.resolve(cache), same(first, dump(by, list, cache), cache));
  }

  private byte[] dump(List<String> by, Path list, String cache)
      throws IOException, InterruptedException {
    Path made = lists.resolve(cache + ".new");
    List<String> command = new ArrayList<>(java(by));
    command.addAll(List.of("-Xshare:dump", "-XX:+AOTClassLinking", "-XX:TieredStopAtLevel=1"));
    command.add("-XX:SharedClassListFile=" + list);
    command.add("-XX:SharedArchiveFile=" + made);
    // The path is in the cache. With a folder in it the JVM finds the jar where it is later.
    command.addAll(List.of("-cp", "./vmcore.jar"));
    Build.run(folder, command);
    byte[] bytes = Files.readAllBytes(made);
    Files.delete(made);
    return bytes;
  }

  private List<String> java(List<String> by) throws IOException {
    List<String> java = new ArrayList<>(by);
    java.add(folder.resolve("runtime/bin/java").toString());
    Matcher line =
        Pattern.compile("(?m)^jvm='(.*)'$")
            .matcher(Files.readString(build.cli().resolve("vmcore")));
    if (!line.find()) {
      throw new IOException("vmcore: no line jvm='…'");
    }
    java.addAll(List.of(line.group(1).split(" ")));
    java.addAll(SAME_ALWAYS);
    return java;
  }

  private static byte[] same(byte[] first, byte[] second, String cache) throws IOException {
    if (first.length != second.length) {
      throw new IOException(cache + " is of another size each time");
    }
    ByteBuffer one = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer two = ByteBuffer.wrap(second).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < HEADER; at += Integer.BYTES) {
      if (one.getInt(at) != two.getInt(at)) {
        one.putInt(at, 0);
      }
    }
    int times = 0;
    for (int at = HEADER; at + Long.BYTES <= first.length; at += Long.BYTES) {
      if (one.getLong(at) != two.getLong(at)) {
        one.putLong(at, 0);
        times++;
      }
    }
    if (times > MOST_TIMES) {
      throw new IOException(cache + " differs in " + times + " words each time");
    }
    return first;
  }
}
