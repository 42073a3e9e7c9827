package org.vmcore.cli.remoteproc;

import org.vmcore.cli.command.FindingFields;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.remoteproc.collect.CollectedDump;

/** What became of dumps, as text and as JSON. */
final class CollectedFields {
  private static final Fields DUMP = new Fields();
  private static final Field NAME = DUMP.text("name", "What the kernel calls it: devcd3.");
  private static final Field DEVICE =
      DUMP.text("device", "The device whose dump it is.").optional();
  private static final Field FILE =
      DUMP.text("file", "The file that it is in; left out where nothing is kept.").optional();
  private static final Field SIZE = DUMP.size("size", "The bytes that are kept.");
  private static final Field FORMAT =
      DUMP.text("format", "Its format; left out where it is none that can be opened.").optional();
  private static final Field RELEASED =
      DUMP.flag("released", "Whether it was released, here or meanwhile by another collector.");
  private static final Field LOST_FROM =
      DUMP.offset("lost_from", "The offset in the dump from which on it is lost.").optional();
  private static final Field PROBLEM =
      DUMP.text("problem", "Why it isn't kept, isn't whole, or couldn't be released.").optional();
  private static final Field FINDINGS = FindingFields.addTo(DUMP);

  static final Fields FIELDS = Fields.document();
  static final Field DUMPS =
      FIELDS.records("dumps", DUMP, "The dumps, in the order in which they were done.");

  private CollectedFields() {}

  /** Writes {@code dump} as an object of the list. */
  static void json(Json json, CollectedDump dump) {
    json.object().put(NAME, dump.name());
    dump.device().ifPresent(device -> json.put(DEVICE, device));
    dump.file().ifPresent(file -> json.put(FILE, file.toString()));
    json.put(SIZE, dump.size());
    dump.format().ifPresent(format -> json.put(FORMAT, format));
    json.put(RELEASED, dump.released());
    dump.lostFrom().ifPresent(offset -> json.put(LOST_FROM, offset));
    dump.problem().ifPresent(problem -> json.put(PROBLEM, problem));
    FindingFields.put(json.rows(FINDINGS), dump.findings());
    json.end().end();
  }

  /** A line on {@code dump}, if it is kept, and one on each finding that isn't as it should be. */
  static void text(TextOut out, CollectedDump dump) {
    if (dump.file().isEmpty()) {
      return;
    }
    out.text(dump.file().get().toString()).text(": ").text(title(dump)).text(", ");
    out.count(dump.size(), "byte").text(", ").text(dump.format().orElse("unknown format"));
    if (dump.lostFrom().isPresent()) {
      out.text(", lost from offset ").hex(dump.lostFrom().getAsLong());
    }
    out.line(dump.released() ? ", released" : ", not released");
    for (Finding finding : dump.findings()) {
      if (finding.severity() != Severity.INFO) {
        FindingFields.line(out.spaces(2), finding);
      }
    }
  }

  /** {@code devcd3 of remoteproc0}. */
  static String title(CollectedDump dump) {
    return dump.name() + dump.device().map(device -> " of " + device).orElse("");
  }
}
