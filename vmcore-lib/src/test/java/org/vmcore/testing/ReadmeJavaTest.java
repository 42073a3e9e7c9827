package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;

/** The test that the README shows is one that compiles and passes. */
@Tag("slow")
class ReadmeJavaTest {
  @TempDir Path folder;

  private static String example() throws IOException {
    Path readme = Path.of(System.getProperty("vmcore.root"), "README.md");
    List<String> classes =
        Pattern.compile("```java\n(import .*?\nclass .*?)```", Pattern.DOTALL)
            .matcher(Files.readString(readme))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertThat(classes).hasSize(1);
    return classes.getFirst();
  }

  private Class<?> compiled(String name, String text, URLClassLoader loader) throws Exception {
    Path source = folder.resolve(name + ".java");
    Files.writeString(source, text);
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-Xlint:all,-processing",
              "-proc:none",
              "-d",
              folder.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      boolean done =
          javac.getTask(said, files, null, options, null, files.getJavaFileObjects(source)).call();
      assertThat(done).as(said.toString()).isTrue();
    }
    assertThat(said.toString()).isEmpty();
    return loader.loadClass(name);
  }

  @Test
  void theExamplePasses() throws Exception {
    URL[] places = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(places, getClass().getClassLoader())) {
      Class<?> test = compiled("MergedNotesTest", example(), loader);
      Constructor<?> constructor = test.getDeclaredConstructor();
      constructor.setAccessible(true);
      int run = 0;
      for (Method method : test.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          method.setAccessible(true);
          VmcoreFile file = method.getParameters()[0].getAnnotation(VmcoreFile.class);
          try (OpenedFile opened = OpenedFile.of(file, test, null)) {
            method.invoke(constructor.newInstance(), opened.as(Vmcore.class));
          }
          run++;
        }
      }
      assertThat(run).isPositive();
    }
  }
}
