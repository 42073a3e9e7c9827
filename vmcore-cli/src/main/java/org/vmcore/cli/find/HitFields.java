package org.vmcore.cli.find;

import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;

/** What {@code search} tells of each place. */
final class HitFields {
  private static final Fields HIT = new Fields();
  static final Field PHYSICAL =
      HIT.address("physical", "Its physical address, where that is known.")
          .titled("PHYSICAL")
          .optional();
  static final Field VIRTUAL =
      HIT.address(
              "virtual",
              "A kernel virtual address of it: in the kernel's image, else one of a module or of"
                  + " vmalloc, else that in the direct map.")
          .titled("VIRTUAL")
          .wide(18)
          .optional();
  static final Field MAP =
      HIT.text("map", "What that belongs to; modules and vmalloc are other.")
          .oneOf("direct map", "kernel image", "other")
          .titled("MAP")
          .wide(12)
          .optional();
  static final Field DIRECT =
      HIT.address("direct", "Its address in the direct map, where virtual is another one.")
          .optional();
  static final Field SOUGHT = HIT.text("sought", "Which of those that were asked for it is.");
  static final Field VALUE =
      HIT.address("value", "The pointer that stands there, with --pointer-to.").optional();
  static final Field SYMBOL =
      HIT.text("symbol", "The symbol that it lies in, of the kernel's image or a module.")
          .optional();
  static final Field SYMBOL_OFFSET =
      HIT.offset("symbol_offset", "How far behind its start, in bytes.").optional();
  static final Field MODULE =
      HIT.text("module", "The symbol's module; left out for the kernel's own.").optional();
  static final Field PLACE =
      HIT.column("SYMBOL", "The symbol, and +N where it lies behind it, and the module.").wide(24);
  static final Field BEFORE = HIT.text("before", "The bytes in front of it, as digits.");
  static final Field BYTES = HIT.text("bytes", "The bytes that were found, as digits.");
  static final Field AFTER = HIT.text("after", "The bytes behind it, as digits.");
  static final Field CONTEXT =
      HIT.column(
              "CONTEXT",
              "Of a string, characters in front of it, it, and those behind it; of bytes and"
                  + " pointers what begins there, as bytes and characters, or as pointers.")
          .wide(0);

  static final Fields FIELDS = Fields.ofDump();
  static final Field HITS =
      FIELDS.records("hits", HIT, "The places, by address; not with --count.").optional();
  static final Field COUNT =
      FIELDS.count("count", "With --count, how many places there are.").optional();

  private HitFields() {}
}
