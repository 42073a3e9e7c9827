package org.vmcore.convert.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.vmcore.memory.VmcoreException;

/**
 * Memory for one frame of a zstd file, before and after it is compressed: none of it on the heap.
 */
final class ZstdFrame implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes;
  private final MemorySegment room;
  private final ByteBuffer source;
  private final ByteBuffer target;
  private MemorySegment packed = MemorySegment.NULL;

  /** Memory for up to {@code size} bytes. */
  ZstdFrame(int size) {
    bytes = arena.allocate(size, Long.BYTES);
    room = arena.allocate(Zstd.compressBound(size), Long.BYTES);
    source = bytes.asByteBuffer();
    target = room.asByteBuffer();
  }

  /** What compresses frames, one after the other. */
  static ZstdCompressCtx context(int level) {
    return new ZstdCompressCtx().setLevel(level).setContentSize(true).setChecksum(true);
  }

  /** Reads {@code size} bytes of {@code content} and compresses them. */
  void pack(ZstdCompressCtx context, Content content, long offset, int size, MemorySegment zeros)
      throws VmcoreException {
    MemorySegment part = bytes.asSlice(0, size);
    content.read(offset, part);
    packed = zeros.byteSize() > 0 && isZero(part) ? zeros : compressed(context, size);
  }

  /** The frame of {@code size} zeros. */
  MemorySegment packZeros(ZstdCompressCtx context, int size) throws VmcoreException {
    bytes.asSlice(0, size).fill((byte) 0);
    return compressed(context, size);
  }

  private MemorySegment compressed(ZstdCompressCtx context, int size) throws VmcoreException {
    try {
      int written = context.compressDirectByteBuffer(target, 0, target.capacity(), source, 0, size);
      return room.asSlice(0, written);
    } catch (ZstdException e) {
      throw VmcoreException.of("zstd", String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether each byte is the one in front of it, and the first is 0. */
  private static boolean isZero(MemorySegment part) {
    long size = part.byteSize();
    return part.get(ValueLayout.JAVA_BYTE, 0) == 0
        && MemorySegment.mismatch(part, 0, size - 1, part, 1, size) < 0;
  }

  /** What the last bytes were compressed to. */
  MemorySegment packed() {
    return packed;
  }

  @Override
  public void close() {
    arena.close();
  }
}
