package org.vmcore.cli.output;

import java.lang.reflect.Proxy;
import org.vmcore.output.OutputFile;

/**
 * Deletes what is half written when the process is told to end: by a signal that the JVM listens
 * to, or by SIGUSR1 from the launcher, which keeps the others away. A JVM that was started with
 * {@code -Xrs} hears of none.
 */
public final class Cleaner {
  private static final int SIGUSR1_STATUS = 128 + 10;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(OutputFile::abandonAllForGood, "cleaner"));
    try {
      listen();
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // The JVM has no such class, or the system no such signal: it ends the process as it is.
    }
  }

  private Cleaner() {}

  /** From now on it does. */
  public static void install() {}

  /** By reflection, since the compiler warns of each use of these classes. */
  private static void listen() throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object end =
        Proxy.newProxyInstance(
            Cleaner.class.getClassLoader(),
            new Class<?>[] {handler},
            (proxy, method, args) -> {
              if (method.getName().equals("handle")) {
                OutputFile.abandonAllForGood();
                Runtime.getRuntime().halt(SIGUSR1_STATUS);
              }
              return null;
            });
    Object usr1 = signal.getConstructor(String.class).newInstance("USR1");
    signal.getMethod("handle", signal, handler).invoke(null, usr1, end);
  }
}
