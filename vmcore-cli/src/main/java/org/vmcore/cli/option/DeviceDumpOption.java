package org.vmcore.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.DeviceDump;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** What devices' drivers add to the vmcore. */
public final class DeviceDumpOption {
  private final Opt<List<Named>> dumps =
      Opt.list(
          Named.class,
          DeviceDumpOption::parse,
          "NAME=FILE",
          "Add a device dump: a VMCOREDD note with what is in FILE. Repeatable.",
          "--device-dump");

  private record Named(String name, Path file) implements Inputs.Named {
    @Override
    public List<Path> files() {
      return List.of(file);
    }
  }

  /** The files of the dumps, and the dumps. */
  public record Opened(List<ByteSource> files, List<DeviceDump> dumps) implements AutoCloseable {
    @Override
    public void close() {
      files.forEach(ByteSource::close);
    }
  }

  private static Named parse(String value) {
    int equals = value.indexOf('=');
    if (equals <= 0 || equals == value.length() - 1) {
      throw new TypeConversionException("'" + value + "' is not NAME=FILE");
    }
    return new Named(
        value.substring(0, equals), new PathConverter().convert(value.substring(equals + 1)));
  }

  public void addTo(CommandSpec spec) {
    dumps.addTo(spec);
  }

  /** Opens the files; they have to stay open as long as the vmcore. */
  public Opened open() throws VmcoreException {
    Opened opened = new Opened(new ArrayList<>(), new ArrayList<>());
    boolean all = false;
    try {
      for (Named named : dumps.or(List.of())) {
        open(named, opened);
      }
      all = true;
      return opened;
    } finally {
      if (!all) {
        opened.close();
      }
    }
  }

  private void open(Named named, Opened opened) throws VmcoreException {
    ByteSource file = ByteSource.open(named.file());
    opened.files().add(file);
    try {
      FileOldMemory data = FileOldMemory.whole(file);
      opened.dumps().add(new DeviceDump(named.name(), file.size(), data));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          dumps.name() + " " + named.name() + "=" + named.file() + ": " + e.getMessage());
    }
  }
}
