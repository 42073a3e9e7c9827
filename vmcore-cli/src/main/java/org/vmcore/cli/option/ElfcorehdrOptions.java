package org.vmcore.cli.option;

import java.nio.file.Path;
import org.vmcore.cli.help.Section;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.RamImage.Elfcorehdr;
import org.vmcore.prepare.ElfcorehdrAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** Where the crash headers of a RAM image are. */
final class ElfcorehdrOptions {
  private final Opt<ElfcorehdrAddress> address;
  private final Opt<Path> file;
  private final Opt<Path> dtb;

  /** In this section of the help. */
  ElfcorehdrOptions(Section section) {
    address =
        Opt.of(
                ElfcorehdrAddress.class,
                new Address(),
                "ADDR",
                "Where in RAM the crash headers are, as the boot parameter elfcorehdr= tells: 0x1000000,"
                    + " 179572K or SIZE@ADDR. By default they are searched for.",
                "--elfcorehdr")
            .in(section);
    file =
        Opt.of(
                Path.class,
                new PathConverter(),
                "FILE",
                "The crash headers, in a file of their own.",
                "--elfcorehdr-file")
            .in(section);
    dtb =
        Opt.of(
                Path.class,
                new PathConverter(),
                "FILE",
                "The crash kernel's device tree, which tells where the crash headers are (arm64).",
                "--dtb")
            .in(section);
  }

  /** Parses an address as the boot parameter has it. */
  private static final class Address implements ITypeConverter<ElfcorehdrAddress> {
    @Override
    public ElfcorehdrAddress convert(String value) {
      try {
        return ElfcorehdrAddress.parse(value);
      } catch (VmcoreException e) {
        throw new TypeConversionException("'" + value + "': " + e.reason());
      }
    }
  }

  void addTo(CommandSpec spec) {
    address.addTo(spec);
    file.addTo(spec);
    dtb.addTo(spec);
  }

  /** Refuses all of these options where they would change nothing. */
  void requireEffect(boolean effect, String only) {
    address.requireEffect(effect, only);
    file.requireEffect(effect, only);
    dtb.requireEffect(effect, only);
  }

  /** The place that was told, or that none was. */
  Elfcorehdr place() {
    int places = (address.isGiven() ? 1 : 0) + (file.isGiven() ? 1 : 0) + (dtb.isGiven() ? 1 : 0);
    if (places > 1) {
      throw new UsageException(
          "Where the crash headers are: give one of --elfcorehdr, --elfcorehdr-file and --dtb");
    }
    if (address.isGiven()) {
      return new Elfcorehdr.At(address.value().orElseThrow().address());
    }
    if (file.isGiven()) {
      return new Elfcorehdr.InFile(file.value().orElseThrow());
    }
    return dtb.isGiven()
        ? new Elfcorehdr.ByDeviceTree(dtb.value().orElseThrow())
        : new Elfcorehdr.Found();
  }
}
