package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;

/** What users get of this package: the artifact with the classifier {@code testkit}. */
class TestkitTest {
  private static final Path LIBRARY = Path.of(System.getProperty("vmcore.root"), "vmcore-lib");

  /** Parameters of methods that are hidden from users. */
  private static final String HIDDEN = "org.vmcore.codec.Compression";

  private static List<String> found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  /** The excludes of the jar, and those of its sources and its Javadoc. */
  private static List<List<String>> excludes() throws IOException {
    String pom = Files.readString(LIBRARY.resolve("pom.xml"));
    return Pattern.compile("<id>testkit(?:-sources)?</id>.*?</execution>", Pattern.DOTALL)
        .matcher(pom)
        .results()
        .map(MatchResult::group)
        .map(execution -> found(execution, "<exclude>(.*?)</exclude>"))
        .filter(excludes -> !excludes.isEmpty())
        .toList();
  }

  private static List<JavaClass> packed() throws IOException {
    List<PathMatcher> excluded =
        excludes().getFirst().stream()
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
    return new ClassFileImporter()
        .importPackages("org.vmcore.testing").stream()
            .filter(each -> each.getPackageName().equals("org.vmcore.testing"))
            .filter(
                each -> {
                  Path file = Path.of(each.getName().replace('.', '/') + ".class");
                  return excluded.stream().noneMatch(glob -> glob.matches(file));
                })
            .toList();
  }

  @Test
  void sourcesAreThoseOfTheClasses() throws IOException {
    assertThat(excludes()).hasSize(2);
    assertThat(excludes().getFirst()).isEqualTo(excludes().getLast()).contains("**/Fuzz*");
  }

  @Test
  void whatUsersGetIsWhole() throws IOException {
    List<JavaClass> packed = packed();
    Set<String> names = new TreeSet<>(packed.stream().map(JavaClass::getName).toList());
    assertThat(names)
        .contains(DumpBuilder.class.getName(), VmcoreAssert.class.getName())
        .doesNotContain(Fuzz.class.getName(), TestkitTest.class.getName());
    List<String> exported =
        found(
            Files.readString(LIBRARY.resolve("src/main/java/module-info.java")),
            "exports (org\\.vmcore[\\w.]*);");
    assertThat(exported).contains(Vmcore.class.getPackageName());
    Set<String> missing = new TreeSet<>();
    for (JavaClass each : packed) {
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (!isThere(target, names, exported)) {
          missing.add(each.getSimpleName() + " needs " + target.getName());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static boolean isThere(JavaClass target, Set<String> packed, List<String> exported) {
    String room = target.getPackageName();
    if (room.equals("org.vmcore.testing")) {
      return packed.contains(target.getName());
    }
    return !room.startsWith("org.vmcore")
        ? Pattern.matches(
            "(java\\..*)?|org\\.(junit|assertj|apache\\.commons\\.io|jspecify)\\..*|com\\.github\\.luben.*|org\\.tukaani\\..*|org\\.apache\\.commons\\.compress\\..*",
            room.isEmpty() ? "" : room + ".")
        : exported.contains(room) || target.getName().equals(HIDDEN);
  }
}
