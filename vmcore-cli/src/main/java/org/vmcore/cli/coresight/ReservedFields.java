package org.vmcore.cli.coresight;

import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Kind;

/** The fields of a trace in reserved memory. */
final class ReservedFields {
  static final Fields TRACE = new Fields();
  static final Field METADATA =
      TRACE.address("metadata", "Physical, of its struct tmc_crash_metadata.").titled("METADATA");
  static final Field VERSION = TRACE.bits("version", "Its version: 0x10000.").titled("VERSION");
  static final Field VALID = TRACE.flag("valid", "Whether the device was enabled.");
  static final Field INTACT =
      TRACE.flag("metadata_intact", "Whether the metadata are those of their CRC.");
  static final Field TRACE_INTACT =
      TRACE
          .flag(
              "trace_intact",
              "Whether the trace's buffer is that of its CRC, where all of it is in the dump.")
          .optional();
  static final Field FULL =
      TRACE.flag(
          "full",
          "Whether the buffer has wrapped. Then the first 16 bytes of the file are a barrier packet,"
              + " as the kernel writes it, in place of what was there.");
  static final Field ADDRESS =
      TRACE.address("address", "Physical, of the buffer.").titled("BUFFER");
  static final Field SIZE = TRACE.size("size", "Of the buffer.").titled("SIZE");
  static final Field START =
      TRACE.offset("start", "Where the oldest byte lies, in the buffer.").titled("START");
  static final Field LENGTH = TRACE.size("length", "Of the trace.").titled("LENGTH");
  static final Field MISSING_BYTES =
      TRACE
          .size("missing_bytes", "How many bytes of the trace aren't in the dump: zeros.")
          .titled("MISSING")
          .optional();
  static final Field STATE =
      TRACE.column("STATE", "What is to be said of it: valid, full, damaged.");
  static final Field REGISTERS =
      TRACE.add("registers", Kind.NAMED_BITS, "The device's registers when it was stopped.");
  static final Field FILE =
      TRACE
          .text("file", "The file that the trace is in, from its oldest byte on.")
          .titled("FILE")
          .optional();
  static final Field MISSING =
      TRACE
          .records("missing", CoresightFields.RANGE, "What of the trace isn't in the dump.")
          .optional();
  static final Field OBSTACLE = TRACE.text("obstacle", "Why the trace isn't written.").optional();

  static {
    TRACE.columns(METADATA, VERSION, ADDRESS, SIZE, START, LENGTH, MISSING_BYTES, STATE, FILE);
  }

  private ReservedFields() {}
}
