package org.vmcore.cli.coresight;

import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Kind;

/** The fields of the command's JSON, and the columns of its table. */
final class CoresightFields {
  static final Fields RANGE = new Fields();
  static final Field RANGE_ADDRESS = RANGE.address("address", "Of the first byte.");
  static final Field RANGE_SIZE = RANGE.size("size", "How many bytes.");
  static final Field RANGE_STATE =
      RANGE.text("state", "Why they are missing.").oneOf("excluded", "lost", "not_ram");

  static final Fields NODE = new Fields();
  static final Field CPU =
      NODE.number("cpu", "The CPU that it belongs to; -1 stands for none.")
          .titled("CPU")
          .optional();
  static final Field TYPE =
      NODE.number("type", "What it holds: 0 a tracer's configuration, 1 a trace.")
          .titled("TYPE")
          .optional();
  static final Field TYPE_NAME =
      NODE.text("type_name", "The type's name, where it has one.")
          .titled("HOLDS")
          .oneOf("PRE_PANIC", "PANIC")
          .optional();
  static final Field ADDRESS =
      NODE.address("address", "Kernel virtual, of the buffer; 0x0 when it was never updated.")
          .titled("BUFFER");
  static final Field SIZE = NODE.size("size", "Of the buffer.").titled("SIZE");
  static final Field MISSING_BYTES =
      NODE.size("missing_bytes", "How many bytes of the buffer aren't in the dump: zeros.")
          .titled("MISSING")
          .optional();
  static final Field NODE_ADDRESS =
      NODE.address("node", "Kernel virtual, of the node itself.").titled("NODE");
  static final Field CSDEV =
      NODE.address("csdev", "Kernel virtual, of the device; 0x0 where it has none.")
          .titled("CSDEV");
  static final Field DEVICE =
      NODE.text("device", "The device's name, where it can be read.").titled("DEVICE").optional();
  static final Field KIND =
      NODE.text(
              "kind",
              "What the device is: source, sink, link, link-sink (an ETF may be used as either).")
          .titled("KIND")
          .optional();
  static final Field POINTS_BACK =
      NODE.flag("points_back", "Whether the device points back to the node.").optional();
  static final Field FILE =
      NODE.text("file", "The file that the buffer is in, with -o.").titled("FILE").optional();
  static final Field MISSING =
      NODE.records("missing", RANGE, "What of the buffer isn't in the dump.").optional();
  static final Field OBSTACLE = NODE.text("obstacle", "Why the buffer isn't written.").optional();
  static final Field REGISTERS =
      NODE.add("registers", Kind.NAMED_BITS, "The tracer's configuration that the buffer holds.")
          .optional();
  static final Field DIFFERENCES =
      NODE.texts(
              "differences",
              "In what that isn't how the device is set up now: such a trace doesn't decode.")
          .optional();

  static {
    NODE.columns(
        CPU,
        TYPE,
        TYPE_NAME,
        DEVICE,
        KIND,
        CSDEV,
        ADDRESS,
        SIZE,
        MISSING_BYTES,
        NODE_ADDRESS,
        FILE);
  }

  static final Fields FIELDS = Fields.ofDump();
  static final Field LIST =
      FIELDS.address("list", "Kernel virtual, of the list's head.").optional();
  static final Field LAYOUT =
      FIELDS.text("layout", "What tells where a node has its members.").optional();
  static final Field MORE = FIELDS.flag("more", "Whether there are more nodes than --max.");
  static final Field NODES = FIELDS.records("nodes", NODE, "The nodes in the list's order.");

  static final Field RESERVED =
      FIELDS.records("reserved", ReservedFields.TRACE, "The traces in reserved memory.").optional();

  private CoresightFields() {}
}
