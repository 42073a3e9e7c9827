package org.vmcore.cli.convert;

import org.vmcore.cli.command.FindingFields;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;

/** What {@code convert} tells. */
final class ConvertFields {
  private static final Fields OUTPUT = new Fields();
  static final Field FILE = OUTPUT.text("file", "The file.");
  static final Field FILE_SIZE = OUTPUT.size("size", "The bytes written to it.");

  static final Fields KIND = new Fields();
  static final Field NAME =
      KIND.text(
              "kind",
              "`zero`; `cache` and `private_cache`, of files; `user`, processes' own memory; `free`;"
                  + " `hwpoison`, broken; `offline`, taken away by a balloon.")
          .titled("KIND");
  static final Field KIND_PAGES = KIND.count("pages", "How many.").titled("PAGES");
  static final Field KIND_SIZE = KIND.size("size", "Their bytes.").titled("SIZE");

  static final Fields LEVEL = new Fields();
  static final Field NUMBER = LEVEL.number("level", "The dump level.").titled("LEVEL");
  static final Field LEVEL_PAGES =
      LEVEL.count("pages", "How many pages would be written.").titled("PAGES");
  static final Field MEMORY = LEVEL.size("memory", "Their bytes.").titled("MEMORY");
  static final Field SIZE =
      LEVEL
          .size(
              "size",
              "The bytes of the output: estimated by samples of the pages, where they are"
                  + " compressed.")
          .titled("SIZE");

  static final Fields FIELDS = Fields.ofDump();
  static final Field FORMAT = FIELDS.text("format", "`elf`, `kdump` or `flat`.");
  static final Field COMPRESSION =
      FIELDS.text("compression", "`none`, `zlib`, `lzo`, `snappy` or `zstd`.");
  static final Field DUMP_LEVEL = FIELDS.number("dump_level", "What was left out: `-d`.");
  static final Field DRY_RUN = FIELDS.flag("dry_run", "Whether nothing was written.");
  static final Field OUTPUTS =
      FIELDS.records("outputs", OUTPUT, "The files that were written; none of a dry run.");
  static final Field PAGE_SIZE = FIELDS.size("page_size", "The size of a page.");
  static final Field PAGES =
      FIELDS.count("pages", "The pages that were written, or would be at this level.");
  static final Field LEFT_OUT =
      FIELDS.records("left_out", KIND, "The pages that are left out at this level.");
  static final Field EXCLUDED =
      FIELDS.count("excluded_before", "The pages that the source had left out; they stay so.");
  static final Field LOST =
      FIELDS.count("lost", "The pages that the source has lost; they stay so.");
  static final Field LEVELS =
      FIELDS.records("levels", LEVEL, "Of a dry run: what each dump level would give.").optional();
  static final Field FINDINGS = FindingFields.addTo(FIELDS);

  private ConvertFields() {}
}
