package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.Note;
import org.vmcore.elf.VmcoreInfo;

/**
 * The machine that a dump's kernel ran on, decided from evidence; the container is believed last.
 * Headers are written by programs that know the machine they run on, or a name that they read from
 * the wrong place; what the kernel tells of itself is in VMCOREINFO, and the CPUs' notes have the
 * size that its {@code struct elf_prstatus} has.
 *
 * @param machine the kernel's
 * @param evidence what told it, for people
 */
public record KernelMachine(Machine machine, String evidence) {
  /**
   * Decides.
   *
   * @param header what the container says, and its byte order
   * @param notes the dump's notes; of the CPUs' ones the first is looked at
   * @param info the kernel's VMCOREINFO
   */
  public static KernelMachine of(
      ElfHeader header, Iterable<Note> notes, Optional<VmcoreInfo> info) {
    return of(Machine.of(header), header.order(), prStatusSize(notes), info);
  }

  /**
   * Decides.
   *
   * @param said what the container says; {@link Machine#NONE} where it doesn't
   * @param prStatusSize n_descsz of the first NT_PRSTATUS in bytes
   */
  public static KernelMachine of(
      Machine said, ByteOrder order, OptionalLong prStatusSize, Optional<VmcoreInfo> info) {
    Optional<WordSize> words = info.isPresent() ? WordSize.of(info.get()) : Optional.empty();
    return byKeys(said, words, info)
        .or(() -> byPrStatus(said, order, words, prStatusSize))
        .orElseGet(() -> byContainer(said, words));
  }

  /**
   * The byte order of the kernel's memory: that of a VMCOREINFO note in it, else the container's.
   * QEMU 7.2 takes little-endian ppc64 guests for big-endian.
   */
  public static ByteOrder order(ElfHeader header, Optional<VmcoreInfo> info) {
    return info.isPresent() ? info.get().order().orElse(header.order()) : header.order();
  }

  private static OptionalLong prStatusSize(Iterable<Note> notes) {
    for (Note note : notes) {
      if (note.isPrStatus()) {
        return OptionalLong.of(note.descsz());
      }
    }
    return OptionalLong.empty();
  }

  private static Optional<KernelMachine> byKeys(
      Machine said, Optional<WordSize> words, Optional<VmcoreInfo> info) {
    Optional<Architecture> found =
        info.isPresent() ? Architectures.of(info.get()) : Optional.empty();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int number = found.get().machine().number();
    int bits = said.number() == number ? said.bits() : found.get().machine().bits();
    Machine machine = Machine.of(number, words.isPresent() ? words.get().bits() : bits);
    return Optional.of(
        new KernelMachine(machine, inInfo(found.get().ownKey(info.get()).orElseThrow())));
  }

  /** By the size of a CPU's note, where it is the container's, or one other machine's alone. */
  private static Optional<KernelMachine> byPrStatus(
      Machine said, ByteOrder order, Optional<WordSize> words, OptionalLong size) {
    List<Machine> fitting = new ArrayList<>();
    for (Machine each : Machine.ofPrStatus(size.orElse(0))) {
      boolean fits = words.isEmpty() || words.get().bits() == each.bits();
      if (fits && each.mayHave(order)) {
        fitting.add(each);
      }
    }
    boolean isOther = fitting.size() == 1 && (!said.isKnown() || said.prStatusSize() != 0);
    if (!isOther && !fitting.contains(said)) {
      return Optional.empty();
    }
    Machine machine = fitting.contains(said) ? said : fitting.getFirst();
    String note = "NT_PRSTATUS of " + size.orElse(0) + " bytes";
    return Optional.of(
        new KernelMachine(
            machine, words.isPresent() ? note + ", " + inInfo(words.get().evidence()) : note));
  }

  private static KernelMachine byContainer(Machine said, Optional<WordSize> words) {
    return words.isPresent()
        ? new KernelMachine(said.withBits(words.get().bits()), inInfo(words.get().evidence()))
        : new KernelMachine(said, "the header");
  }

  private static String inInfo(String what) {
    return "VMCOREINFO's " + what;
  }

  /** In words: {@code x86_64 of 64 bits (VMCOREINFO's NUMBER(phys_base))}. */
  public String describe() {
    return machine.describe() + " (" + evidence + ")";
  }

  /** How the container's {@code header} says otherwise; empty when it agrees or says nothing. */
  public Optional<String> disagreement(ElfHeader header) {
    Machine said = Machine.of(header);
    int bits = header.elfClass().bits();
    if (said.isKnown() && !said.equals(machine)) {
      return Optional.of(
          "the header says " + said.describe() + ", the kernel is taken for " + describe());
    }
    return bits == machine.bits()
        ? Optional.empty()
        : Optional.of("the headers have " + bits + " bits, the kernel is taken for " + describe());
  }
}
