package org.vmcore.memory;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * An address space of a dump: physical or virtual addresses, or the offsets of the image. Addresses
 * are unsigned 64-bit numbers. Any number of threads may read.
 *
 * {@snippet :
 * long got = memory.read(address, page);
 * if (got < page.byteSize()) {
 *   PageState why = memory.extentAt(address + got).state();
 * }
 * }
 */
public interface Memory {
  /**
   * Copies bytes from {@code address} on to {@code dst}, up to the first one that can't be read.
   *
   * <p>What is {@link PageState#PRESENT} can be read; what is {@link PageState#EXCLUDED} or {@link
   * PageState#LOST} can't. {@link PageState#NOT_RAM} can't either, but inside of a vmcore, where it
   * reads as zeros, as {@code /proc/vmcore} has it.
   *
   * <p>Large reads are the fastest: of 128 KiB and more, compressed pages are unpacked by all cores
   * and right into {@code dst}, if other threads may write there (a confined arena's memory they
   * may not). What {@code dst} holds behind the bytes copied is undefined.
   *
   * @return the bytes copied; fewer than {@code dst} holds only where what follows can't be read or
   *     the space ends; 0 when nothing can be read at {@code address}
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  long read(long address, MemorySegment dst) throws VmcoreException;

  /**
   * The bytes around {@code address} that share its state. Neighbours may have the same state. What
   * is present may be found {@link PageState#LOST} when it is read: a page that can't be
   * decompressed.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  Extent extentAt(long address) throws VmcoreException;

  /**
   * Why the byte at {@code address} is {@link PageState#LOST}, with the place in the file, as far
   * as that is known.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  default Optional<Finding> lossAt(long address) throws VmcoreException {
    return Optional.empty();
  }

  /**
   * Why nothing is known of {@code address}, whose state is {@link PageState#NOT_RAM}: in one line,
   * as far as that is known.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  default String absenceAt(long address) throws VmcoreException {
    return "the dump knows of no memory there";
  }

  /**
   * How many bytes in a row from {@code address} on are known to hold nothing: they aren't RAM,
   * were left out, or are a hole of the dump's file, which reads as zeros. A search passes over
   * them. What is {@link PageState#LOST} is never among them.
   *
   * @param most the most that are asked about, unsigned
   * @return at most {@code most}; 0 where the byte may hold something, or nothing is known
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  default long blank(long address, long most) throws VmcoreException {
    return 0;
  }

  /** What errors call this memory: the name of the dump's file, as far as it is known. */
  default String source() {
    return "memory";
  }

  /**
   * {@code size} bytes from {@code address} on: all of them.
   *
   * @throws UnreadableException when one of them can't be read; of those in front of it nothing is
   *     given
   * @throws VmcoreException when the dump is closed, or its file fails
   * @throws IllegalArgumentException when {@code size} is negative, or the range would pass 2^64
   */
  default byte[] readBytes(long address, int size) throws VmcoreException {
    if (size < 0) {
      throw new IllegalArgumentException("a range of " + size + " bytes");
    }
    if (size > 0) {
      AddressRange.ofSize(address, size);
    }
    // A size may come out of a dump: room is made for what is there.
    byte[] bytes = new byte[Math.min(size, 1 << 16)];
    int got = 0;
    while (true) {
      got += (int) read(address + got, MemorySegment.ofArray(bytes).asSlice(got));
      if (got < bytes.length) {
        throw UnreadableException.at(this, address + got);
      }
      if (got == size) {
        return bytes;
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(size, 2L * got));
    }
  }

  /**
   * {@code size} bytes from {@code address} on as a stream. As {@link #stream(long, long,
   * OnMissing)} with {@link OnMissing#FAIL}.
   *
   * @throws IllegalArgumentException when {@code size} is negative, or the range would pass 2^64
   */
  default InputStream stream(long address, long size) {
    return stream(address, size, OnMissing.FAIL);
  }

  /**
   * {@code size} bytes from {@code address} on as a stream: buffered, with {@code mark} and {@code
   * reset}; {@code skip} passes over bytes that can't be read; {@code available} counts what is
   * left, up to 2^31 - 1. Its methods throw a {@link VmcoreException} when the dump is closed, or
   * its file fails; an {@link java.io.IOException} after the stream was closed. A {@code read} of
   * several bytes may give fewer; in front of what can't be read it ends short, and the next one
   * throws. Closing it leaves the dump open.
   *
   * @throws IllegalArgumentException when {@code size} is negative, or the range would pass 2^64
   */
  default InputStream stream(long address, long size, OnMissing onMissing) {
    return new MemoryStream(Channels.newInputStream(channel(address, size, onMissing)));
  }

  /**
   * {@code size} bytes from {@code address} on as a channel. As {@link #channel(long, long,
   * OnMissing)} with {@link OnMissing#FAIL}.
   *
   * @throws IllegalArgumentException when {@code size} is negative, or the range would pass 2^64
   */
  default SeekableByteChannel channel(long address, long size) {
    return channel(address, size, OnMissing.FAIL);
  }

  /**
   * {@code size} bytes from {@code address} on as a channel that can't be written. Position 0 is
   * {@code address}; behind the range, as at its end, there is nothing to read. It isn't buffered:
   * large reads are the fastest, as in {@link #read}; one may be shorter than asked for. Any number
   * of threads may use it, one after the other. Its methods throw a {@link VmcoreException} when
   * the dump is closed, or its file fails. Closing it leaves the dump open.
   *
   * @throws IllegalArgumentException when {@code size} is negative, or the range would pass 2^64
   */
  default SeekableByteChannel channel(long address, long size, OnMissing onMissing) {
    return new MemoryChannel(this, address, size, onMissing);
  }
}
