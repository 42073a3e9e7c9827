package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.vmcore.Vmcore;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;

/**
 * Dumps of kernels that really crashed, in the folder that the system property or the variable
 * {@code VMCORE_UNPACKED} names: {@code CASE/FORM}. Tests that need one are skipped without it.
 */
public final class RealDumps {
  private static final String FOLDER =
      System.getProperty("VMCORE_UNPACKED", System.getenv().getOrDefault("VMCORE_UNPACKED", ""));

  /** What {@link #forms} consists of when there are no dumps. */
  private static final String NONE = "none/vmcore.elf";

  private static final List<String> ELF = List.of("vmcore.elf", "elf-paging", "elf", "mdf/elf-d31");
  private static final String SPLIT = "mdf/split-d31";

  private RealDumps() {}

  /** A file of a case: {@code x86-61-s/vmcore.elf}. */
  public static Path file(String name) {
    Assumptions.assumeFalse(FOLDER.isEmpty(), "VMCORE_UNPACKED isn't set");
    Path file = Path.of(FOLDER, name);
    Assumptions.assumeTrue(Files.exists(file), file + " isn't there");
    return file;
  }

  /** The folder of the case that {@code form} is of. */
  public static Path folder(String form) {
    return file(form.substring(0, form.indexOf('/')));
  }

  /** Every dump there is, in each of its forms; split sets by their first part. */
  public static Stream<String> forms() throws IOException {
    if (FOLDER.isEmpty()) {
      return Stream.of(NONE);
    }
    Path root = Path.of(FOLDER);
    try (Stream<Path> files = Files.walk(root, 3)) {
      List<String> forms =
          files.map(file -> root.relativize(file).toString()).filter(RealDumps::isDump).toList();
      assertThat(forms).as("dumps in " + root).isNotEmpty();
      return forms.stream().sorted();
    }
  }

  private static boolean isDump(String name) {
    String form = name.substring(name.indexOf('/') + 1);
    return ELF.contains(form)
        || form.equals(SPLIT + ".1")
        || (form.matches("(mdf/)?(kd|kdump|flat)-[a-z0-9-]*") && !form.endsWith("-incomplete"));
  }

  /** The dumps whose p_vaddr are known. */
  public static Stream<String> elfForms() throws IOException {
    return forms().filter(form -> ELF.contains(form.substring(form.indexOf('/') + 1)));
  }

  /** A dump of the same case whose p_vaddr are known. */
  public static Path elf(String form) {
    Path folder = folder(form);
    return ELF.stream()
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no ELF in " + folder));
  }

  /** The files behind the first one, of a split set. */
  public static List<Path> parts(String form) {
    if (!form.endsWith(SPLIT + ".1")) {
      return List.of();
    }
    Path first = file(form);
    try (Stream<Path> files = Files.list(first.getParent())) {
      return files
          .filter(file -> file.toString().contains(SPLIT) && !file.equals(first))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command takes that opens it. */
  public static List<Object> arguments(String form) {
    List<Object> arguments = new ArrayList<>();
    for (Path part : parts(form)) {
      arguments.add("--part");
      arguments.add(part);
    }
    arguments.add(file(form));
    return arguments;
  }

  /** Opens it. */
  public static Vmcore open(String form) throws VmcoreException {
    return Vmcore.open(file(form), OpenOptions.builder().parts(parts(form)).build());
  }
}
