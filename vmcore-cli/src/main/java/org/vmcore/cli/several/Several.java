package org.vmcore.cli.several;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Guarded;
import org.vmcore.cli.output.Turn;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Printable;

/** Several dumps: files, and those in folders. */
public final class Several {
  private final List<DumpFile> files = new ArrayList<>();
  private final int jobs;

  /** The dumps that are {@code named}, in the same order; those of a folder by their paths. */
  public Several(List<Path> named, JobsOption jobs) {
    for (Path each : named) {
      if (Files.isDirectory(each)) {
        addFolder(each);
      } else {
        files.add(DumpFile.of(each));
      }
    }
    this.jobs = Math.min(jobs.count(), files.size());
  }

  private void addFolder(Path folder) {
    List<DumpFile> found = DumpFolder.dumps(folder);
    files.addAll(
        found.isEmpty() ? List.of(DumpFile.refused(folder, "no dump is in this folder")) : found);
  }

  /** Whether what is named is more than one dump: a folder counts as several. */
  public static boolean are(List<Path> named) {
    return named.size() > 1 || (named.size() == 1 && Files.isDirectory(named.getFirst()));
  }

  /** The length of the longest name. */
  public int widest() {
    int widest = 0;
    for (DumpFile file : files) {
      widest = Math.max(widest, Printable.text(file.name()).length());
    }
    return widest;
  }

  /** Looks at one dump. */
  @FunctionalInterface
  public interface Look<T> {
    /**
     * What is made of it.
     *
     * @param status where its exit status is put, if it isn't 0
     * @throws VmcoreException what keeps it from being made
     */
    T at(Path file, Console console, Status status) throws VmcoreException;
  }

  /** The exit status of one dump. */
  public static final class Status {
    private int value = ExitStatus.OK;

    public void set(int status) {
      value = status;
    }
  }

  /** Prints what it has to say of one dump. */
  @FunctionalInterface
  public interface Print {
    /**
     * Does it.
     *
     * @return the exit status
     * @throws VmcoreException what keeps it from being done
     */
    int of(Path file, Console console) throws VmcoreException;
  }

  /**
   * Looks at all of them, and hands over what came of each, in their order.
   *
   * @return the highest exit status
   */
  public <T> int look(Console console, Look<T> look, Consumer<Outcome<T>> taker) {
    int[] worst = {ExitStatus.OK};
    try (InOrder<Outcome<T>> order = new InOrder<>(jobs)) {
      order.run(
          files.size(),
          i -> () -> outcome(files.get(i), console.silent(), look),
          outcome -> {
            worst[0] = Math.max(worst[0], outcome.status());
            taker.accept(outcome);
            return true;
          });
    }
    return worst[0];
  }

  private static <T> Outcome<T> outcome(DumpFile file, Console console, Look<T> look) {
    Status status = new Status();
    List<T> made = new ArrayList<>();
    int ended =
        Guarded.run(
            console,
            () -> {
              requireReadable(file);
              made.add(look.at(file.path(), console, status));
              return status.value;
            });
    return new Outcome<>(file, made.stream().findFirst(), ended, console.failure());
  }

  private static void requireReadable(DumpFile file) throws VmcoreException {
    Optional<VmcoreException> refusal = file.refusal();
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  /**
   * Prints of all of them, in their order.
   *
   * @param begin says how what is printed of a dump begins; it gets its place in the list
   * @return the highest exit status
   */
  public int print(Console console, Begin begin, Print print) {
    int[] worst = {ExitStatus.OK};
    try (InOrder<Integer> order = new InOrder<>(jobs)) {
      order.run(
          files.size(),
          i -> new Printing(files.get(i), console, own -> begin.at(i, files.get(i), own), print),
          status -> {
            worst[0] = Math.max(worst[0], status);
            return status != ExitStatus.CLOSED_PIPE;
          });
    }
    return worst[0];
  }

  /** How what is printed of a dump begins. */
  @FunctionalInterface
  public interface Begin {
    /** Begins it. */
    void at(int index, DumpFile file, Console console);
  }

  /** What is printed of one dump. */
  private static final class Printing implements InOrder.Job<Integer> {
    private final DumpFile file;
    private final Turn turn;
    private final Console console;
    private final Consumer<Console> begin;
    private final Print print;

    Printing(DumpFile file, Console all, Consumer<Console> begin, Print print) {
      this.file = file;
      this.turn = all.turn();
      this.console = all.at(turn);
      this.begin = begin;
      this.print = print;
    }

    @Override
    public Integer run() {
      int status =
          Guarded.run(
              console,
              () -> {
                begin.accept(console);
                requireReadable(file);
                return print.of(file.path(), console);
              });
      return console.finish(status);
    }

    @Override
    public void first() {
      turn.come();
    }

    @Override
    public void forgo() {
      turn.forgo();
    }
  }
}
