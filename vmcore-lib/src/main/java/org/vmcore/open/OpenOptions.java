package org.vmcore.open;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.values.PageSizes;

/**
 * How a dump is opened.
 *
 * {@snippet :
 * OpenOptions options =
 *     OpenOptions.builder().padding(Padding.OLDMEM).parts(List.of(Path.of("vmcore.2"))).build();
 * Vmcore vmcore = Vmcore.open(Path.of("vmcore.1"), options);
 * }
 */
public final class OpenOptions {
  /** The default of {@link #copyLimit}: 1 GiB. */
  public static final long COPY_LIMIT = 1L << 30;

  /** Zero padding, page size and note alignment as the dump has them. */
  public static final OpenOptions DEFAULT = builder().build();

  private final Padding padding;
  private final OptionalInt noteAlign;
  private final OptionalLong pageSize;
  private final List<DeviceDump> deviceDumps;
  private final long copyLimit;
  private final List<Path> parts;
  private final Optional<RamMap> ramMap;
  private final Spill spill;
  private final OptionalLong vmcoreInfo;
  private final Search search;

  private OpenOptions(Builder builder) {
    padding = builder.padding;
    noteAlign = builder.noteAlign;
    pageSize = builder.pageSize;
    deviceDumps = builder.deviceDumps;
    copyLimit = builder.copyLimit;
    parts = builder.parts;
    ramMap = builder.ramMap;
    spill = builder.spill;
    vmcoreInfo = builder.vmcoreInfo;
    search = builder.search;
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that begins with these options. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** What fractional pages show around the PT_LOAD's bytes. */
  public Padding padding() {
    return padding;
  }

  /** p_align of the merged PT_NOTE; when empty, a single PT_NOTE keeps its own, several get 4. */
  public OptionalInt noteAlign() {
    return noteAlign;
  }

  /** In bytes; when empty, what VMCOREINFO tells, else 4096. */
  public OptionalLong pageSize() {
    return pageSize;
  }

  /** What is added in front of the notes. */
  public List<DeviceDump> deviceDumps() {
    return deviceDumps;
  }

  /** The most bytes that a mapping copies where it can't share them. */
  public long copyLimit() {
    return copyLimit;
  }

  /**
   * The other files of a split dump, in any order; what is in none of the files is lost. Of raw
   * memory, the files that the RAM map has as number 1 and so on.
   */
  public List<Path> parts() {
    return parts;
  }

  /**
   * Where RAM lies in a file that is raw memory without crash headers: its format is then not
   * probed.
   */
  public Optional<RamMap> ramMap() {
    return ramMap;
  }

  /** Where a file is unpacked that is compressed. */
  public Spill spill() {
    return spill;
  }

  /**
   * The physical address of the VMCOREINFO note that is used, whatever the dump's notes say; when
   * empty, the dump's own, else the best of those that are found in memory.
   */
  public OptionalLong vmcoreInfo() {
    return vmcoreInfo;
  }

  /** How far memory is searched for what the dump doesn't tell. */
  public Search search() {
    return search;
  }

  /** Collects options; what isn't set is as in {@link #DEFAULT}. */
  public static final class Builder {
    private Padding padding = Padding.ZERO;
    private OptionalInt noteAlign = OptionalInt.empty();
    private OptionalLong pageSize = OptionalLong.empty();
    private List<DeviceDump> deviceDumps = List.of();
    private long copyLimit = COPY_LIMIT;
    private List<Path> parts = List.of();
    private Optional<RamMap> ramMap = Optional.empty();
    private Spill spill = Spill.DEFAULT;
    private OptionalLong vmcoreInfo = OptionalLong.empty();
    private Search search = Search.DEFAULT;

    private Builder() {}

    private Builder(OpenOptions options) {
      padding = options.padding;
      noteAlign = options.noteAlign;
      pageSize = options.pageSize;
      deviceDumps = options.deviceDumps;
      copyLimit = options.copyLimit;
      parts = options.parts;
      ramMap = options.ramMap;
      spill = options.spill;
      vmcoreInfo = options.vmcoreInfo;
      search = options.search;
    }

    /** Sets {@link OpenOptions#padding}. */
    public Builder padding(Padding value) {
      padding = value;
      return this;
    }

    /**
     * Sets {@link OpenOptions#noteAlign}, in bytes.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public Builder noteAlign(int value) {
      requireNotNegative(value);
      noteAlign = OptionalInt.of(value);
      return this;
    }

    /**
     * Sets {@link OpenOptions#pageSize}, in bytes.
     *
     * @throws IllegalArgumentException when it is no power of two from 4 KiB to 1 MiB
     */
    public Builder pageSize(long value) {
      if (!PageSizes.isValid(value)) {
        throw new IllegalArgumentException("no page size: " + value);
      }
      pageSize = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link OpenOptions#deviceDumps}. */
    public Builder deviceDumps(List<DeviceDump> value) {
      deviceDumps = List.copyOf(value);
      return this;
    }

    /**
     * Sets {@link OpenOptions#copyLimit}, in bytes.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public Builder copyLimit(long value) {
      requireNotNegative(value);
      copyLimit = value;
      return this;
    }

    /** Sets {@link OpenOptions#parts}. */
    public Builder parts(List<Path> value) {
      parts = List.copyOf(value);
      return this;
    }

    /** Sets {@link OpenOptions#ramMap}. */
    public Builder ramMap(RamMap value) {
      ramMap = Optional.of(value);
      return this;
    }

    /** Sets {@link OpenOptions#spill}. */
    public Builder spill(Spill value) {
      spill = value;
      return this;
    }

    /** Sets {@link OpenOptions#vmcoreInfo}. */
    public Builder vmcoreInfo(long value) {
      vmcoreInfo = OptionalLong.of(value);
      return this;
    }

    /** Sets {@link OpenOptions#search}. */
    public Builder search(Search value) {
      search = value;
      return this;
    }

    private static void requireNotNegative(long value) {
      if (value < 0) {
        throw new IllegalArgumentException("negative");
      }
    }

    /** The options. */
    public OpenOptions build() {
      return new OpenOptions(this);
    }
  }
}
