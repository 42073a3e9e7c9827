package org.vmcore.format.kdump;

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
  private OptionalLong prStatusSize = OptionalLong.empty();

  private KdumpMachine(KdumpHeader header) {
    this.header = header;
  }

  /**
   * Decides which machine it is.
   *
   * @param findings where a name that is another's, or nobody's, is told
   */
  static Machine of(KdumpPart part, KdumpNotes notes, List<Finding> findings)
      throws VmcoreException {
    KdumpMachine found = new KdumpMachine(part.header());
    for (ProgramHeader each : notes.headers()) {
      new NoteWalk(
              notes.memory(),
              part.file().name(),
              each.offset(),
              each.memsz(),
              part.header().layout().order())
          .walk(found);
    }
    return found.decide(notes.vmcoreInfo(), findings);
  }

  @Override
  public boolean note(long at, NoteHeader note, String name) {
    boolean isPrStatus = note.type() == Note.NT_PRSTATUS && name.equals("CORE");
    if (isPrStatus) {
      prStatusSize = OptionalLong.of(note.descsz());
    }
    return !isPrStatus;
  }

  private Machine decide(Optional<VmcoreInfo> info, List<Finding> findings) {
    int bits = header.layout().elfClass().bits();
    Optional<Machine> named = Machine.named(header.machine());
    Machine said = named.orElseGet(() -> Machine.of(Machine.NONE, bits));
    KernelMachine kernel = KernelMachine.of(said, header.layout().order(), prStatusSize, info);
    if (!said.equals(kernel.machine()) || named.isEmpty()) {
      findings.add(
          new Finding(
              "machine",
              header.machine().isEmpty() ? Finding.Severity.INFO : Finding.Severity.WARNING,
              OptionalLong.of(KdumpHeader.MACHINE_OFFSET),
              "utsname's machine is '"
                  + header.machine()
                  + "'; the kernel is taken for "
                  + kernel.describe()));
    }
    return kernel.machine();
  }
}
