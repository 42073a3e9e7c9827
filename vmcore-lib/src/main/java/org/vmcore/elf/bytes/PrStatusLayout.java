package org.vmcore.elf.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.Register;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * How {@code struct elf_prstatus} lies on a machine (include/linux/elfcore.h). What stands in front
 * of pr_reg depends on the word size alone.
 */
public final class PrStatusLayout {
  private static final int CURSIG = 12;

  /** Every pid is less: PID_MAX_LIMIT of include/linux/threads.h. */
  private static final int PID_LIMIT = 1 << 22;

  private final int wordSize;
  private final String pointer;
  private final List<Slot> slots;
  private final int unused;

  private PrStatusLayout(int wordSize, String pointer, List<Slot> slots, int unused) {
    this.wordSize = wordSize;
    this.pointer = pointer;
    this.slots = slots;
    this.unused = unused;
  }

  /**
   * A register in pr_reg.
   *
   * @param size in bytes: 4 or 8
   */
  private record Slot(String name, int size) {}

  /**
   * The layout of a machine whose registers aren't known.
   *
   * @param bits of its words: 32 or 64
   */
  public static PrStatusLayout of(int bits) {
    return new PrStatusLayout(bits / Byte.SIZE, "", List.of(), 0);
  }

  /** This layout, and behind it registers as wide as a word. */
  public PrStatusLayout with(String... names) {
    return with(wordSize, names);
  }

  /** This layout, and behind it registers of 32 bits each. */
  public PrStatusLayout with32(String... names) {
    return with(Integer.BYTES, names);
  }

  /** This layout, and behind it as many registers as wide as a word: {@code r0}, {@code r1}… */
  public PrStatusLayout withNumbered(String prefix, int count) {
    return with(numbered(prefix, count));
  }

  /** This layout, and behind it as many registers of 32 bits each. */
  public PrStatusLayout withNumbered32(String prefix, int count) {
    return with32(numbered(prefix, count));
  }

  /** This layout, its instruction pointer being the register {@code name}. */
  public PrStatusLayout pointer(String name) {
    return new PrStatusLayout(wordSize, name, slots, unused);
  }

  /** This layout, with room in pr_reg for {@code words} that no register uses. */
  public PrStatusLayout unused(int words) {
    return new PrStatusLayout(wordSize, pointer, slots, words * wordSize);
  }

  private PrStatusLayout with(int size, String... names) {
    List<Slot> all = new ArrayList<>(slots);
    for (String name : names) {
      all.add(new Slot(name, size));
    }
    return new PrStatusLayout(wordSize, pointer, List.copyOf(all), unused);
  }

  private static String[] numbered(String prefix, int count) {
    String[] names = new String[count];
    for (int i = 0; i < count; i++) {
      names[i] = prefix + i;
    }
    return names;
  }

  /** The names of the registers in pr_reg, in on-disk order. */
  public List<String> names() {
    List<String> names = new ArrayList<>(slots.size());
    for (Slot slot : slots) {
      names.add(slot.name());
    }
    return List.copyOf(names);
  }

  /** The offset of pr_reg in bytes. */
  public int registersOffset() {
    return wordSize == Long.BYTES ? 112 : 72;
  }

  /** The size of the structure in bytes: behind pr_reg stands pr_fpvalid, an int. */
  public int size() {
    int size = registersOffset() + unused + Integer.BYTES + wordSize - 1;
    for (Slot slot : slots) {
      size += slot.size();
    }
    return size & -wordSize;
  }

  /**
   * The structure of a thread that no signal ended; registers that aren't among {@code known} are
   * 0.
   */
  public byte[] bytes(int pid, List<Register> known, ByteOrder order) {
    byte[] bytes = new byte[size()];
    ElfClass elfClass = wordSize == Long.BYTES ? ElfClass.ELF64 : ElfClass.ELF32;
    ElfWriter out = new ElfWriter(MemorySegment.ofArray(bytes), elfClass, order);
    out.skip(wordSize == Long.BYTES ? 32 : 24).u32(pid);
    out.skip(registersOffset() - out.position());
    for (Slot slot : slots) {
      long value = value(known, slot.name());
      if (slot.size() == Long.BYTES) {
        out.u64(value);
      } else {
        out.u32((int) value);
      }
    }
    return bytes;
  }

  private static long value(List<Register> known, String name) {
    for (Register register : known) {
      if (register.name().equals(name)) {
        return register.value();
      }
    }
    return 0;
  }

  /** QEMU 7.2 writes that of s390x, a CPU's number from 1 on, in the byte order of its host. */
  private static int pid(int read) {
    int swapped = Integer.reverseBytes(read);
    boolean isSwapped = (read < 0 || read >= PID_LIMIT) && swapped > 0 && swapped < PID_LIMIT;
    return isSwapped ? swapped : read;
  }

  /** Reads the structure that {@code in} stands at. */
  PrStatus read(Cursor in) throws VmcoreException {
    boolean wide = wordSize == Long.BYTES;
    in.skip(CURSIG, "pr_info");
    int signal = in.u16("pr_cursig");
    in.skip(wide ? 32 - 14 : 24 - 14, "pr_sigpend");
    int pid = pid(in.s32("pr_pid"));
    in.skip(registersOffset() - (wide ? 36 : 28), "pr_ppid");
    List<Register> registers = new ArrayList<>(slots.size());
    Optional<Register> instructionPointer = Optional.empty();
    for (Slot slot : slots) {
      long value = slot.size() == Long.BYTES ? in.u64("pr_reg") : in.u32("pr_reg");
      registers.add(new Register(slot.name(), value));
      if (slot.name().equals(pointer)) {
        instructionPointer = Optional.of(registers.getLast());
      }
    }
    return new PrStatus(signal, pid, registers, instructionPointer);
  }
}
