package org.vmcore.cli.manual;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** Texts in files of a folder; anybody may read them, and those that are there are replaced. */
final class TextFiles {
  private final Opt<Path> folder;

  TextFiles(String description) {
    folder = Opt.of(Path.class, PathConverter.ofOutput(), "DIR", description, "-o", "--output");
  }

  void addTo(CommandSpec spec) {
    folder.addTo(spec);
  }

  boolean isGiven() {
    return folder.isGiven();
  }

  /** Writes each text to the file of its name. */
  void write(Map<String, String> texts) throws VmcoreException {
    Path path = folder.value().orElseThrow();
    try {
      Files.createDirectories(path);
      for (Map.Entry<String, String> text : texts.entrySet()) {
        Files.writeString(path.resolve(text.getKey()), text.getValue());
      }
    } catch (FileAlreadyExistsException e) {
      throw VmcoreException.of(path.toString(), "not a directory", e);
    } catch (IOException e) {
      throw VmcoreException.of(path.toString(), "cannot write: " + IoReason.of(e), e);
    }
  }
}
