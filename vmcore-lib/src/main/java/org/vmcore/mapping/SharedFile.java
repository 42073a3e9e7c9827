package org.vmcore.mapping;

import java.nio.file.Path;

/**
 * A file of the default file system to map, and which one it must still be. Whoever makes this
 * keeps the file open until it is mapped: the inode of a file that is closed and deleted may become
 * another's.
 *
 * @param path where it was opened
 * @param key its {@link java.nio.file.attribute.BasicFileAttributes#fileKey} when it was opened
 *     (device and inode)
 */
public record SharedFile(Path path, Object key) {}
