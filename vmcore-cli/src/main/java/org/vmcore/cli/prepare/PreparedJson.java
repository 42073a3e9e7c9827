package org.vmcore.cli.prepare;

import java.util.List;
import java.util.Optional;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.memory.AddressRange;
import org.vmcore.prepare.BootParameters;
import org.vmcore.prepare.CrashPreparation;
import org.vmcore.prepare.CrashPreparation.KernelText;

/** Crash headers as JSON. */
final class PreparedJson {
  static final Fields FIELDS = Fields.document();
  private static final Field ARCH = FIELDS.text("arch", "The kernel's architecture.");

  private static final Fields AREA = new Fields();
  private static final Field AREA_ADDRESS = AREA.address("address", "Its physical address.");
  private static final Field AREA_SIZE = AREA.size("size", "Its size.");
  private static final Field NOTES =
      FIELDS.records("notes", AREA, "Where the CPUs' notes are, one for each PT_NOTE of a CPU.");

  private static final Field VMCOREINFO =
      FIELDS.object("vmcoreinfo", AREA, "Where VMCOREINFO's note is.").optional();

  private static final Fields IMAGE = new Fields();
  private static final Field IMAGE_VADDR = IMAGE.address("vaddr", "Its virtual address.");
  private static final Field IMAGE_PADDR = IMAGE.address("paddr", "Its physical address.");
  private static final Field IMAGE_SIZE = IMAGE.size("size", "Its size.");
  private static final Field TEXT =
      FIELDS.object("text", IMAGE, "The PT_LOAD of the kernel's image.").optional();

  private static final Fields RANGE = new Fields();
  private static final Field OFFSET =
      RANGE.offset("offset", "p_offset: its physical address, or where the backup of it is.");
  private static final Field VADDR = RANGE.address("vaddr", "Its virtual address.");
  private static final Field PADDR = RANGE.address("paddr", "Its physical address.");
  private static final Field SIZE = RANGE.size("size", "Its size.");
  private static final Field RANGES =
      FIELDS.records("ranges", RANGE, "The PT_LOADs of the memory, in ascending order.");

  private static final Fields HEADERS = new Fields();
  private static final Field HEADERS_ADDRESS =
      HEADERS.address("address", "Where they are going to be, where it is known.").optional();
  private static final Field HEADERS_SIZE = HEADERS.size("size", "Their size.");
  private static final Field ELFCOREHDR =
      FIELDS.object("elfcorehdr", HEADERS, "The crash headers.");

  private static final Field BOOT_PARAMETERS =
      FIELDS.texts("boot_parameters", "By what the crash kernel finds them; empty when unknown.");

  private PreparedJson() {}

  /** Fills {@code json}, and ends it. */
  static void write(
      CrashPreparation prepared,
      Optional<BootParameters> parameters,
      List<String> lines,
      int size,
      Json json) {
    json.put(ARCH, prepared.architecture().label());
    Row notes = json.rows(NOTES);
    for (AddressRange area : prepared.cpuNotes()) {
      notes.set(AREA_ADDRESS, area.start()).set(AREA_SIZE, area.size()).end();
    }
    json.end();
    notes(prepared, json);
    ranges(prepared, json);
    json.object(ELFCOREHDR);
    if (parameters.isPresent()) {
      json.put(HEADERS_ADDRESS, parameters.get().elfcorehdr().start());
    }
    json.put(HEADERS_SIZE, size).end().put(BOOT_PARAMETERS, lines).finish();
  }

  private static void notes(CrashPreparation prepared, Json json) {
    if (prepared.vmcoreInfo().isPresent()) {
      AddressRange area = prepared.vmcoreInfo().get();
      json.object(VMCOREINFO).put(AREA_ADDRESS, area.start()).put(AREA_SIZE, area.size()).end();
    }
    if (prepared.text().isPresent()) {
      KernelText text = prepared.text().get();
      json.object(TEXT).put(IMAGE_VADDR, text.vaddr()).put(IMAGE_PADDR, text.range().start());
      json.put(IMAGE_SIZE, text.range().size()).end();
    }
  }

  private static void ranges(CrashPreparation prepared, Json json) {
    Row row = json.rows(RANGES);
    for (AddressRange range : prepared.memory().ranges()) {
      row.set(OFFSET, prepared.offset(range));
      row.set(VADDR, prepared.directMap().vaddr(range.start()));
      row.set(PADDR, range.start()).set(SIZE, range.size()).end();
    }
    json.end();
  }
}
