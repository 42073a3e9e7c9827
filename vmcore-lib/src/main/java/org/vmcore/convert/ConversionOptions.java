package org.vmcore.convert;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.vmcore.convert.level.DumpLevel;

/**
 * How a dump is written.
 *
 * {@snippet :
 * ConversionOptions options =
 *     ConversionOptions.builder().format(OutputFormat.KDUMP).level(new DumpLevel(31)).build();
 * }
 */
public final class ConversionOptions {
  /** kdump-compressed by zlib, everything kept. */
  public static final ConversionOptions DEFAULT = builder().build();

  /** Each of them has some MiB of buffers. */
  private static final int MOST_THREADS = 64;

  private final OutputFormat format;
  private final PageCompression compression;
  private final OptionalInt compressionLevel;
  private final DumpLevel level;
  private final int jobs;
  private final boolean force;
  private final boolean sync;
  private final Path scratch;
  private final LongConsumer progress;

  private ConversionOptions(Builder builder) {
    format = builder.format;
    compression = builder.compression.orElse(defaultOf(builder.format));
    compressionLevel = builder.compressionLevel;
    level = builder.level;
    jobs = builder.jobs;
    force = builder.force;
    sync = builder.sync;
    scratch = builder.scratch;
    progress = builder.progress;
  }

  private static PageCompression defaultOf(OutputFormat format) {
    return format == OutputFormat.ELF ? PageCompression.NONE : PageCompression.ZLIB;
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** What is written. */
  public OutputFormat format() {
    return format;
  }

  /** How its pages are compressed; unless it is set ELF dumps aren't, others are by zlib. */
  public PageCompression compression() {
    return compression;
  }

  /** How hard zlib and zstd try; when empty, 1. */
  public OptionalInt compressionLevel() {
    return compressionLevel;
  }

  /** What is left out. */
  public DumpLevel level() {
    return level;
  }

  /** How many threads work at it; more than 64 never do. */
  public int jobs() {
    return jobs;
  }

  /** As many as there is memory for. */
  int threads() {
    return Math.min(jobs, MOST_THREADS);
  }

  /** Whether files that exist are replaced. */
  public boolean force() {
    return force;
  }

  /** Whether it waits until the bytes are on the disk. */
  public boolean sync() {
    return sync;
  }

  /** The folder of temporary files, which only dumps of huge machines need. */
  public Path scratch() {
    return scratch;
  }

  /**
   * Is told how many bytes more of the dump's memory were dealt with; by several threads, one at a
   * time.
   */
  public LongConsumer progress() {
    return progress;
  }

  /** Collects options; what isn't set is as in {@link #DEFAULT}. */
  public static final class Builder {
    private OutputFormat format = OutputFormat.KDUMP;
    private Optional<PageCompression> compression = Optional.empty();
    private OptionalInt compressionLevel = OptionalInt.empty();
    private DumpLevel level = DumpLevel.ALL;
    private int jobs = Runtime.getRuntime().availableProcessors();
    private boolean force;
    private boolean sync = true;
    private Path scratch = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    private LongConsumer progress = _ -> {};

    private Builder() {}

    /** Sets {@link ConversionOptions#format}. */
    public Builder format(OutputFormat chosen) {
      format = chosen;
      return this;
    }

    /** Sets {@link ConversionOptions#compression}. */
    public Builder compression(PageCompression chosen) {
      compression = Optional.of(chosen);
      return this;
    }

    /** Sets {@link ConversionOptions#compressionLevel}. */
    public Builder compressionLevel(int chosen) {
      compressionLevel = OptionalInt.of(chosen);
      return this;
    }

    /** Sets {@link ConversionOptions#level}. */
    public Builder level(DumpLevel chosen) {
      level = chosen;
      return this;
    }

    /**
     * Sets {@link ConversionOptions#jobs}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Builder jobs(int chosen) {
      if (chosen < 1) {
        throw new IllegalArgumentException("no jobs: " + chosen);
      }
      jobs = chosen;
      return this;
    }

    /** Sets {@link ConversionOptions#force}. */
    public Builder force(boolean chosen) {
      force = chosen;
      return this;
    }

    /** Sets {@link ConversionOptions#sync}. */
    public Builder sync(boolean chosen) {
      sync = chosen;
      return this;
    }

    /** Sets {@link ConversionOptions#scratch}. */
    public Builder scratch(Path chosen) {
      scratch = chosen;
      return this;
    }

    /** Sets {@link ConversionOptions#progress}. */
    public Builder progress(LongConsumer chosen) {
      progress = chosen;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException when an ELF dump is to be compressed otherwise than by zstd
     */
    public ConversionOptions build() {
      PageCompression wanted = compression.orElse(PageCompression.NONE);
      if (format == OutputFormat.ELF
          && wanted != PageCompression.NONE
          && wanted != PageCompression.ZSTD) {
        throw new IllegalArgumentException("an ELF dump by " + wanted.label());
      }
      return new ConversionOptions(this);
    }
  }
}
