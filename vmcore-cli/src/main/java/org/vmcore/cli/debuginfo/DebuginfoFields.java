package org.vmcore.cli.debuginfo;

import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;

/** What {@code debuginfo} tells. */
final class DebuginfoFields {
  private static final Fields LEFT = new Fields();
  static final Field NAME = LEFT.text("name", "Its symbol.");
  static final Field REASON = LEFT.text("reason", "Why.");

  private static final Fields FINDING = new Fields();
  static final Field CHECK = FINDING.text("check", "What it is about.");
  static final Field SEVERITY =
      FINDING
          .text("severity", "How bad it is; an error is damage.")
          .oneOf("info", "warning", "error");
  static final Field MESSAGE = FINDING.text("message", "What there is to be said.");

  static final Fields FIELDS = Fields.ofDump();
  static final Field OUTPUT = FIELDS.text("output", "The file.");
  static final Field FOR = FIELDS.text("for", "For which debuggers it is: `crash,drgn` or `gdb`.");
  static final Field WRITTEN =
      FIELDS.flag(
          "written", "Whether it was written: a store may have one of this build, which is left.");
  static final Field SIZE = FIELDS.size("size", "The bytes written to it.").optional();
  static final Field BUILD_ID =
      FIELDS.text("build_id", "The kernel's build ID, when it is known.").optional();
  static final Field SYMBOLS = FIELDS.count("symbols", "The symbols in it.").optional();
  static final Field TYPES = FIELDS.count("types", "The types in it.").optional();
  static final Field FUNCTIONS =
      FIELDS.count("functions", "The functions in it that have a type.").optional();
  static final Field VARIABLES =
      FIELDS.count("variables", "The variables in it that have a type.").optional();
  static final Field MISSING =
      FIELDS
          .size("missing", "The bytes of the kernel's image that the dump lacks: zeros in it.")
          .optional();
  static final Field LEFT_OUT =
      FIELDS
          .records("left_out", LEFT, "The well-known variables that have no type in it.")
          .optional();
  static final Field MODULES =
      FIELDS.count("modules", "The files of modules, with `--modules`.").optional();
  static final Field FINDINGS =
      FIELDS
          .records("findings", FINDING, "What has to be said: losses, what it can't be used for.")
          .optional();

  private DebuginfoFields() {}
}
