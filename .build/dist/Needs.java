import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the programs of a runtime need of the system: the C library, of which version at least
 * ({@code 2.17}), and others where the JDK was built with the system's.
 */
record Needs(int glibc, boolean zlib, boolean gcc) {
  private static final Pattern VERSION = Pattern.compile("GLIBC_2\\.([0-9]+)");

  static Needs of(Path folder) throws IOException {
    int glibc = 0;
    boolean zlib = false;
    boolean gcc = false;
    for (Path file : Tree.files(folder.resolve("lib/vmcore/runtime"))) {
      String name = file.getFileName().toString();
      if (name.endsWith(".so") || file.getParent().endsWith("bin")) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (MatchResult each : VERSION.matcher(text).results().toList()) {
          glibc = Math.max(glibc, Integer.parseInt(each.group(1)));
        }
        zlib |= text.contains("\0libz.so.1\0");
        gcc |= text.contains("\0libstdc++.so.6\0") || text.contains("\0libgcc_s.so.1\0");
      }
    }
    return new Needs(glibc, zlib, gcc);
  }

  List<String> debian() {
    List<String> needs = new ArrayList<>(List.of("libc6 (>= 2." + glibc + ")"));
    if (gcc) {
      needs.addAll(List.of("libgcc-s1", "libstdc++6"));
    }
    if (zlib) {
      needs.add("zlib1g");
    }
    return needs;
  }

  List<String> rpm(Platform platform) {
    List<String> needs =
        new ArrayList<>(List.of("/bin/sh", "libc.so.6(GLIBC_2." + glibc + ")(64bit)"));
    needs.add(platform.loader() + "()(64bit)");
    if (gcc) {
      needs.addAll(List.of("libgcc_s.so.1()(64bit)", "libstdc++.so.6()(64bit)"));
    }
    if (zlib) {
      needs.add("libz.so.1()(64bit)");
    }
    return needs;
  }
}
