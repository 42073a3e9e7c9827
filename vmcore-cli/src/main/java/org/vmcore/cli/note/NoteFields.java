package org.vmcore.cli.note;

import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Kind;

/** What a note of a known type says, behind the fields that every note has. */
final class NoteFields {
  final Field pid;
  final Field signal;
  final Field release;
  final Field pageSize;
  final Field crashTime;
  final Field kernelOffset;
  final Field dumpName;
  final Field dataSize;
  final Field version;
  final Field registers;
  final Field symbol;
  final Field symbolOffset;
  final Field module;
  final Field error;

  /** Adds them to {@code note}. */
  NoteFields(Fields note) {
    pid = note.number("pid", "NT_PRSTATUS: the task on the CPU.").optional();
    signal = note.number("signal", "NT_PRSTATUS: its signal.").optional();
    release = note.text("release", "VMCOREINFO: OSRELEASE.").optional();
    pageSize = note.size("page_size", "VMCOREINFO: PAGESIZE.").optional();
    crashTime = note.add("crash_time", Kind.SECONDS, "VMCOREINFO: CRASHTIME.").optional();
    kernelOffset = note.offset("kernel_offset", "VMCOREINFO: KERNELOFFSET.").optional();
    dumpName = note.text("dump_name", "VMCOREDD: the device dump's name.").optional();
    dataSize = note.size("data_size", "VMCOREDD: the size of its data.").optional();
    version = note.number("version", "QEMU: the version of the CPU's state.").optional();
    registers =
        note.add(
                "registers", Kind.NAMED_BITS, "NT_PRSTATUS, QEMU and NT_S390: the CPU's registers.")
            .optional();
    symbol =
        note.text(
                "symbol",
                "NT_PRSTATUS and QEMU: the function that the CPU was in, where the kernel's symbols"
                    + " are found at once.")
            .optional();
    symbolOffset = note.offset("symbol_offset", "How far behind its start, in bytes.").optional();
    module = note.text("module", "Its module; left out for the kernel's own.").optional();
    error = note.text("error", "Why the note can't be decoded.").optional();
  }
}
