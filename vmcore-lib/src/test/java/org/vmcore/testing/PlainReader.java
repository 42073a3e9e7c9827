package org.vmcore.testing;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A second reader of dumps, simple and by itself: the bytes of physical memory that a small 64-bit
 * little-endian ELF, kdump-compressed or LiME file holds.
 */
public final class PlainReader {
  private static final int PAGE = 4096;
  private static final int PT_LOAD = 1;
  private static final int LIME_HEADER = 32;
  private static final int ZLIB = 1;
  private static final int ZSTD = 0x20;

  private final ByteBuffer file;

  /** The bytes of each run, by its first physical address. */
  private final TreeMap<Long, byte[]> runs = new TreeMap<>();

  private PlainReader(byte[] bytes) {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads all of the file whose bytes these are. */
  public static PlainReader of(byte[] bytes) {
    PlainReader reader = new PlainReader(bytes);
    switch (bytes[0]) {
      case 0x7f -> reader.elf();
      case 'K' -> reader.kdump();
      default -> reader.lime();
    }
    return reader;
  }

  private byte[] bytes(long from, long size) {
    return Arrays.copyOfRange(file.array(), (int) from, (int) (from + size));
  }

  private void elf() {
    int table = (int) file.getLong(32);
    int count = file.getShort(56);
    for (int at = table; at < table + 56 * count; at += 56) {
      long filesz = file.getLong(at + 32);
      if (file.getInt(at) == PT_LOAD && filesz > 0) {
        runs.put(file.getLong(at + 24), bytes(file.getLong(at + 8), filesz));
      }
    }
  }

  private void lime() {
    for (int at = 0; at < file.capacity(); ) {
      long start = file.getLong(at + 8);
      long size = file.getLong(at + 16) - start + 1;
      runs.put(start, bytes(at + LIME_HEADER, size));
      at += LIME_HEADER + (int) size;
    }
  }

  private void kdump() {
    int bitmaps = (1 + file.getInt(432)) * PAGE;
    int half = file.getInt(436) / 2 * PAGE;
    int descriptor = bitmaps + 2 * half;
    for (int pfn = 0; pfn < 8 * half; pfn++) {
      if ((file.get(bitmaps + half + pfn / 8) >> pfn % 8 & 1) != 0) {
        byte[] stored = bytes(file.getLong(descriptor), file.getInt(descriptor + 8));
        runs.put((long) pfn * PAGE, unpacked(stored, file.getInt(descriptor + 12)));
        descriptor += 24;
      }
    }
  }

  private static byte[] unpacked(byte[] stored, int flags) {
    byte[] page = new byte[PAGE];
    if ((flags & ZSTD) != 0) {
      Zstd.decompress(page, stored);
      return page;
    }
    if ((flags & ZLIB) == 0) {
      return stored;
    }
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(stored);
      inflater.inflate(page);
      return page;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whether the byte at physical {@code address} is in the file. */
  public boolean holds(long address) {
    Map.Entry<Long, byte[]> run = runs.floorEntry(address);
    return run != null && address - run.getKey() < run.getValue().length;
  }

  /**
   * The bytes from physical {@code address} on, at most {@code size}, up to one that isn't there.
   */
  public byte[] read(long address, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (out.size() < size && holds(address + out.size())) {
      Map.Entry<Long, byte[]> run = runs.floorEntry(address + out.size());
      int from = (int) (address + out.size() - run.getKey());
      out.write(run.getValue(), from, Math.min(size - out.size(), run.getValue().length - from));
    }
    return out.toByteArray();
  }

  /** Behind the last byte. */
  public long end() {
    return runs.lastKey() + runs.lastEntry().getValue().length;
  }
}
