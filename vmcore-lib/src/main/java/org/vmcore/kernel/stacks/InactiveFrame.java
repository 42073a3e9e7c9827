package org.vmcore.kernel.stacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.Register;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.StackMemory;
import org.vmcore.memory.VmcoreException;

/**
 * What {@code __switch_to_asm} of x86_64 leaves on the stack of a task that it switches away from:
 * struct inactive_task_frame (FORMATS.md, 90).
 *
 * @param offsets where the registers of {@link #NAMES} lie, in bytes
 * @param size in bytes: behind it is the stack pointer of who called
 */
record InactiveFrame(List<Long> offsets, long size) {
  /** The registers by their names in struct pt_regs. */
  private static final List<String> NAMES =
      List.of("r15", "r14", "r13", "r12", "rbx", "rbp", "rip");

  /** The same by the names of the members. */
  private static final List<String> MEMBERS =
      List.of("r15", "r14", "r13", "r12", "bx", "bp", "ret_addr");

  private static final String STRUCT = "inactive_task_frame";
  private static final long MOST = 1 << 10;

  /** As the kernel's types tell; else as most kernels have it. */
  static InactiveFrame of(KernelObjects objects) throws VmcoreException {
    List<Long> offsets = new ArrayList<>();
    for (String member : MEMBERS) {
      Optional<Field> field = objects.field(STRUCT, member);
      if (field.isEmpty()) {
        return usual();
      }
      offsets.add(field.get().offset());
    }
    Optional<StructType> struct = objects.types().struct(STRUCT);
    return struct.isPresent() && struct.get().size() <= MOST
        ? new InactiveFrame(offsets, struct.get().size())
        : usual();
  }

  private static InactiveFrame usual() {
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      offsets.add((long) Long.BYTES * i);
    }
    return new InactiveFrame(offsets, (long) Long.BYTES * NAMES.size());
  }

  /** The registers of the task whose frame is at {@code pointer}, {@code rsp} the last of them. */
  List<Register> registers(StackMemory memory, long pointer) throws BrokenStack, VmcoreException {
    List<Register> registers = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      registers.add(new Register(NAMES.get(i), memory.word(pointer + offsets.get(i))));
    }
    registers.add(new Register("rsp", pointer + size));
    return registers;
  }
}
