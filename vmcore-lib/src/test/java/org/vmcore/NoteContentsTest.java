package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.arch.Machine;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.Note;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.QemuCpuState;
import org.vmcore.elf.Register;
import org.vmcore.elf.Vmcoredd;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** What is decoded of notes. */
class NoteContentsTest {
  @TempDir Path dir;

  private Vmcore open(DumpBuilder dump) throws IOException {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  private static long[] numbers(int count) {
    return LongStream.rangeClosed(1, count).map(i -> i * 0x1_0000_0001L).toArray();
  }

  private static long value(PrStatus status, String register) {
    return status.register(register).map(Register::value).orElseThrow();
  }

  @Test
  void prstatusOfX86() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().prstatus(4711, 11, numbers(27)))) {
      Note note = vmcore.notes().getFirst();
      assertThat(note.typeName()).isEqualTo("NT_PRSTATUS");
      assertThat(note.descsz()).isEqualTo(336);
      PrStatus status = note.prStatus();
      assertThat(status.pid()).isEqualTo(4711);
      assertThat(status.signal()).isEqualTo(11);
      assertThat(status.registers()).hasSize(27);
      assertThat(value(status, "r15")).isEqualTo(0x1_0000_0001L);
      assertThat(value(status, "rip")).isEqualTo(0x11_0000_0011L);
      assertThat(value(status, "rsp")).isEqualTo(0x14_0000_0014L);
      assertThat(value(status, "gs")).isEqualTo(0x1b_0000_001bL);
      assertThat(status.instructionPointer()).hasValue(new Register("rip", 0x11_0000_0011L));
      assertThat(status.register("x0")).isEmpty();
    }
  }

  @Test
  void prstatusOfI386() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf32().prstatus(7, 6, numbers(17)))) {
      PrStatus status = vmcore.notes().getFirst().prStatus();
      assertThat(vmcore.notes().getFirst().descsz()).isEqualTo(144);
      assertThat(status.pid()).isEqualTo(7);
      assertThat(status.signal()).isEqualTo(6);
      assertThat(status.registers()).hasSize(17);
      assertThat(value(status, "ebx")).isEqualTo(1);
      assertThat(value(status, "eip")).isEqualTo(13);
      assertThat(value(status, "ss")).isEqualTo(17);
    }
  }

  @Test
  void prstatusOfArm64() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64().machine(Machine.ARM64).prstatus(0, 0, numbers(34));
    try (Vmcore vmcore = open(dump)) {
      PrStatus status = vmcore.notes().getFirst().prStatus();
      assertThat(vmcore.notes().getFirst().descsz()).isEqualTo(392);
      assertThat(status.pid()).isZero();
      assertThat(status.registers()).hasSize(34);
      assertThat(value(status, "x0")).isEqualTo(0x1_0000_0001L);
      assertThat(value(status, "sp")).isEqualTo(0x20_0000_0020L);
      assertThat(status.instructionPointer()).hasValue(new Register("pc", 0x21_0000_0021L));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ELF64, false, 243, 376, pc, 'pc@112 ra@120 sp@128 gp@136 a0@192 t6@360'",
    "ELF64, true, 21, 504, nip, 'gpr0@112 gpr31@360 nip@368 link@400 dar@440 result@456'",
    "ELF64, false, 21, 504, nip, 'gpr0@112 nip@368'",
    "ELF64, true, 22, 336, psw_addr, 'psw_mask@112 psw_addr@120 gpr0@128 gpr15@248 orig_gpr2@320'",
    "ELF32, false, 40, 148, pc, 'r0@72 r10@112 fp@116 sp@124 lr@128 pc@132 cpsr@136'",
    "ELF64, false, 40, 148, pc, 'r0@72 sp@124 pc@132 orig_r0@140'",
    "ELF64, false, 3, 144, eip, 'ebx@72 eip@120 ss@136'",
  })
  void registersLieAsTheMachineHasThem(
      ElfClass headers, boolean big, int machine, int size, String pointer, String registers)
      throws Exception {
    ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    boolean isNarrow = size < 336;
    ByteBuffer desc = ByteBuffer.wrap(DumpBuilder.pattern(0, size)).order(order);
    desc.putInt(isNarrow ? 24 : 32, 4711);
    DumpBuilder dump = DumpBuilder.of(headers, order).machine(machine);

    try (Vmcore vmcore = open(dump.note("CORE", 1, desc.array()))) {
      PrStatus status = vmcore.notes().getFirst().prStatus();
      assertThat(status.pid()).isEqualTo(4711);
      assertThat(status.instructionPointer().map(Register::name)).hasValue(pointer);
      for (String register : registers.split(" ", -1)) {
        int at = register.indexOf('@');
        int offset = Integer.parseInt(register, at + 1, register.length(), 10);
        long expected =
            isNarrow ? Integer.toUnsignedLong(desc.getInt(offset)) : desc.getLong(offset);
        assertThat(value(status, register.substring(0, at))).as(register).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0x01000000, 1", "0x00020000, 0x00020000", "-1, -1", "0x00400000, 0x4000"})
  void aPidInTheByteOrderOfQemusHost(int written, int pid) throws Exception {
    DumpBuilder dump = DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN).machine(22);

    try (Vmcore vmcore = open(dump.prstatus(written, 0, numbers(28)))) {
      assertThat(vmcore.notes().getFirst().prStatus().pid()).isEqualTo(pid);
    }
  }

  @Test
  void prstatusOfAnotherMachineHasPidAndSignal() throws Exception {
    for (ElfClass elfClass : ElfClass.values()) {
      DumpBuilder dump =
          DumpBuilder.of(elfClass, ByteOrder.BIG_ENDIAN)
              .machine(elfClass == ElfClass.ELF64 ? 43 : 4)
              .prstatus(99, 7);
      try (Vmcore vmcore = open(dump)) {
        PrStatus status = vmcore.notes().getFirst().prStatus();
        assertThat(status).isEqualTo(new PrStatus(7, 99, List.of(), Optional.empty()));
      }
    }
  }

  /** In each of these the 32 bits at offset N are N. */
  @ParameterizedTest
  @CsvSource({
    "3, 32, false, 144, eip, 120, ss, 136",
    "40, 32, false, 148, pc, 132, orig_r0, 140",
    "21, 64, true, 504, nip, 368, result, 456",
    "21, 64, false, 504, nip, 368, gpr1, 120",
    "243, 64, false, 376, pc, 112, t6, 360",
    "22, 64, true, 336, psw_addr, 120, orig_gpr2, 320",
  })
  void registersByMachine(
      int machine, int bits, boolean isBig, int size, String pointer, int at, String other, int end)
      throws Exception {
    ByteOrder order = isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer desc = ByteBuffer.allocate(size).order(order);
    while (desc.hasRemaining()) {
      desc.putInt(desc.position());
    }
    DumpBuilder dump = DumpBuilder.of(ElfClass.ELF64, order).machine(machine);
    try (Vmcore vmcore = open(dump.note("CORE", 1, desc.array()))) {
      PrStatus status = vmcore.notes().getFirst().prStatus();
      assertThat(status.pid()).isEqualTo(bits == 64 ? 32 : 24);
      LongUnaryOperator value = i -> bits == 32 ? i : desc.getLong((int) i);
      assertThat(status.instructionPointer())
          .hasValue(new Register(pointer, value.applyAsLong(at)));
      assertThat(value(status, other)).isEqualTo(value.applyAsLong(end));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, pr_info", "11, pr_info", "13, pr_cursig", "34, pr_pid", "335, pr_reg"})
  void aPrstatusThatIsTooShortNamesItsField(int size, String field) throws Exception {
    byte[] desc = new byte[Math.min(size, 300)];
    try (Vmcore vmcore = open(DumpBuilder.elf64().note("CORE", 1, desc))) {
      assertThatThrownBy(() -> vmcore.notes().getFirst().prStatus())
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining(field + ": read past the end");
      assertThat(vmcore.verify())
          .anyMatch(f -> f.message().contains("note 0 (NT_PRSTATUS): " + field));
    }
  }

  @Test
  void vmcoreinfoIsFoundAmongOthers() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .prstatus(1, 0)
            .noteArea(0x100)
            .vmcoreinfo("OSRELEASE=6.12", "SIZE(x)=7");
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("6.12");
      assertThat(vmcore.vmcoreInfo().orElseThrow().size("x")).hasValue(7);
      assertThat(vmcore.notes().get(1).typeName()).isEqualTo("VMCOREINFO");
    }
  }

  @Test
  void aDeviceDumpHasANameAndData() throws Exception {
    byte[] data = DumpBuilder.pattern(0, 100);
    try (Vmcore vmcore = open(DumpBuilder.elf64().vmcoredd("cxgb4_0000:02:00.4", data))) {
      Note note = vmcore.notes().getFirst();
      assertThat(note.typeName()).isEqualTo("NT_VMCOREDD");
      assertThat(note.name()).isEqualTo("LINUX");
      Vmcoredd dump = note.vmcoredd();
      assertThat(dump.name()).isEqualTo("cxgb4_0000:02:00.4");
      assertThat(dump.dataSize()).isEqualTo(100);
      assertThat(Reading.bytes(vmcore, dump.dataOffset(), 100)).isEqualTo(data);
    }
  }

  @Test
  void aDeviceDumpWithoutRoomForItsNameIsRefused() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().note("LINUX", 0x700, new byte[43]))) {
      assertThatThrownBy(() -> vmcore.notes().getFirst().vmcoredd())
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("dump_name");
    }
  }

  @Test
  void qemuCpuState() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().qemuCpuState(numbers(18)))) {
      Note note = vmcore.notes().getFirst();
      assertThat(note.typeName()).isEqualTo("QEMU_CPU_STATE");
      QemuCpuState state = note.qemuCpuState();
      assertThat(state.version()).isEqualTo(1);
      assertThat(state.size()).isEqualTo(440);
      assertThat(state.register("rax")).hasValue(new Register("rax", 0x1_0000_0001L));
      assertThat(state.register("rip")).hasValue(new Register("rip", 0x11_0000_0011L));
      assertThat(state.register("rflags")).hasValue(new Register("rflags", 0x12_0000_0012L));
      assertThat(state.register("cr4")).hasValue(new Register("cr4", 0));
      assertThat(state.register("kernel_gs_base")).isPresent();
    }
  }

  @Test
  void anOlderQemuHasNoKernelGsBase() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().note("QEMU", 0, new byte[432]))) {
      QemuCpuState state = vmcore.notes().getFirst().qemuCpuState();
      assertThat(state.register("cr4")).isPresent();
      assertThat(state.register("kernel_gs_base")).isEmpty();
    }
  }

  @Test
  void anUnknownNoteStaysRaw() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().note("FOO", 0x1234, new byte[] {1, 2, 3}))) {
      Note note = vmcore.notes().getFirst();
      assertThat(note.typeName()).isEqualTo("0x1234");
      assertThat(note.isPrStatus()).isFalse();
      assertThat(note.descriptor(100)).containsExactly(1, 2, 3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CORE, 1, NT_PRSTATUS", "CORE, 3, NT_PRPSINFO", "CORE, 99, 0x63", "LINUX, 0x400, NT_ARM_VFP",
    "LINUX, 1, 0x1", "VMCOREINFO, 0, VMCOREINFO", "VMCOREINFO, 1, 0x1", "QEMU, 0, QEMU_CPU_STATE",
    "OTHER, -1, 0xffffffff"
  })
  void typesHaveNames(String name, String type, String expected) throws Exception {
    DumpBuilder dump = DumpBuilder.elf64().note(name, Integer.decode(type), new byte[4]);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.notes().getFirst().typeName()).isEqualTo(expected);
    }
  }
}
