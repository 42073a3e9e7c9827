package org.vmcore.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;
import picocli.CommandLine.Model.CommandSpec;

/** A crashed machine's RAM, and where it lies in its image. */
public final class RamOptions {
  private final Opt<Path> oldmem;
  private final Opt<RamMap> map;

  /** {@code what} the image is for begins its description, {@code more} ends its map's. */
  public RamOptions(String what, String more) {
    oldmem =
        Opt.of(
            Path.class,
            new PathConverter(),
            "RAM",
            what + "a crashed machine's RAM: raw, or in LiME's format.",
            "--oldmem");
    map =
        Opt.of(
            RamMap.class,
            new RamMapConverter(),
            "FROM-TO@OFFSET,...",
            "Where RAM lies in the image: physical addresses (inclusive) at a file offset. By"
                + " default a LiME image tells, and any other begins with address 0. Elsewhere"
                + " there is no RAM."
                + more,
            "--ram-map");
  }

  public void addTo(CommandSpec spec) {
    oldmem.addTo(spec);
    map.addTo(spec);
  }

  public boolean isGiven() {
    return oldmem.isGiven();
  }

  /** The path of --oldmem. */
  public Optional<Path> file() {
    return oldmem.value();
  }

  /** The map of --ram-map. */
  public Optional<RamMap> map() {
    return map.value();
  }

  /** The image of --oldmem, or the one that was given in another way. */
  public Optional<RamImage> image(Optional<Path> otherwise) {
    Optional<Path> file = oldmem.value().or(() -> otherwise);
    map.requireEffect(file.isPresent(), "without --oldmem");
    return file.map(RamImage::of)
        .map(image -> map.isGiven() ? image.withMap(map.value().orElseThrow()) : image);
  }
}
