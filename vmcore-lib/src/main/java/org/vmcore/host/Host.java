package org.vmcore.host;

import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;

/** Whether this host and JVM let the C library be called. */
public final class Host {
  private Host() {}

  /** The reason why not; asking starts no native linker. */
  public static Optional<String> unsupported() {
    String os = System.getProperty("os.name", "");
    if (!os.equals("Linux")) {
      return Optional.of("the C library is called on Linux only, not on " + os);
    }
    String arch = System.getProperty("os.arch", "");
    boolean known = arch.equals("amd64") || arch.equals("aarch64");
    if (!known || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return Optional.of("the C library is called on x86_64 and arm64 only, not on " + arch);
    }
    // Asked first: the JVM would print a warning, or throw, at the first restricted call.
    Module module = Host.class.getModule();
    if (!module.isNativeAccessEnabled()) {
      String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
      return Optional.of("the JVM was started without --enable-native-access=" + name);
    }
    return Optional.empty();
  }

  /**
   * The system calls; starts the native linker when it is asked for the first time.
   *
   * @throws UnsupportedOperationException with the reason why there are none
   */
  public static SystemCalls calls() {
    Optional<String> reason = unsupported();
    if (reason.isPresent()) {
      throw new UnsupportedOperationException(reason.get());
    }
    try {
      return Libc.INSTANCE;
    } catch (LinkageError | IllegalCallerException | UnsupportedOperationException e) {
      throw new UnsupportedOperationException("the C library cannot be called: " + e, e);
    }
  }

  /** The file system's own bytes of {@code path}: Java decodes file names with this charset. */
  public static byte[] bytes(Path path) {
    String charset = System.getProperty("sun.jnu.encoding");
    Charset names = charset == null ? Charset.defaultCharset() : Charset.forName(charset);
    return path.toString().getBytes(names);
  }
}
