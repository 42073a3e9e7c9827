package org.vmcore.cli.crash;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.CrashTime;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.crash.Crash;
import org.vmcore.kernel.oops.CrashKind;
import org.vmcore.memory.VmcoreException;

/** Crashes by their fingerprint: how many there are of each, since when, on which kernels. */
final class CrashGroups {
  private static final Fields COLUMNS = new Fields();
  private static final Field COUNT = COLUMNS.count("COUNT", "How many.").titled("COUNT");
  private static final Field FIRST = COLUMNS.column("FIRST", "The earliest crash time.");
  private static final Field LAST = COLUMNS.column("LAST", "The latest crash time.");
  private static final Field FINGERPRINT = COLUMNS.column("FINGERPRINT", "What they share.");
  private static final Field KIND = COLUMNS.column("KIND", "What kind of crash it is.");
  private static final Field KERNELS = COLUMNS.column("KERNELS", "The kernels' releases.");
  private static final Field EXAMPLE = COLUMNS.column("EXAMPLE", "The file of the latest one.");
  private static final Field INPUTS = COLUMNS.column("OF", "What the fingerprint is of.");

  private static final long NO_TIME = -1;

  private final Map<String, Group> groups = new LinkedHashMap<>();

  /** Crashes of one cause. */
  private static final class Group {
    private final Seen one;
    private final TreeSet<String> kernels = new TreeSet<>();
    private int count;
    private long first = NO_TIME;
    private long last = NO_TIME;
    private String example = "";

    Group(Seen one) {
      this.one = one;
    }

    void add(String file, Seen seen) {
      count++;
      kernels.add(seen.kernel);
      if (seen.time != NO_TIME && (first == NO_TIME || seen.time < first)) {
        first = seen.time;
      }
      if (example.isEmpty() || seen.time > last) {
        example = file;
      }
      last = Math.max(last, seen.time);
    }
  }

  /** What is kept of a crash. */
  record Seen(String kind, String fingerprint, String inputs, String kernel, long time) {
    /**
     * The crash of {@code vmcore}.
     *
     * @throws VmcoreException when there is none, or it can't be read
     */
    static Seen of(Vmcore vmcore, KernelOptions kernel, Ending ending) throws VmcoreException {
      Crash crash = CrashTable.of(vmcore, kernel, ending);
      if (crash.kind() == CrashKind.NONE) {
        ending.nothing("the log tells of no crash");
      }
      Optional<VmcoreInfo> info = vmcore.vmcoreInfo();
      OptionalLong time = info.isPresent() ? info.get().crashTime() : OptionalLong.empty();
      return new Seen(
          crash.kind().text(),
          crash.kind() == CrashKind.NONE ? "-" : crash.fingerprint().value(),
          String.join(" / ", crash.fingerprint().inputs()),
          info.flatMap(VmcoreInfo::osRelease).orElse("-"),
          time.orElse(NO_TIME));
    }
  }

  void add(String file, Seen seen) {
    groups.computeIfAbsent(seen.fingerprint(), _ -> new Group(seen)).add(file, seen);
  }

  /** Writes the groups, the largest first. */
  void write(TextOut out, OutputOptions output) {
    List<Group> sorted = new ArrayList<>(groups.values());
    sorted.sort(
        Comparator.comparingInt((Group group) -> -group.count)
            .thenComparingLong(group -> -group.last));
    Table table = new Table(out, COLUMNS);
    table.measures();
    sorted.forEach(group -> row(table, group));
    table.measured();
    output.begin(table);
    sorted.forEach(group -> row(table, group));
  }

  private static void row(Table table, Group group) {
    table.set(COUNT, group.count).set(FIRST, time(group.first)).set(LAST, time(group.last));
    table.set(FINGERPRINT, group.one.fingerprint).set(KIND, group.one.kind);
    table.set(KERNELS, String.join(",", group.kernels)).set(EXAMPLE, group.example);
    table.set(INPUTS, group.one.inputs).end();
  }

  private static String time(long seconds) {
    return seconds == NO_TIME ? "-" : CrashTime.text(seconds);
  }
}
