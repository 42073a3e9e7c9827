package org.vmcore.io;

/**
 * Bytes that lie, as they are, in a file.
 *
 * @param source the file
 * @param offset of the first byte in it
 * @param size in bytes; all of them are inside the file
 */
public record FileSlice(ByteSource source, long offset, long size) {}
