package org.vmcore.coresight;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Described;
import org.vmcore.values.Hex;

/**
 * A struct tmc_crash_metadata: the registers of an ETF or ETR as it was stopped, beside its trace
 * in memory that was reserved for it. Always little-endian.
 *
 * <p>Source: drivers/hwtracing/coresight/coresight-tmc.h.
 *
 * @param address physical, of the structure
 * @param crc32Mdata the CRC of what follows {@code crc32Mdata}
 * @param crc32Tdata the CRC of all of the trace's buffer
 * @param version 0x10000; the major one is in the upper half
 * @param valid whether the device was enabled
 * @param ramSize of the trace's buffer, in words of 32 bits
 * @param sts the status; bit 0: the buffer is full
 * @param isIntact whether {@code crc32Mdata} is right; of what isn't valid any more it may be that
 *     of when it was, for the kernel clears {@code valid} alone
 */
public record CrashMetadata(
    long address,
    long crc32Mdata,
    long crc32Tdata,
    long version,
    boolean valid,
    long ramSize,
    long sts,
    long mode,
    long ffcr,
    long ffsr,
    long rrp,
    long rwp,
    long dba,
    long tracePaddr,
    boolean isIntact) {
  /** Its size in bytes. */
  public static final int SIZE = 96;

  /** The size of what marks the start of a trace that has wrapped, in bytes. */
  public static final int BARRIER_SIZE = 16;

  private static final int VALID_AT = 12;
  private static final int MAJOR = 1;
  private static final int FULL = 1;
  private static final int BLOCK = 64 << 10;

  static CrashMetadata parse(long address, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long[] first = new long[9];
    for (int i = 0; i < first.length; i++) {
      first[i] = in.getInt() & 0xffff_ffffL;
    }
    in.getInt(); // reserved
    return new CrashMetadata(
        address,
        first[0],
        first[1],
        first[2],
        first[3] != 0,
        first[4],
        first[5],
        first[6],
        first[7],
        first[8],
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        crc(bytes) == first[0] || (first[3] == 0 && crc(valid(bytes)) == first[0]));
  }

  private static long crc(byte[] bytes) {
    return new KernelCrc32().update(bytes, Integer.BYTES, SIZE - Integer.BYTES).value();
  }

  /** The bytes as they are while they are valid. */
  private static byte[] valid(byte[] bytes) {
    byte[] valid = bytes.clone();
    valid[VALID_AT] = 1;
    return valid;
  }

  /** Whether it is of a version that is known. */
  boolean isKnown() {
    return version >>> 16 == MAJOR;
  }

  /** The size of the trace's buffer in bytes. */
  public long size() {
    return ramSize * Integer.BYTES;
  }

  /** Whether the trace has wrapped: its start is overwritten. */
  public boolean isFull() {
    return (sts & FULL) != 0;
  }

  /** Where the oldest byte lies in the buffer. */
  public long offset() {
    return rrp - dba;
  }

  /** How many bytes the trace has. */
  public long length() {
    return isFull() ? size() : rwp - rrp;
  }

  /** Why there is no trace, in one line; empty when there is one. */
  public Optional<String> obstacle() {
    if (!isKnown()) {
      return Optional.of("its version is " + Hex.of(version) + ", not 1.x");
    }
    if (!valid) {
      return Optional.of("it isn't valid: the device wasn't enabled");
    }
    if (!fits()) {
      return Optional.of(
          "a trace of "
              + Hex.of(length())
              + " bytes from "
              + Hex.of(offset())
              + " on isn't in a buffer of "
              + Hex.of(size()));
    }
    return length() == 0 ? Optional.of("its trace is empty") : Optional.empty();
  }

  /**
   * Why the trace can't be had from {@code physical}, in one line: as {@link #obstacle()}, or all
   * of its buffer is where the dump has no memory. Empty when it can, if only in part.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<String> obstacle(Memory physical) throws VmcoreException {
    Optional<String> obstacle = obstacle();
    return obstacle.isEmpty() && isNowhere(physical)
        ? Optional.of("its buffer at " + Hex.of(tracePaddr) + ": " + physical.absenceAt(tracePaddr))
        : obstacle;
  }

  private boolean isNowhere(Memory physical) throws VmcoreException {
    if (physical.extentAt(tracePaddr).state() != PageState.NOT_RAM) {
      return false;
    }
    List<Extent> missing = MissingBytes.of(physical, tracePaddr, size());
    return missing.size() == 1 && missing.getFirst().size() == size();
  }

  /** Whether the trace is in its buffer, and that in memory. */
  private boolean fits() {
    return size() <= NodeReader.LARGEST_BUFFER
        && Long.compareUnsigned(offset(), size()) <= 0
        && Long.compareUnsigned(length(), size()) <= 0
        && Long.compareUnsigned(tracePaddr + size(), tracePaddr) >= 0;
  }

  /** Whether {@link #obstacle} is damage. */
  public boolean isBroken() {
    return isKnown() && valid && !fits();
  }

  /** Whether it isn't what the kernel made: of what isn't valid no CRC is kept. */
  public boolean isDamaged() {
    return isKnown() && valid && !isIntact;
  }

  /**
   * The trace from its oldest byte on, in physical memory: one range or, where it wraps, two.
   *
   * @throws IllegalStateException when there is none
   */
  public List<AddressRange> pieces() {
    if (obstacle().isPresent()) {
      throw new IllegalStateException(obstacle().get());
    }
    List<AddressRange> pieces = new ArrayList<>();
    long start = offset() == size() ? 0 : offset();
    long first = Math.min(length(), size() - start);
    pieces.add(AddressRange.ofSize(tracePaddr + start, first));
    if (length() > first) {
      pieces.add(AddressRange.ofSize(tracePaddr, length() - first));
    }
    return pieces;
  }

  /**
   * What stands in the place of the first bytes of a full buffer, as the kernel has it: a decoder
   * begins anew behind it, for the trace's start may be in the middle of a packet.
   */
  public static byte[] barrier() {
    byte[] barrier = new byte[BARRIER_SIZE];
    for (int i = 0; i < BARRIER_SIZE; i++) {
      barrier[i] = (byte) (i % Integer.BYTES == Integer.BYTES - 1 ? 0x7f : 0xff);
    }
    return barrier;
  }

  /**
   * Whether the buffer's bytes are those of which {@code crc32Tdata} tells; empty where that can't
   * be said: some of them aren't in the dump, or the metadata don't tell of a buffer.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public Optional<Boolean> isTraceIntact(Memory physical) throws VmcoreException {
    if (!isKnown() || !valid || !fits()) {
      return Optional.empty();
    }
    if (!MissingBytes.of(physical, tracePaddr, size()).isEmpty()) {
      return Optional.empty();
    }
    KernelCrc32 crc = new KernelCrc32();
    byte[] block = new byte[BLOCK];
    for (long done = 0; done < size(); ) {
      int wanted = (int) Math.min(BLOCK, size() - done);
      MemorySegment into = MemorySegment.ofArray(block).asSlice(0, wanted);
      if (physical.read(tracePaddr + done, into) < wanted) {
        return Optional.empty();
      }
      crc.update(block, 0, wanted);
      done += wanted;
    }
    return Optional.of(crc.value() == crc32Tdata);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("CrashMetadata")
        .hex("address", address)
        .hex("crc32Mdata", crc32Mdata)
        .hex("crc32Tdata", crc32Tdata)
        .hex("version", version)
        .add("valid", valid)
        .hex("ramSize", ramSize)
        .hex("sts", sts)
        .hex("mode", mode)
        .hex("ffcr", ffcr)
        .hex("ffsr", ffsr)
        .hex("rrp", rrp)
        .hex("rwp", rwp)
        .hex("dba", dba)
        .hex("tracePaddr", tracePaddr)
        .add("isIntact", isIntact)
        .toString();
  }
}
