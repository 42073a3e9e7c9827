package org.vmcore.cli.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.UsageException;
import org.vmcore.convert.OutputFormat;
import org.vmcore.convert.PageCompression;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** How pages are compressed: by name, or by makedumpfile's letters. */
final class CompressionOptions {
  private final Opt<PageCompressionChoice> compress =
      Opt.choice(
          PageCompressionChoice.values(),
          "HOW",
          "How pages are compressed: none, zlib (default; of an ELF dump none), lzo, snappy or zstd."
              + " An ELF dump takes none, or zstd: the file is then a seekable zstd file.",
          "--compress");
  private final Opt<Boolean> zlib = Opt.flag("As --compress zlib.", "-c");
  private final Opt<Boolean> lzo = Opt.flag("As --compress lzo.", "-l");
  private final Opt<Boolean> snappy = Opt.flag("As --compress snappy.", "-p");
  private final Opt<Boolean> zstd = Opt.flag("As --compress zstd.", "-z");
  private final Opt<Integer> level =
      Opt.of(
          Integer.class,
          new Level(),
          "N",
          "How hard zlib (1 to 9) and zstd (-7 to 22) try (default: 1).",
          "--level");

  /** {@link PageCompression} as the command line has it. */
  private enum PageCompressionChoice {
    NONE(PageCompression.NONE),
    ZLIB(PageCompression.ZLIB),
    LZO(PageCompression.LZO),
    SNAPPY(PageCompression.SNAPPY),
    ZSTD(PageCompression.ZSTD);

    private final PageCompression compression;

    PageCompressionChoice(PageCompression compression) {
      this.compression = compression;
    }

    @Override
    public String toString() {
      return compression.label();
    }
  }

  /** A small number that may be negative. */
  private static final class Level implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      try {
        return Integer.valueOf(value);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + value + "' is no level like 1 or -3");
      }
    }
  }

  void addTo(CommandSpec spec) {
    compress.addTo(spec);
    zlib.addTo(spec);
    lzo.addTo(spec);
    snappy.addTo(spec);
    zstd.addTo(spec);
    level.addTo(spec);
  }

  /**
   * The compression for {@code format}.
   *
   * @throws UsageException when several are given, or one that the format hasn't
   */
  PageCompression compression(OutputFormat format) {
    List<PageCompression> given = given();
    if (given.size() > 1) {
      throw new UsageException("Give one compression, not " + given.size());
    }
    if (given.isEmpty()) {
      return format == OutputFormat.ELF ? PageCompression.NONE : PageCompression.ZLIB;
    }
    PageCompression one = given.getFirst();
    if (format == OutputFormat.ELF && one != PageCompression.NONE && one != PageCompression.ZSTD) {
      throw new UsageException(
          "An ELF dump isn't compressed by " + one.label() + ": give --compress zstd or none");
    }
    return one;
  }

  private List<PageCompression> given() {
    List<PageCompression> given = new ArrayList<>();
    compress.value().ifPresent(choice -> given.add(choice.compression));
    add(given, zlib, PageCompression.ZLIB);
    add(given, lzo, PageCompression.LZO);
    add(given, snappy, PageCompression.SNAPPY);
    add(given, zstd, PageCompression.ZSTD);
    return given;
  }

  private static void add(List<PageCompression> given, Opt<Boolean> flag, PageCompression one) {
    if (flag.isGiven()) {
      given.add(one);
    }
  }

  /**
   * How hard it tries.
   *
   * @throws UsageException when {@code compression} has no such level
   */
  OptionalInt level(PageCompression compression) {
    if (level.value().isEmpty()) {
      return OptionalInt.empty();
    }
    int chosen = level.value().get();
    switch (compression) {
      case ZLIB -> requireLevel(chosen, 1, 9, "zlib");
      case ZSTD -> requireLevel(chosen, -7, 22, "zstd");
      default -> level.requireEffect(false, "with --compress " + compression.label());
    }
    return OptionalInt.of(chosen);
  }

  private static void requireLevel(int level, int least, int most, String label) {
    if (level < least || level > most) {
      throw new UsageException(
          "--level " + level + ": " + label + " has levels " + least + " to " + most);
    }
  }
}
