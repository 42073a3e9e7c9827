package org.vmcore.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.vmcore.cli.option.CommonOptions;
import org.vmcore.cli.output.Console;

/**
 * Runs the command lines of files within one JVM, as the process's own, for the build to make an
 * AOT cache from. {@code 40x} in front of a line runs it that often: hot loops leave a profile of
 * theirs in the cache. {@code {tmp}} stands for a folder that is gone in the end, {@code {zero}}
 * for a file of 64 MiB in it that is one hole, {@code {pages}} for one of 16 MiB that is packed as
 * a kernel's memory is, {@code {devcoredump}} for a folder like that of sysfs with a device's dump.
 * Stdin is what gdb sends.
 */
final class Training {
  private static final long HOLE = 64L << 20;
  private static final int PAGES = 4096;

  /** What gdb sends at first. */
  private static final String GDB =
      """
      +$qSupported:binary-upload+#d5$QStartNoAckMode#b0$qXfer:features:read:target.xml:0,ffb#79\
      $?#3f$Hg0#df$qXfer:threads:read::0,1000#92$qXfer:exec-file:read::0,1000#e6\
      $vFile:setfs:0#bf$g#67$m0,8#01$qThreadExtraInfo,1#13""";

  private final Path folder;

  private Training(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] files) throws IOException {
    Path folder = Files.createTempDirectory("vmcore-training");
    System.setIn(new ByteArrayInputStream(GDB.getBytes(StandardCharsets.US_ASCII)));
    try {
      Training training = new Training(folder);
      training.makeHole();
      TrainingPages.write(folder.resolve("pages"), PAGES);
      training.makeDevcoredump();
      for (String file : files) {
        for (String line : Files.readAllLines(Path.of(file))) {
          if (!line.isBlank() && !line.startsWith("#")) {
            training.run(line.strip().split(" +"));
          }
        }
      }
    } finally {
      PathUtils.deleteDirectory(folder);
    }
  }

  private void makeHole() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("zero").toFile(), "rw")) {
      file.setLength(HOLE);
    }
  }

  private void makeDevcoredump() throws IOException {
    Path dump = Files.createDirectories(folder.resolve("devcoredump/devcd1"));
    Files.copy(Path.of("../samples/dumps/x86_64.vmcore"), dump.resolve("data"));
  }

  private void run(String... words) {
    boolean isRepeated = words[0].matches("[0-9]+x");
    int times = isRepeated ? Integer.parseInt(words[0].substring(0, words[0].length() - 1)) : 1;
    String[] args =
        Stream.of(words).skip(isRepeated ? 1 : 0).map(this::filledIn).toArray(String[]::new);
    for (int i = 0; i < times; i++) {
      Main.run(Console.ofProcess(CommonOptions.color(args), CommonOptions.debug(args)), args);
    }
  }

  private String filledIn(String word) {
    return word.replace("{zero}", folder.resolve("zero").toString())
        .replace("{pages}", folder.resolve("pages").toString())
        .replace("{devcoredump}", folder.resolve("devcoredump").toString())
        .replace("{tmp}", folder.toString());
  }
}
