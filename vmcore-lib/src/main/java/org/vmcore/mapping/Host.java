package org.vmcore.mapping;

import java.nio.ByteOrder;
import java.util.Optional;

/** Whether this host and JVM let address space be laid out by hand. */
final class Host {
  private Host() {}

  /** The reason why not. */
  static Optional<String> unsupported() {
    String os = System.getProperty("os.name", "");
    if (!os.equals("Linux")) {
      return Optional.of("files are mapped side by side on Linux only, not on " + os);
    }
    String arch = System.getProperty("os.arch", "");
    boolean known = arch.equals("amd64") || arch.equals("aarch64");
    if (!known || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return Optional.of("files are mapped side by side on x86_64 and arm64 only, not on " + arch);
    }
    // Asked first: the JVM would print a warning, or throw, at the first restricted call.
    Module module = Host.class.getModule();
    if (!module.isNativeAccessEnabled()) {
      String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
      return Optional.of("the JVM was started without --enable-native-access=" + name);
    }
    return Optional.empty();
  }

  /** The system calls; starts the native linker when it is asked for the first time. */
  static SystemCalls calls() throws NotMappable {
    Optional<String> reason = unsupported();
    if (reason.isPresent()) {
      throw new NotMappable(reason.get());
    }
    try {
      return Libc.INSTANCE;
    } catch (LinkageError | IllegalCallerException | UnsupportedOperationException e) {
      throw new NotMappable("the C library cannot be called: " + e);
    }
  }
}
