package org.vmcore.cli.crash;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.CrashTime;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Kind;
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

  static final Fields FIELDS = Fields.document();
  private static final Field JSON_COUNT =
      FIELDS.count("count", "How many crashes there are of this cause.").titled("COUNT");
  private static final Field JSON_FIRST =
      FIELDS.add("first", Kind.SECONDS, "The earliest crash time.").titled("FIRST").optional();
  private static final Field JSON_LAST =
      FIELDS.add("last", Kind.SECONDS, "The latest crash time.").titled("LAST").optional();
  private static final Field JSON_FINGERPRINT =
      FIELDS.text("fingerprint", "What they share.").titled("FINGERPRINT");
  private static final Field JSON_KIND =
      FIELDS.text("kind", "What kind of crash it is, as crash has it.").titled("KIND");
  private static final Field JSON_KERNELS =
      FIELDS.texts("kernels", "The kernels' releases, as far as they are known.").titled("KERNELS");
  private static final Field JSON_EXAMPLE =
      FIELDS.text("example", "The file of the latest one.").titled("EXAMPLE");
  private static final Field JSON_INPUTS =
      FIELDS.texts("fingerprint_of", "What the fingerprint is of.").titled("OF");

  private static final long NO_TIME = -1;
  private static final String NOTHING = "-";

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
  record Seen(String kind, String fingerprint, List<String> inputs, String kernel, long time) {
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
          crash.kind() == CrashKind.NONE ? NOTHING : crash.fingerprint().value(),
          crash.fingerprint().inputs(),
          info.flatMap(VmcoreInfo::osRelease).orElse(NOTHING),
          time.orElse(NO_TIME));
    }
  }

  void add(String file, Seen seen) {
    groups.computeIfAbsent(seen.fingerprint(), _ -> new Group(seen)).add(file, seen);
  }

  /** The groups, the largest first. */
  private List<Group> sorted() {
    List<Group> sorted = new ArrayList<>(groups.values());
    sorted.sort(
        Comparator.comparingInt((Group group) -> -group.count)
            .thenComparingLong(group -> -group.last));
    return sorted;
  }

  /** Writes each group as a document that {@code next} starts. */
  void json(Supplier<Json> next) {
    for (Group group : sorted()) {
      Json json = next.get().put(JSON_COUNT, group.count);
      if (group.first != NO_TIME) {
        json.put(JSON_FIRST, group.first).put(JSON_LAST, group.last);
      }
      json.put(JSON_FINGERPRINT, group.one.fingerprint);
      json.put(JSON_KIND, group.one.kind);
      json.put(JSON_KERNELS, group.kernels.stream().filter(each -> !each.equals(NOTHING)).toList());
      json.put(JSON_EXAMPLE, group.example).put(JSON_INPUTS, group.one.inputs).finish();
    }
  }

  /** Writes a table of the groups. */
  void write(TextOut out, OutputOptions output) {
    List<Group> sorted = sorted();
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
    table.set(INPUTS, String.join(" / ", group.one.inputs)).end();
  }

  private static String time(long seconds) {
    return seconds == NO_TIME ? NOTHING : CrashTime.text(seconds);
  }
}
