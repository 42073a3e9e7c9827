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
  static final Libc INSTANCE = new Libc();

  private final MemoryLayout stateLayout = Linker.Option.captureStateLayout();
  private final VarHandle errno =
      stateLayout.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private final MethodHandle mmap =
      handle(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private final MethodHandle munmap =
      handle("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private final MethodHandle mprotect =
      handle("mprotect", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private final MethodHandle open =
      handle(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private final MethodHandle close = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private final MethodHandle lseek =
      handle("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  private final MethodHandle getpagesize = handle("getpagesize", FunctionDescriptor.of(JAVA_INT));

  private Libc() {}

  @SuppressWarnings("restricted") // Host has asked whether the module may
  private static MethodHandle handle(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = Linker.Option.captureCallState("errno");
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, all);
  }

  @Override
  public long mmap(long address, long size, int protection, int flags, int fd, long offset) {
    return call(
        state -> (long) mmap.invokeExact(state, address, size, protection, flags, fd, offset));
  }

  @Override
  public long munmap(long address, long size) {
    return call(state -> (int) munmap.invokeExact(state, address, size));
  }

  @Override
  public long mprotect(long address, long size, int protection) {
    return call(state -> (int) mprotect.invokeExact(state, address, size, protection));
  }

  @Override
  public long open(byte[] path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(path.length + 1L);
      MemorySegment.copy(path, 0, name, JAVA_BYTE, 0, path.length);
      return call(state -> (int) open.invokeExact(state, name, flags));
    }
  }

  @Override
  public long close(int fd) {
    return call(state -> (int) close.invokeExact(state, fd));
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    return call(state -> (long) lseek.invokeExact(state, fd, offset, whence));
  }

  @Override
  public long pageSize() {
    return call(state -> (int) getpagesize.invokeExact(state));
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
