package org.vmcore.cli.note;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.cli.output.CrashTime;
import org.vmcore.cli.output.Row;
import org.vmcore.elf.Note;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.QemuCpuState;
import org.vmcore.elf.Register;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.Vmcoredd;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** What a note says, as a line of text or as JSON fields. */
sealed interface NoteDetails {
  /** One line. */
  String summary();

  /** Sets the note's fields in {@code row}. */
  void set(NoteFields fields, Row row);

  /** Where the CPU was that the note is of; empty of any other. */
  default OptionalLong instructionPointer() {
    return OptionalLong.empty();
  }

  /** Decodes {@code note}; what can't be decoded says why. */
  static NoteDetails of(Note note) {
    try {
      return decode(note);
    } catch (VmcoreException e) {
      return new Undecodable(e.reason());
    }
  }

  private static NoteDetails decode(Note note) throws VmcoreException {
    if (note.isPrStatus()) {
      return new Cpu(note.prStatus());
    }
    if (note.isVmcoreInfo()) {
      return new Kernel(note.vmcoreInfo());
    }
    if (note.isVmcoredd()) {
      return new Device(note.vmcoredd());
    }
    if (note.isQemuCpuState()) {
      return new QemuCpu(note.qemuCpuState());
    }
    List<Register> registers = note.registers();
    return registers.isEmpty() ? new Raw() : new RegisterSet(registers);
  }

  /** NT_PRSTATUS. */
  record Cpu(PrStatus status) implements NoteDetails {
    @Override
    public String summary() {
      String text = "pid " + status.pid() + " signal " + status.signal();
      Optional<Register> pointer = status.instructionPointer();
      return pointer.isEmpty() ? text : text + " " + NoteDetails.register(pointer.get());
    }

    @Override
    public OptionalLong instructionPointer() {
      return NoteDetails.value(status.instructionPointer());
    }

    @Override
    public void set(NoteFields fields, Row row) {
      row.set(fields.pid, status.pid()).set(fields.signal, status.signal());
      row.set(fields.registers, NoteDetails.byName(status.registers()));
    }
  }

  /** VMCOREINFO. */
  record Kernel(VmcoreInfo info) implements NoteDetails {
    @Override
    public String summary() {
      String text = info.osRelease().orElse("unnamed kernel");
      if (info.pageSize().isPresent()) {
        text += " page size " + info.pageSize().getAsLong();
      }
      return info.crashTime().isEmpty()
          ? text
          : text + " crashed " + CrashTime.text(info.crashTime().getAsLong());
    }

    @Override
    public void set(NoteFields fields, Row row) {
      if (info.osRelease().isPresent()) {
        row.set(fields.release, info.osRelease().get());
      }
      if (info.pageSize().isPresent()) {
        row.set(fields.pageSize, info.pageSize().getAsLong());
      }
      if (info.crashTime().isPresent()) {
        row.set(fields.crashTime, info.crashTime().getAsLong());
      }
      if (info.kernelOffset().isPresent()) {
        row.set(fields.kernelOffset, info.kernelOffset().getAsLong());
      }
    }
  }

  /** VMCOREDD. */
  record Device(Vmcoredd device) implements NoteDetails {
    @Override
    public String summary() {
      return device.name() + " " + Hex.of(device.dataSize()) + " bytes";
    }

    @Override
    public void set(NoteFields fields, Row row) {
      row.set(fields.dumpName, device.name()).set(fields.dataSize, device.dataSize());
    }
  }

  /** QEMU's CPU state. */
  record QemuCpu(QemuCpuState state) implements NoteDetails {
    @Override
    public String summary() {
      String text = "version " + state.version();
      Optional<Register> pointer = state.register("rip");
      return pointer.isEmpty() ? text : text + " " + NoteDetails.register(pointer.get());
    }

    @Override
    public OptionalLong instructionPointer() {
      return NoteDetails.value(state.register("rip"));
    }

    @Override
    public void set(NoteFields fields, Row row) {
      row.set(fields.version, state.version());
      row.set(fields.registers, NoteDetails.byName(state.registers()));
    }
  }

  /** Registers of one kind. */
  record RegisterSet(List<Register> registers) implements NoteDetails {
    private static final int MOST_SHOWN = 4;

    @Override
    public String summary() {
      StringBuilder text = new StringBuilder();
      for (Register each : registers.subList(0, Math.min(registers.size(), MOST_SHOWN))) {
        text.append(text.isEmpty() ? "" : " ").append(NoteDetails.register(each));
      }
      return registers.size() > MOST_SHOWN ? text + " and more" : text.toString();
    }

    @Override
    public void set(NoteFields fields, Row row) {
      row.set(fields.registers, NoteDetails.byName(registers));
    }
  }

  /** A type that isn't decoded. */
  record Raw() implements NoteDetails {
    @Override
    public String summary() {
      return "";
    }

    @Override
    public void set(NoteFields fields, Row row) {}
  }

  /** A note that is too short or can't be read. */
  record Undecodable(String reason) implements NoteDetails {
    @Override
    public String summary() {
      return "error: " + reason;
    }

    @Override
    public void set(NoteFields fields, Row row) {
      row.set(fields.error, reason);
    }
  }

  private static OptionalLong value(Optional<Register> register) {
    return register.isEmpty() ? OptionalLong.empty() : OptionalLong.of(register.get().value());
  }

  private static String register(Register register) {
    return register.name() + " " + Hex.of(register.value());
  }

  private static Map<String, Long> byName(List<Register> registers) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (Register register : registers) {
      values.put(register.name(), register.value());
    }
    return values;
  }
}
