package org.vmcore.oldmem;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.RamMap;
import org.vmcore.values.Ascending;
import org.vmcore.values.Unsigned;

/**
 * Old memory whose extents lie as they are in one file.
 *
 * <p>Of an extent, the first {@code filesz} bytes are in the file: present, or lost where the file
 * ends too early or has lost them. The rest is excluded. Between extents there is no RAM.
 */
public final class FileOldMemory implements FileBacked {
  private final ByteSource source;
  private final long[] address;
  private final long[] memsz;
  private final long[] fileOffset;
  private final long[] filesz;

  /** By extent: the bytes in a row, from its first one on, that seemed to be there at opening. */
  private final long[] present;

  /** The extent that was read last: the next read is most likely there, or in the one behind. */
  private int recent;

  private FileOldMemory(Builder builder) {
    source = builder.source;
    address = Arrays.copyOf(builder.address, builder.count);
    memsz = Arrays.copyOf(builder.memsz, builder.count);
    fileOffset = Arrays.copyOf(builder.fileOffset, builder.count);
    filesz = Arrays.copyOf(builder.filesz, builder.count);
    present = new long[builder.count];
    Arrays.setAll(present, this::present);
  }

  /** All of {@code source}, address 0 being its first byte. */
  public static FileOldMemory whole(ByteSource source) {
    return new Builder(source).add(0, source.size(), 0, source.size()).build();
  }

  /**
   * The RAM that {@code source} holds by {@code map}. What the file is too short for is lost;
   * outside of the ranges there is no RAM.
   *
   * @throws VmcoreException when the map tells of a file that there isn't
   */
  public static FileOldMemory of(RamMap map, ByteSource source) throws VmcoreException {
    Builder memory = new Builder(source);
    for (RamMap.Range range : map.ranges()) {
      if (range.offset() > source.most() - range.size()) {
        throw VmcoreException.of(source.name(), "no file is so large: " + range);
      }
      long position = source.position(range.file(), range.offset());
      memory.add(range.from(), range.size(), position, range.size());
    }
    return memory.build();
  }

  @Override
  public long read(long at, MemorySegment dst) throws VmcoreException {
    int i = recent;
    long here = i < address.length ? at - address[i] : -1;
    return here >= 0 && here <= present[i] - dst.byteSize()
        ? source.readPresent(fileOffset[i] + here, dst)
        : readRuns(at, dst);
  }

  private long readRuns(long at, MemorySegment dst) throws VmcoreException {
    long done = 0;
    while (done < dst.byteSize()) {
      int i = indexOf(at + done);
      long wanted = i < 0 ? 0 : available(i, at + done - address[i], dst.byteSize() - done);
      if (wanted <= 0) {
        break;
      }
      boolean whole = wanted == dst.byteSize();
      long got =
          source.readPresent(
              fileOffset[i] + (at + done - address[i]), whole ? dst : dst.asSlice(done, wanted));
      done += got;
      if (got < wanted) {
        break;
      }
    }
    return done;
  }

  @Override
  public Extent extentAt(long at) {
    int i = indexOf(at);
    if (i < 0) {
      return hole(at);
    }
    long here = at - address[i];
    long inFile = Math.min(filesz[i], memsz[i]);
    if (here < present[i] && !source.hasLosses()) {
      return new Extent(address[i], present[i], PageState.PRESENT);
    }
    return here < inFile
        ? span(i, here, inFile)
        : new Extent(address[i] + inFile, memsz[i] - inFile, PageState.EXCLUDED);
  }

  /** What of extent {@code i} is lost or present around {@code here}. */
  private Extent span(int i, long here, long inFile) {
    ByteSource.Span span = source.spanAt(fileOffset[i] + here);
    long start = Math.max(0, span.start() - fileOffset[i]);
    long end = Math.min(inFile, span.end() - fileOffset[i]);
    PageState state = span.isThere() ? PageState.PRESENT : PageState.LOST;
    return new Extent(address[i] + start, end - start, state);
  }

