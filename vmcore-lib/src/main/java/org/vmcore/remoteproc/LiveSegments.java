package org.vmcore.remoteproc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.vmcore.memory.VmcoreException;

/** Segments as the device's memory has them at the time of a read: {@code rproc_copy_segment}. */
final class LiveSegments implements CoreImage.SegmentBytes {
  static final byte UNMAPPED = (byte) 0xff;

  private final CoreLayout layout;
  private final List<DumpSegment> segments;
  private final DeviceMemory memory;
  private final CoredumpListener listener;

  LiveSegments(CoreLayout layout, DeviceMemory memory, CoredumpListener listener) {
    this.layout = layout;
    this.segments = layout.segments();
    this.memory = memory;
    this.listener = listener;
  }

  @Override
  public long read(int index, long offset, MemorySegment dst) throws VmcoreException {
    DumpSegment segment = segments.get(index);
    try {
      if (isUnmapped(index, offset, dst.byteSize())) {
        dst.fill(UNMAPPED);
        return dst.byteSize();
      }
      return counted(copy(segment, offset, dst), dst.byteSize());
    } catch (IOException | RuntimeException e) {
      VmcoreException why =
          VmcoreException.at(
              layout.name(), layout.start(index) + offset, segment + ": " + reason(e), e);
      listener.failed(segment, why);
      throw why;
    }
  }

  /** Whether the piece as a whole has no mapping; tells the listener if so. */
  boolean isUnmapped(int index, long offset, long size) {
    DumpSegment segment = segments.get(index);
    if (segment.callback().isPresent() || memory.isMapped(segment.deviceAddress() + offset, size)) {
      return false;
    }
    listener.unmapped(segment, offset, size);
    return true;
  }

  private long copy(DumpSegment segment, long offset, MemorySegment dst) throws IOException {
    return segment.callback().isPresent()
        ? segment.callback().get().copy(segment, offset, dst)
        : memory.copy(segment.deviceAddress() + offset, dst);
  }

  private static long counted(long copied, long asked) throws IOException {
    if (copied <= 0 || copied > asked) {
      throw new IOException("says that it copied " + copied + " of " + asked + " bytes");
    }
    return copied;
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
