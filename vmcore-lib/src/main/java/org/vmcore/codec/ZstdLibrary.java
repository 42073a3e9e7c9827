package org.vmcore.codec;

import com.github.luben.zstd.util.Native;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import org.vmcore.memory.VmcoreException;

/**
 * The native library of zstd-jni, loaded once in the life of the process, or not at all.
 *
 * <p>zstd-jni writes it to a file in {@code java.io.tmpdir} and loads that; a hardened host has
 * mounted it {@code noexec}, a full one has no room there. Then it is loaded from memory, which
 * Linux can do, or from the user's cache folder. Nothing of zstd-jni may be used before {@link
 * #require} or {@link #load} has returned: a class of it whose initializer failed fails for good.
 */
public final class ZstdLibrary {
  private ZstdLibrary() {}

  /** What loading it came to; made when it is asked for the first time. */
  private static final class Loading {
    static final Optional<String> REFUSAL = attempt();
  }

  /** Why it can't be loaded; empty when it is loaded. */
  public static Optional<String> refusal() {
    return Loading.REFUSAL;
  }

  /**
   * Sees to it that it is loaded, for {@code file}.
   *
   * @throws VmcoreException when it can't be
   */
  public static void require(String file) throws VmcoreException {
    Optional<String> refusal = refusal();
    if (refusal.isPresent()) {
      throw VmcoreException.of(file, "zstd: " + refusal.get());
    }
  }

  /**
   * Sees to it that it is loaded.
   *
   * @throws UnsatisfiedLinkError when it can't be
   */
  static void load() {
    Optional<String> refusal = refusal();
    if (refusal.isPresent()) {
      throw new UnsatisfiedLinkError(refusal.get());
    }
  }

  private static Optional<String> attempt() {
    String first = attempt(ZstdLibrary::asUsual);
    if (first.isEmpty()
        || attempt(ZstdLibrary::fromMemory).isEmpty()
        || attempt(ZstdLibrary::fromCacheFolder).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "its native library can't be loaded: "
            + first
            + "; a folder to load it from is given by VMCORE_OPTS=-DZstdTempFolder=DIR");
  }

  /** One way to load it. */
  @FunctionalInterface
  private interface Way {
    void load() throws IOException;
  }

  /** Why {@code way} doesn't lead there, in one line; empty when it does. */
  private static String attempt(Way way) {
    try {
      way.load();
      return "";
    } catch (IOException | LinkageError | RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      int end = reason.indexOf('\n');
      String line = end < 0 ? reason : reason.substring(0, end);
      return line.endsWith(":") ? line.substring(0, line.length() - 1) : line;
    }
  }

  private static void asUsual() {
    Native.load();
  }

  private static void fromMemory() throws IOException {
    String file = MemoryFile.ofZstdLibrary();
    System.setProperty(MemoryFile.PATH_PROPERTY, file);
    try {
      Native.load();
    } finally {
      System.clearProperty(MemoryFile.PATH_PROPERTY);
    }
  }

  private static void fromCacheFolder() throws IOException {
    String cache = System.getenv("XDG_CACHE_HOME");
    File folder =
        cache == null || cache.isEmpty()
            ? new File(System.getProperty("user.home", ""), ".cache")
            : new File(cache);
    if (!folder.isAbsolute() || !(folder.isDirectory() || folder.mkdirs())) {
      throw new IOException("there is no cache folder");
    }
    Native.load(folder);
  }
}
