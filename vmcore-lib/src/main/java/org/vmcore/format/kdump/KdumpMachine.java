package org.vmcore.format.kdump;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.dump.NoteWalk;
import org.vmcore.elf.Note;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Which machine a dump's kernel ran on: the header has its name alone, and may have it wrong. */
final class KdumpMachine implements NoteWalk.Visitor {
  private final KdumpHeader header;
  private final KdumpNotes notes;
  private Optional<VmcoreInfo> info;
  private OptionalLong prStatusSize = OptionalLong.empty();

  private KdumpMachine(KdumpHeader header, KdumpNotes notes) throws VmcoreException {
    this.header = header;
    this.notes = notes;
    this.info = notes.vmcoreInfo();
  }

  /**
   * Decides which machine it is.
   *
   * @param findings where a name that is another's, or nobody's, is told
   */
  static Machine of(KdumpPart part, KdumpNotes notes, List<Finding> findings)
      throws VmcoreException {
    KdumpMachine found = new KdumpMachine(part.header(), notes);
    ByteOrder order = part.header().layout().order();
    for (ProgramHeader each : notes.headers()) {
      new NoteWalk(notes.memory(), part.file().name(), each.offset(), each.memsz(), order)
          .walk(found);
    }
    return found.decide(findings);
  }

  /** Walks up to the first CPU's note and, where the sub header doesn't tell, VMCOREINFO's. */
  @Override
  public boolean note(long at, NoteHeader note, String name) throws VmcoreException {
    if (note.type() == Note.NT_PRSTATUS && name.equals("CORE")) {
      prStatusSize = OptionalLong.of(note.descsz());
    }
    if (info.isEmpty() && name.equals(VmcoreInfo.NAME)) {
      info = Optional.of(notes.vmcoreInfoAt(at + note.descOffset(), note.descsz()));
    }
    return info.isEmpty() || prStatusSize.isEmpty();
  }

  private Machine decide(List<Finding> findings) {
    int bits = header.layout().elfClass().bits();
    Optional<Machine> named = Machine.named(header.machine());
    Machine said = named.orElseGet(() -> Machine.of(Machine.NONE, bits));
    KernelMachine kernel = KernelMachine.of(said, header.layout().order(), prStatusSize, info);
    String name = "utsname's machine is '" + header.machine() + "'";
    if (!said.equals(kernel.machine())) {
      add(findings, name + "; the kernel is taken for " + kernel.describe());
    } else if (named.isEmpty()) {
      add(findings, name + "; nothing else tells which it is");
    } else if (!KdumpUtsname.isInPlace(header.utsname())) {
      add(findings, name + ", but the names lie off their place: an old makedumpfile's");
    }
    return kernel.machine();
  }

  /** A name that isn't there is no disagreement. */
  private void add(List<Finding> findings, String what) {
    boolean isEmpty = header.machine().isEmpty();
    findings.add(
        new Finding(
            "machine",
            isEmpty ? Finding.Severity.INFO : Finding.Severity.WARNING,
            OptionalLong.of(KdumpHeader.MACHINE_OFFSET),
            what));
  }
}
