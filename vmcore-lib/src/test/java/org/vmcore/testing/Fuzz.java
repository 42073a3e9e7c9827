package org.vmcore.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for inputs that make a {@link FuzzTarget} fail, guided by what they cover: Jazzer runs it
 * (see FUZZING.md).
 */
public final class Fuzz {
  private static FuzzTarget target = new None();

  private Fuzz() {}

  /**
   * Starts Jazzer.
   *
   * @param args the target's class, the folder of inputs that cover something new, the folder of
   *     findings, and Jazzer's options
   */
  public static void main(String[] args) throws ReflectiveOperationException, IOException {
    Path corpus = Files.createDirectories(Path.of(args[1]));
    Path findings = Files.createDirectories(Path.of(args[2]));
    writeSeeds(make(args[0]).seeds(), corpus);
    Class.forName("com.code_intelligence.jazzer.Jazzer")
        .getMethod("main", String[].class)
        .invoke(null, (Object) options(args, corpus, findings));
  }

  private static String[] options(String[] args, Path corpus, Path findings) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--target_class=" + Fuzz.class.getName(),
                "--target_args=" + args[0],
                "--instrumentation_includes=org.vmcore.**",
                "--reproducer_path=" + corpus.getParent(),
                "-artifact_prefix=" + findings + "/",
                "-use_value_profile=1"));
    options.addAll(List.of(args).subList(3, args.length));
    options.add(corpus.toString());
    options.add(findings.toString());
    return options.toArray(String[]::new);
  }

  private static void writeSeeds(List<byte[]> seeds, Path corpus) throws IOException {
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed-" + i), seeds.get(i));
    }
  }

  private static FuzzTarget make(String className) throws ReflectiveOperationException {
    var constructor = Class.forName(className).getDeclaredConstructor();
    constructor.setAccessible(true);
    return (FuzzTarget) constructor.newInstance();
  }

  /** Called by Jazzer before the first input. */
  public static void fuzzerInitialize(String[] args) throws ReflectiveOperationException {
    target = make(args[0]);
  }

  /** Called by Jazzer with each input. */
  public static void fuzzerTestOneInput(byte[] input) {
    target.takes(input);
  }

  private static final class None extends FuzzTarget {
    @Override
    protected void fuzz(byte[] input) {
      throw new IllegalStateException("no target");
    }

    @Override
    protected List<byte[]> seeds() {
      return List.of();
    }
  }
}
