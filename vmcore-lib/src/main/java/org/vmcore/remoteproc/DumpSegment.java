package org.vmcore.remoteproc;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.values.Hex;
import org.vmcore.values.Printable;

/**
 * A piece of a remote processor's memory that its coredump has: {@code struct rproc_dump_segment}.
 * Whether it makes sense is checked when the core is built, {@link
 * RemoteprocCoredump.Builder#build}.
 */
public final class DumpSegment {
  private final long deviceAddress;
  private final long size;
  private final String name;
  private final @Nullable DumpCallback callback;

  private DumpSegment(long deviceAddress, long size, String name, @Nullable DumpCallback callback) {
    this.deviceAddress = deviceAddress;
    this.size = size;
    this.name = name;
    this.callback = callback;
  }

  /** {@code size} bytes of the processor's {@link DeviceMemory} at {@code deviceAddress}. */
  public static DumpSegment of(long deviceAddress, long size) {
    return new DumpSegment(deviceAddress, size, "", null);
  }

  /** {@code size} bytes that {@code callback} gives, said to be at {@code deviceAddress}. */
  public static DumpSegment custom(long deviceAddress, long size, DumpCallback callback) {
    return new DumpSegment(deviceAddress, size, "", callback);
  }

  /**
   * The same segment with a name, in UTF-8. Only the form with sections has names: the kernel takes
   * the segment's private data for one, and fails without. Here it is the empty name then.
   */
  public DumpSegment named(String text) {
    return named(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same segment with a name, raw bytes without a NUL. */
  public DumpSegment named(byte[] raw) {
    String bytes = new String(raw, StandardCharsets.ISO_8859_1);
    return new DumpSegment(deviceAddress, size, bytes, callback);
  }

  /** Where it is for the remote processor, unsigned. */
  public long deviceAddress() {
    return deviceAddress;
  }

  /** In bytes; may be 0. */
  public long size() {
    return size;
  }

  /** The name's bytes; none without a name. */
  public byte[] name() {
    return name.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What copies its bytes, when that isn't the processor's memory. */
  public Optional<DumpCallback> callback() {
    return Optional.ofNullable(callback);
  }

  /** How messages name it: <code>segment "text" at device address 0x10000000</code>. */
  @Override
  public String toString() {
    String quoted = name.isEmpty() ? "" : "\"" + Printable.utf8(name) + "\" ";
    return "segment " + quoted + "at device address " + Hex.of(deviceAddress);
  }
}
