package org.vmcore.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vmcore.cli.help.Section;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;
import picocli.CommandLine.Model.CommandSpec;

/** A crashed machine's RAM, and where it lies in its image. */
public final class RamOptions {
  private final Opt<List<Path>> oldmem;
  private final Opt<RamMapArgument> map;

  /** {@code what} the image is for begins its description, {@code more} ends its map's. */
  public RamOptions(Section section, String what, String more) {
    oldmem =
        Opt.list(
                Path.class,
                new PathConverter(),
                "RAM",
                what
                    + "a crashed machine's RAM: raw, or in LiME's format. Repeatable where --ram-map"
                    + " tells what is in which file.",
                "--oldmem")
            .in(section);
    map =
        Opt.of(
                RamMapArgument.class,
                new RamMapConverter(),
                "FROM-TO@[FILE:]OFFSET,...",
                "Where RAM lies in the image: physical addresses (inclusive) at a file offset; FILE,"
                    + " its path or its last name, where there are several files. By default a LiME"
                    + " image tells, and any other begins with address 0. Elsewhere there is no RAM."
                    + more,
                "--ram-map")
            .in(section);
  }

  public void addTo(CommandSpec spec) {
    oldmem.addTo(spec);
    map.addTo(spec);
  }

  /** Refuses these options. */
  public void requireNone(String reason) {
    oldmem.requireEffect(false, reason);
    map.requireEffect(false, reason);
  }

  public boolean isGiven() {
    return oldmem.isGiven();
  }

  /** The paths of --oldmem. */
  public List<Path> files() {
    return oldmem.or(List.of());
  }

  public boolean hasMap() {
    return map.isGiven();
  }

  /** The map of --ram-map, of RAM in these files. */
  public Optional<RamMap> map(List<Path> files) {
    return map.value().map(given -> given.of(files));
  }

  /** The image of --oldmem, or the one that was given in another way. */
  public Optional<RamImage> image(Optional<Path> otherwise) {
    List<Path> files = oldmem.isGiven() ? files() : otherwise.map(List::of).orElse(List.of());
    map.requireEffect(!files.isEmpty(), "without --oldmem");
    if (files.isEmpty()) {
      return Optional.empty();
    }
    if (files.size() > 1 && !hasMap()) {
      throw new UsageException("several files of RAM need --ram-map: it tells what is in which");
    }
    RamImage image = RamImage.of(files.getFirst()).withMore(files.subList(1, files.size()));
    return Optional.of(map(files).map(image::withMap).orElse(image));
  }
}
