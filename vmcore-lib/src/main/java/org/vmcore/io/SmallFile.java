package org.vmcore.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vmcore.memory.VmcoreException;

/** Reads files of {@code /proc} and {@code /sys} as a whole: they don't tell their size. */
public final class SmallFile {
  private SmallFile() {}

  /**
   * All bytes of {@code file}.
   *
   * @param limit in bytes; a larger file is refused
   * @param what what it should be, for the refusal
   * @throws VmcoreException when it can't be read or is too large
   */
  public static byte[] read(Path file, int limit, String what) throws VmcoreException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw VmcoreException.at(file.toString(), limit, "larger than any " + what);
      }
      return bytes;
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw VmcoreException.of(file.toString(), IoReason.of(e), e);
    }
  }
}