  @Override
  public Optional<Finding> lossAt(long at) {
    int i = indexOf(at);
    return i < 0 || at - address[i] >= filesz[i]
        ? Optional.empty()
        : source.lossAt(fileOffset[i] + (at - address[i]));
  }

  @Override
  public Optional<FileSlice> backing(long at, long size) {
    int i = indexOf(at);
    long left = i < 0 ? 0 : available(i, at - address[i], size);
    return left <= 0
        ? Optional.empty()
        : Optional.of(source.slice(fileOffset[i] + (at - address[i]), left));
  }

  @Override
  public long blank(long at, long most) {
    long done = 0;
    while (Long.compareUnsigned(done, most) < 0) {
      long left = most - done;
      long here = blankHere(at + done, left);
      if (here == 0) {
        break;
      }
      done += here;
    }
    return done;
  }

  /** As much of {@link #blank} as one extent has. */
  private long blankHere(long at, long most) {
    Extent extent = extentAt(at);
    long size = extent.sizeFrom(at);
    long wanted = Unsigned.min(size, most);
    return switch (extent.state()) {
      case LOST -> 0;
      case EXCLUDED, NOT_RAM -> wanted;
      case PRESENT -> hole(at, wanted);
    };
  }

  /** How many bytes at {@code at} are a hole of the file. */
  private long hole(long at, long most) {
    int i = indexOf(at);
    long left = i < 0 ? 0 : available(i, at - address[i], most);
    if (left <= 0) {
      return 0;
    }
    long offset = fileOffset[i] + (at - address[i]);
    return Math.min(source.nextData(offset) - offset, left);
  }

  private long present(int i) {
    return source.available(fileOffset[i], Math.min(filesz[i], memsz[i]));
  }

  /** The bytes in a row, at most {@code wanted}, that are present {@code here} in extent i. */
  private long available(int i, long here, long wanted) {
    if (here < present[i] && !source.hasLosses()) {
      return Math.min(wanted, present[i] - here);
    }
    long inFile = Math.min(filesz[i], memsz[i]) - here;
    return inFile <= 0 ? 0 : source.available(fileOffset[i] + here, Math.min(wanted, inFile));
  }

  private int indexOf(long at) {
    int i = recent;
    if (i < address.length && isIn(i, at)) {
      return i;
    }
    i = Ascending.floor(address, address.length, at);
    if (i < 0 || !isIn(i, at)) {
      return -1;
    }
    recent = i;
    return i;
  }

  private boolean isIn(int i, long at) {
    return at >= address[i] && at - address[i] < memsz[i];
  }

  private Extent hole(long at) {
    int next = Ascending.floor(address, address.length, at) + 1;
    long start = next == 0 ? 0 : address[next - 1] + memsz[next - 1];
    long end = next == address.length ? 0 : address[next];
    return end == start ? Extent.nowhere(at) : new Extent(start, end - start, PageState.NOT_RAM);
  }

  /** Collects extents in ascending order of address. */
  public static final class Builder {
    private final ByteSource source;
    private int count;
    private long[] address = new long[16];
    private long[] memsz = new long[16];
    private long[] fileOffset = new long[16];
    private long[] filesz = new long[16];

    /** Extents that lie in {@code source}. */
    public Builder(ByteSource source) {
      this.source = source;
    }

    /**
     * Adds {@code size} bytes at {@code start}, which is not below the end of the last one; none
     * are negative. Empty extents are left out.
     */
    public Builder add(long start, long size, long offset, long sizeInFile) {
      if (size == 0) {
        return this;
      }
      if (count == address.length) {
        grow();
      }
      address[count] = start;
      memsz[count] = size;
      fileOffset[count] = offset;
      filesz[count] = sizeInFile;
      count++;
      return this;
    }

    private void grow() {
      int length = count * 2;
      address = Arrays.copyOf(address, length);
      memsz = Arrays.copyOf(memsz, length);
      fileOffset = Arrays.copyOf(fileOffset, length);
      filesz = Arrays.copyOf(filesz, length);
    }

    /** The memory of the extents so far. */
    public FileOldMemory build() {
      return new FileOldMemory(this);
    }
  }
}
