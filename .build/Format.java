import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.zip.CRC32;

/**
 * Checks that every Java file of the tree is formatted, or formats it: {@code check|fix|skip ROOT
 * TARGET}. TARGET/formatted remembers the files found formatted, so that a second run parses only
 * the others; TARGET/unformatted exists when there are others.
 */
final class Format {
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[1]);
    Path state = Path.of(args[2], "formatted");
    Path unformatted = Path.of(args[2], "unformatted");
    Files.deleteIfExists(unformatted);
    if (args[0].equals("skip")) {
      return;
    }
    boolean fix = args[0].equals("fix");
    Set<String> known = Files.exists(state) ? Set.copyOf(Files.readAllLines(state)) : Set.of();
    Set<String> good = new ConcurrentSkipListSet<>();
    Set<String> bad = new ConcurrentSkipListSet<>();
    javaFiles(root).parallelStream()
        .forEach(
            file -> {
              String name = root.relativize(file).toString();
              try {
                String text = Files.readString(file);
                if (known.contains(mark(name, text))) {
                  good.add(mark(name, text));
                  return;
                }
                String formatted = format(text);
                if (fix && !formatted.equals(text)) {
                  Files.writeString(file, formatted);
                  System.err.println("formatted " + name);
                }
                if (fix || formatted.equals(text)) {
                  good.add(mark(name, formatted));
                } else {
                  bad.add(name);
                }
              } catch (IOException | FormatterException e) {
                bad.add(name + ": " + e.getMessage());
              }
            });
    Files.createDirectories(state.getParent());
    Files.write(state, new TreeSet<>(good));
    if (!bad.isEmpty()) {
      bad.forEach(name -> System.err.println("not formatted: " + name));
      Files.write(unformatted, bad);
    }
  }

  private static String format(String text) throws FormatterException {
    String imports =
        ImportOrderer.reorderImports(
            RemoveUnusedImports.removeUnusedImports(text), JavaFormatterOptions.Style.GOOGLE);
    return new Formatter().formatSource(imports);
  }

  private static String mark(String name, String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes());
    return name + " " + text.length() + " " + Long.toHexString(crc.getValue());
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = dir.getFileName().toString();
            return name.equals("target") || name.equals(".git")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
