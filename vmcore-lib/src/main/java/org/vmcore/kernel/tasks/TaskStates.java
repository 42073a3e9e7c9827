package org.vmcore.kernel.tasks;

import java.util.OptionalLong;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/**
 * The letters of tasks' states, as the kernel's own {@code task_state_array} has them: its entries
 * begin with the letter, and the highest bit that is set counts. Source: fs/proc/array.c, {@code
 * task_state_index} of include/linux/sched.h.
 */
final class TaskStates {
  /** Since 4.14. */
  private static final String USUAL = "RSDTtXZPI";

  private static final int UNINTERRUPTIBLE = 2;

  /** TASK_NOLOAD: not counted as load; with TASK_UNINTERRUPTIBLE that is idle. */
  private static final int NOLOAD = 0x400;

  /** TASK_RTLOCK_WAIT and TASK_FROZEN, which the kernel itself reports so. */
  private static final int LIKE_UNINTERRUPTIBLE = 0x9000;

  private static final int REPORTED = 0x7f;

  private static final int MOST = 16;

  private final String letters;

  private TaskStates(String letters) {
    this.letters = letters;
  }

  static TaskStates of(KernelObjects objects) throws VmcoreException {
    OptionalLong array = objects.symbols().addressInKernel("task_state_array");
    String own = array.isEmpty() ? "" : letters(objects.reader(), array.getAsLong());
    return new TaskStates(own.startsWith("RSD") ? own : USUAL);
  }

  private static String letters(KernelReader in, long array) throws VmcoreException {
    StringBuilder letters = new StringBuilder();
    try {
      for (int i = 0; i < MOST; i++) {
        String entry = in.text(in.word(array + (long) i * in.wordSize(), "task_state_array"), MOST);
        if (entry.length() < 3 || entry.charAt(1) != ' ' || entry.charAt(2) != '(') {
          break;
        }
        letters.append(entry.charAt(0));
      }
    } catch (VmcoreException e) {
      return "";
    }
    return letters.toString();
  }

  /** The letter of {@code task_struct.__state} and {@code exit_state}. */
  char letter(long state, long exitState) {
    int idle = letters.indexOf('I');
    if (idle > 0 && (state & (NOLOAD | UNINTERRUPTIBLE)) == (NOLOAD | UNINTERRUPTIBLE)) {
      return 'I';
    }
    int most = idle > 0 ? idle : letters.length();
    if (((state | exitState) & REPORTED) == 0 && (state & LIKE_UNINTERRUPTIBLE) != 0) {
      return 'D';
    }
    long reported = (state | exitState) & ((1L << (most - 1)) - 1);
    return letters.charAt(Long.SIZE - Long.numberOfLeadingZeros(reported));
  }
}
