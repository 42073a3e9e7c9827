package org.vmcore.cli.output;

import org.vmcore.io.Faults;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/** Runs what may fail, tells why in one line, and gives the exit status. */
public final class Guarded {
  private Guarded() {}

  /** What may fail; gives the exit status. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it.
     *
     * @throws VmcoreException when it can't be done
     */
    int run() throws VmcoreException;
  }

  /** Runs {@code work}, whose failure is told on {@code console}. */
  public static int run(Console console, Work work) {
    try {
      return work.run();
    } catch (VmcoreException e) {
      if (OutputFile.READER_GONE.equals(e.reason())) {
        return ExitStatus.CLOSED_PIPE;
      }
      console.error(String.valueOf(e.getMessage()), e);
      return isLoss(e) ? ExitStatus.DAMAGED : ExitStatus.FAILED;
    } catch (OutputRefused e) {
      return console.refused(e.reason());
    } catch (OutOfMemoryError e) {
      console.error("out of memory: VMCORE_OPTS=-Xmx4g gives it more", e);
    } catch (InternalError e) {
      console.error(Faults.TRUNCATED, e);
      return ExitStatus.DAMAGED;
    } catch (StackOverflowError e) {
      console.error(
          "the stack overflowed: VMCORE_OPTS=-Xss8m gives it more (--debug tells where)", e);
    } catch (RuntimeException | Error e) {
      console.error("a bug in vmcore: " + e + " (--debug tells where)", e);
    }
    return ExitStatus.FAILED;
  }

  private static boolean isLoss(VmcoreException e) {
    return e.isLoss() || Faults.TRUNCATED.equals(e.reason());
  }
}
