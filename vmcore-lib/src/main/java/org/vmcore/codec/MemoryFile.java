package org.vmcore.codec;

import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that lies in memory and has no name (memfd_create(2)), so that no mount option keeps a
 * library in it from being loaded. It lives as long as the process.
 */
final class MemoryFile {
  /** The system property that tells zstd-jni where its library lies. */
  static final String PATH_PROPERTY = "ZstdNativePath";

  private static final int MFD_CLOEXEC = 1;

  private MemoryFile() {}

  /**
   * The path of a new file that holds zstd-jni's library for this host.
   *
   * @throws IOException when there is none for it, or there are no such files here
   */
  static String ofZstdLibrary() throws IOException {
    Module module = MemoryFile.class.getModule();
    if (!System.getProperty("os.name", "").equals("Linux") || !module.isNativeAccessEnabled()) {
      throw new IOException("there are no files in memory here");
    }
    try (InputStream library = library()) {
      Path file = Path.of("/proc/self/fd/" + create());
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
        library.transferTo(out);
      }
      return file.toString();
    }
  }

  private static InputStream library() throws IOException {
    String arch = System.getProperty("os.arch", "");
    String name =
        "linux/"
            + (arch.equals("x86_64") ? "amd64" : arch)
            + "/libzstd-jni-"
            + ZstdVersion.VERSION
            + ".so";
    InputStream found =
        Native.class.getModule().isNamed()
            ? inModule(name)
            : Native.class.getResourceAsStream("/" + name);
    if (found == null) {
      throw new FileNotFoundException(name);
    }
    return found;
  }

  /** What a module keeps to itself is read from its archive. */
  private static InputStream inModule(String name) throws IOException {
    Module module = Native.class.getModule();
    Optional<ModuleReference> archive =
        Optional.ofNullable(module.getLayer())
            .flatMap(layer -> layer.configuration().findModule(module.getName()))
            .map(resolved -> resolved.reference());
    if (archive.isEmpty()) {
      throw new FileNotFoundException(name);
    }
    try (ModuleReader reader = archive.get().open()) {
      byte[] bytes =
          reader.open(name).orElseThrow(() -> new FileNotFoundException(name)).readAllBytes();
      return new ByteArrayInputStream(bytes);
    }
  }

  /** The descriptor of a new file. */
  @SuppressWarnings("restricted") // it was asked whether the module may
  private static int create() throws IOException {
    Linker linker = Linker.nativeLinker();
    MethodHandle create =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("memfd_create"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) create.invokeExact(arena.allocateFrom("zstd"), MFD_CLOEXEC);
      if (descriptor < 0) {
        throw new IOException("memfd_create failed");
      }
      return descriptor;
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("memfd_create failed", e);
    }
  }
}
