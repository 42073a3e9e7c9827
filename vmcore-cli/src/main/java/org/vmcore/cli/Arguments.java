package org.vmcore.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vmcore.cli.option.UsageException;
import org.vmcore.values.ExactText;

/**
 * The command line's arguments with none of their bytes lost. The JVM decodes them by the locale,
 * and has a replacement character for what it can't: a file's name may be any bytes.
 */
final class Arguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private Arguments() {}

  /**
   * {@code args} of this process, as {@link ExactText} where they couldn't be decoded.
   *
   * @throws UsageException when the system doesn't tell what bytes they were
   */
  static String[] exact(String... args) {
    for (String arg : args) {
      if (isReplaced(arg)) {
        return exact(commandLine(), args);
      }
    }
    return args;
  }

  /** The same by the bytes of the process's command line, each argument of which ends with a 0. */
  static String[] exact(byte[] line, String... args) {
    List<byte[]> all = split(line);
    String[] exact = args.clone();
    for (int i = 0; i < args.length; i++) {
      int at = all.size() - args.length + i;
      if (at < 0 || (!isReplaced(args[i]) && !decoded(all.get(at)).equals(args[i]))) {
        throw new UsageException("The command line's bytes can't be told: a name isn't text");
      }
      exact[i] = isReplaced(args[i]) ? ExactText.of(all.get(at)) : args[i];
    }
    return exact;
  }

  private static boolean isReplaced(String arg) {
    return arg.indexOf('\ufffd') >= 0;
  }

  private static byte[] commandLine() {
    try {
      return Files.readAllBytes(COMMAND_LINE);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static String decoded(byte[] bytes) {
    String name = System.getProperty("sun.jnu.encoding", "UTF-8");
    return new String(
        bytes, Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8);
  }

  private static List<byte[]> split(byte[] line) {
    List<byte[]> all = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < line.length; i++) {
      if (line[i] == 0) {
        all.add(Arrays.copyOfRange(line, start, i));
        start = i + 1;
      }
    }
    return all;
  }
}
