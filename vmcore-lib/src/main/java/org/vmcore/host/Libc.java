package org.vmcore.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The C library's system calls, for Linux on x86_64 and arm64. Loading this class starts the native
 * linker.
 */
final class Libc implements SystemCalls {
  private static final Linker LINKER = Linker.nativeLinker();

  static final Libc INSTANCE = new Libc();

  private final MemoryLayout stateLayout = Linker.Option.captureStateLayout();
  private final VarHandle errno =
      stateLayout.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Libc() {}

  @SuppressWarnings("restricted") // Host has asked whether the module may
  private static MethodHandle handle(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
  }

  /*
   * To make a handle takes the JVM some ten milliseconds, and few commands need more than three: each
   * is made when it is used for the first time.
   */

  private static final class Mmap {
    static final MethodHandle HANDLE =
        handle(
            "mmap",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  }

  private static final class Munmap {
    static final MethodHandle HANDLE =
        handle("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  }

  private static final class Mprotect {
    static final MethodHandle HANDLE =
        handle("mprotect", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  }

  private static final class Open {
    static final MethodHandle HANDLE =
        handle(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
  }

  private static final class Close {
    static final MethodHandle HANDLE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }

  private static final class Lseek {
    static final MethodHandle HANDLE =
        handle("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  }

  private static final class PageSize {
    static final MethodHandle HANDLE = handle("getpagesize", FunctionDescriptor.of(JAVA_INT));
  }

  @Override
  public long mmap(long address, long size, int protection, int flags, int fd, long offset) {
    return call(
        state ->
            (long) Mmap.HANDLE.invokeExact(state, address, size, protection, flags, fd, offset));
  }

  @Override
  public long munmap(long address, long size) {
    return call(state -> (int) Munmap.HANDLE.invokeExact(state, address, size));
  }

  @Override
  public long mprotect(long address, long size, int protection) {
    return call(state -> (int) Mprotect.HANDLE.invokeExact(state, address, size, protection));
  }

  @Override
  public long open(byte[] path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(path.length + 1L);
      MemorySegment.copy(path, 0, name, JAVA_BYTE, 0, path.length);
      return call(state -> (int) Open.HANDLE.invokeExact(state, name, flags));
    }
  }

  @Override
  public long close(int fd) {
    return call(state -> (int) Close.HANDLE.invokeExact(state, fd));
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    return call(state -> (long) Lseek.HANDLE.invokeExact(state, fd, offset, whence));
  }

  @Override
  public long pageSize() {
    return call(state -> (int) PageSize.HANDLE.invokeExact(state));
  }

  private interface Call {
    long with(MemorySegment state) throws Throwable;
  }

  private long call(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(stateLayout);
      long result = call.with(state);
      return result == -1 ? -(int) errno.get(state, 0L) : result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws no checked exception", e);
    }
  }
}
