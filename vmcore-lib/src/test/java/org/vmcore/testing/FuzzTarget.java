package org.vmcore.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A test that any bytes must pass, whatever they are: {@link #fuzz} may refuse them, with a checked
 * exception, and must not fail otherwise.
 *
 * <p>As a test it is given its {@link #seeds} and what was found before: the files of the folder of
 * resources beside it that is named after it, {@code LzoFuzzTestInputs}. {@link Fuzz} looks for
 * more.
 */
public abstract class FuzzTarget {
  /**
   * Does with {@code input} what is done with a file's bytes.
   *
   * @throws Exception a checked one when the input is refused; any other is a finding
   */
  protected abstract void fuzz(byte[] input) throws Exception;

  /** Good inputs, to start from. */
  protected abstract List<byte[]> seeds() throws IOException;

  /** Whether {@code input} was taken, not refused. */
  public final boolean takes(byte[] input) {
    try {
      fuzz(input);
      return true;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception refused) {
      return false;
    }
  }

  @TestFactory
  final Stream<DynamicTest> seedsAreTaken() throws IOException {
    List<byte[]> seeds = seeds();
    return Stream.iterate(0, i -> i < seeds.size(), i -> i + 1)
        .map(i -> DynamicTest.dynamicTest("seed " + i, () -> fuzz(seeds.get(i))));
  }

  @TestFactory
  final Stream<DynamicTest> whatWasFoundIsFixed() throws IOException {
    return files("Inputs").stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(), () -> takes(Files.readAllBytes(file))));
  }

  /** The contents of the files of the folder of resources that is named after it, and Seeds. */
  protected final List<byte[]> seedFiles() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (Path file : files("Seeds")) {
      seeds.add(Files.readAllBytes(file));
    }
    return seeds;
  }

  private List<Path> files(String kind) throws IOException {
    URL folder = getClass().getResource(getClass().getSimpleName() + kind);
    List<Path> files = new ArrayList<>();
    if (folder != null) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of(folder.toURI()))) {
        all.forEach(files::add);
      } catch (URISyntaxException e) {
        throw new UncheckedIOException(new IOException(e));
      }
    }
    Collections.sort(files);
    return files;
  }
}
