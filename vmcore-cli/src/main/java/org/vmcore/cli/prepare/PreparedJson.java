package org.vmcore.cli.prepare;

import java.util.List;
import java.util.Optional;
import org.vmcore.cli.output.Json;
import org.vmcore.headers.BootParameters;
import org.vmcore.headers.CrashPreparation;
import org.vmcore.headers.CrashPreparation.KernelText;
import org.vmcore.headers.PhysicalRange;

/** Crash headers as JSON. */
final class PreparedJson {
  private PreparedJson() {}

  /** Fills {@code json}, and ends it. */
  static void write(
      CrashPreparation prepared,
      Optional<BootParameters> parameters,
      List<String> lines,
      int size,
      Json json) {
    json.text("arch", prepared.architecture().label()).array("notes");
    for (PhysicalRange area : prepared.cpuNotes()) {
      json.object().hex("address", area.start()).hex("size", area.size()).end();
    }
    json.end();
    notes(prepared, json);
    ranges(prepared, json);
    json.object("elfcorehdr");
    if (parameters.isPresent()) {
      json.hex("address", parameters.get().elfcorehdr().start());
    }
    json.hex("size", size).end().array("boot_parameters");
    lines.forEach(json::element);
    json.finish();
  }

  private static void notes(CrashPreparation prepared, Json json) {
    if (prepared.vmcoreInfo().isPresent()) {
      PhysicalRange area = prepared.vmcoreInfo().get();
      json.object("vmcoreinfo").hex("address", area.start()).hex("size", area.size()).end();
    }
    if (prepared.text().isPresent()) {
      KernelText text = prepared.text().get();
      json.object("text").hex("vaddr", text.vaddr()).hex("paddr", text.range().start());
      json.hex("size", text.range().size()).end();
    }
  }

  private static void ranges(CrashPreparation prepared, Json json) {
    json.array("ranges");
    for (PhysicalRange range : prepared.memory().ranges()) {
      json.object().hex("offset", prepared.offset(range));
      json.hex("vaddr", prepared.directMap().vaddr(range.start()));
      json.hex("paddr", range.start()).hex("size", range.size()).end();
    }
    json.end();
  }
}
