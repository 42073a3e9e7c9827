package org.vmcore.memory;

import java.lang.foreign.MemorySegment;
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
}
