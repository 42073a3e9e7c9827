package org.vmcore.kernel.oops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Reports as the kernels of riscv, s390, powerpc, arm and i386 word them. */
class OtherMachinesTest {
  @Test
  void anOopsOfRiscv() {
    CrashReport report =
        Logs.of(
            "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000",
            "Oops [#1]",
            "Modules linked in: fxcrash(OE)",
            "CPU: 1 UID: 0 PID: 260 Comm: fx-culprit Tainted: G           OE      6.12 #1",
            "Hardware name: riscv-virtio,qemu (DT)",
            "epc : fx_null_leaf+0x12/0x20 [fxcrash]",
            " ra : fx_null_middle+0x1e/0x30 [fxcrash]",
            "epc : ffffffff01a3b012 ra : ffffffff01a3b04e sp : ffffffc600a93d40",
            " gp : ffffffff81db6e50 tp : ffffffd602698000 t0 : 0000000000000000",
            "status: 0000000200000120 badaddr: 0000000000000000 cause: 000000000000000f",
            "[<ffffffff01a3b012>] fx_null_leaf+0x12/0x20 [fxcrash]",
            "[<ffffffff01a3b04e>] fx_null_middle+0x1e/0x30 [fxcrash]",
            "[<ffffffff80a8138a>] handle_exception+0x14a/0x156",
            "Code: 1141 e422 0800 4781 (c39c) 6422",
            "---[ end trace 0000000000000000 ]---",
            "Kernel panic - not syncing: Fatal exception");

    assertThat(report.kind()).isEqualTo(CrashKind.NULL_POINTER);
    assertThat(report.place()).map(CodePlace::toString).contains("fx_null_leaf+0x12 [fxcrash]");
    assertThat(report.frames())
        .extracting(CodePlace::toString)
        .containsExactly(
            "fx_null_leaf+0x12 [fxcrash]",
            "fx_null_middle+0x1e [fxcrash]",
            "handle_exception+0x14a");
    assertThat(report.task()).contains(new TaskName("fx-culprit", 260));
  }

  @Test
  void anOopsOfS390() {
    CrashReport report =
        Logs.of(
            "Unable to handle kernel pointer dereference in virtual kernel address space",
            "Failing address: 0000000000000000 TEID: 0000000000000483",
            "Fault in home space mode while using kernel ASCE.",
            "AS:00000000029e0007 R3:00000000ffff0007 S:00000000ffff0003 P:000000000000013d",
            "Oops: 0004 ilc:2 [#1] SMP",
            "Modules linked in: fxcrash(OE)",
            "CPU: 1 PID: 260 Comm: fx-culprit Tainted: G           OE      6.12 #1",
            "Hardware name: QEMU 8561 QEMU (KVM/Linux)",
            "Krnl PSW : 0704c00180000000 000003ff7e8d4012 (fx_null_leaf+0x12/0x20 [fxcrash])",
            "           R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3",
            "Krnl GPRS: 0000000000000000 0000000000000001 0000000000000000 0000000000000000",
            "Call Trace:",
            " [<000003ff7e8d4012>] fx_null_leaf+0x12/0x20 [fxcrash] ",
            "([<000003ff7e8d4030>] guessed+0x4/0x10)",
            " [<000003ff7e8d4046>] fx_null_middle+0x1e/0x30 [fxcrash] ",
            " [<000003ffff40d7c8>] system_call+0x70/0x98 ",
            "Last Breaking-Event-Address:",
            " [<000003ff7e8d4040>] not_a_frame+0x18/0x30 [fxcrash]",
            "Kernel panic - not syncing: Fatal exception: panic_on_oops");

    assertThat(report.kind()).isEqualTo(CrashKind.NULL_POINTER);
    assertThat(report.place()).map(CodePlace::toString).contains("fx_null_leaf+0x12 [fxcrash]");
    assertThat(report.frames())
        .extracting(CodePlace::toString)
        .containsExactly(
            "fx_null_leaf+0x12 [fxcrash]", "fx_null_middle+0x1e [fxcrash]", "system_call+0x70");
    assertThat(report.hardware()).contains("QEMU 8561 QEMU (KVM/Linux)");
  }

  @Test
  void otherFaultsOfS390() {
    assertThat(
            Logs.of(
                    "Unable to handle kernel pointer dereference in virtual kernel address space",
                    "Failing address: 000003ff7e8d4000 TEID: 000003ff7e8d4483",
                    "Oops: 0010 ilc:3 [#1] SMP")
                .kind())
        .isEqualTo(CrashKind.PAGE_FAULT);
    assertThat(Logs.of("monitor event: 0040 ilc:2 [#1] SMP").kind()).isEqualTo(CrashKind.BUG);
    assertThat(Logs.of("illegal operation: 0001 ilc:1 [#1] SMP").kind())
        .isEqualTo(CrashKind.INVALID_OPCODE);
    assertThat(Logs.of("specification exception: 0006 ilc:3 [#1] SMP").kind())
        .isEqualTo(CrashKind.OOPS);
  }

  @Test
  void anOopsOfPowerpc() {
    CrashReport report =
        Logs.of(
            "Kernel attempted to write user page (0) - exploit attempt? (uid: 0)",
            "BUG: Kernel NULL pointer dereference on write at 0x00000000",
            "Faulting instruction address: 0xc008000000a40078",
            "Oops: Kernel access of bad area, sig: 11 [#1]",
            "LE PAGE_SIZE=4K MMU=Radix SMP NR_CPUS=2048 NUMA pSeries",
            "Modules linked in: fxcrash(OE)",
            "CPU: 1 UID: 0 PID: 260 Comm: fx-culprit Tainted: G           OE      6.12 #1",
            "Hardware name: IBM pSeries (emulated by qemu)",
            "NIP:  c008000000a40078 LR: c008000000a400bc CTR: c0000000007a2a10",
            "REGS: c000000003f37860 TRAP: 0300   Tainted: G           OE       (6.12)",
            "NIP [c008000000a40078] fx_null_leaf+0x18/0x30 [fxcrash]",
            "LR [c008000000a400bc] fx_null_middle+0x2c/0x50 [fxcrash]",
            "Call Trace:",
            "[c000000003f37b00] [c000000003f37b30] 0xc000000003f37b30 (unreliable)",
            "[c000000003f37b20] [c0000000005da988] stale+0x168/0x4f0 (unreliable)",
            "[c000000003f37b40] [c008000000a400bc] fx_null_middle+0x2c/0x50 [fxcrash]",
            "[c000000003f37b70] [c00000000002c998] system_call_exception+0x118/0x230",
            "[c000000003f37e50] [c00000000000cfdc] system_call_vectored_common+0x15c/0x2ec",
            "--- interrupt: 3000 at 0x100bd1f8",
            "NIP:  00000000100bd1f8 LR: 00000000100bd1f8 CTR: 0000000000000000",
            "NIP [00000000100bd1f8] 0x100bd1f8",
            "LR [00000000100bd1f8] 0x100bd1f8",
            "--- interrupt: 3000",
            "Instruction dump:",
            "---[ end trace 0000000000000000 ]---");

    assertThat(report.kind()).isEqualTo(CrashKind.NULL_POINTER);
    assertThat(report.place()).map(CodePlace::toString).contains("fx_null_leaf+0x18 [fxcrash]");
    assertThat(report.frames())
        .extracting(CodePlace::toString)
        .containsExactly(
            "fx_null_leaf+0x18 [fxcrash]",
            "fx_null_middle+0x2c [fxcrash]",
            "system_call_exception+0x118",
            "system_call_vectored_common+0x15c");
  }

  @Test
  void whatAnInterruptOfPowerpcInterrupted() {
    String[] old = {
      "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [fx:260]",
      "CPU: 1 PID: 260 Comm: fx Not tainted 5.4 #1",
      "NIP [c0000000000e0d48] fx_busy+0x18/0x40",
      "Call Trace:",
      "[c000000003f37b40] [c000000000288488] timer_interrupt+0x128/0x2e0",
      "--- interrupt: 901 at fx_busy+0x18/0x40",
      "    LR = fx_do+0x20/0x60",
      "[c000000003f37e00] [c00000000000de58] kthread+0x138/0x140",
    };

    assertThat(Logs.of(old).frames())
        .extracting(CodePlace::symbol)
        .containsExactly("fx_busy", "timer_interrupt", "fx_busy", "kthread");
  }

  @Test
  void anOopsOfArm() {
    CrashReport report =
        Logs.of(
            "8<--- cut here ---",
            "Unable to handle kernel NULL pointer dereference at virtual address 00000000",
            "pgd = 1e6ed4b3",
            "[00000000] *pgd=00000000",
            "Internal error: Oops: 805 [#1] SMP ARM",
            "Modules linked in: fxcrash(OE)",
            "CPU: 1 PID: 260 Comm: fx-culprit Tainted: G           OE     5.10 #1",
            "Hardware name: Generic DT based system",
            "PC is at fx_null_leaf+0x14/0x20 [fxcrash]",
            "LR is at fx_null_middle+0x18/0x24 [fxcrash]",
            "pc : [<bf000014>]    lr : [<bf00003c>]    psr: 60000013",
            "Process fx-culprit (pid: 260, stack limit = 0x5a1c4d1f)",
            "Stack: (0xc2f1de88 to 0xc2f1e000)",
            "de80:                   c2f1dea4 bf00003c c0e04cc8 00000000",
            "[<bf000014>] (fx_null_leaf [fxcrash]) from [<bf00003c>] (fx_null_middle+0x18/0x24"
                + " [fxcrash])",
            "[<bf00003c>] (fx_null_middle [fxcrash]) from [<c0300060>] (ret_fast_syscall+0x0/0x4c)",
            "Exception stack(0xc2f1dfa8 to 0xc2f1dff0)",
            "Code: e52db004 e28db000 e3a03000 e3a02001 (e5832000) ",
            "---[ end trace 0123456789abcdef ]---");

    assertThat(report.kind()).isEqualTo(CrashKind.NULL_POINTER);
    assertThat(report.frames())
        .extracting(CodePlace::toString)
        .containsExactly(
            "fx_null_leaf+0x14 [fxcrash]", "fx_null_middle+0x18 [fxcrash]", "ret_fast_syscall+0x0");
  }

  @Test
  void aNewerTraceOfArm() {
    CrashReport report =
        Logs.of(
            "Unable to handle kernel paging request at virtual address deadbeef when write",
            "Internal error: Oops: 805 [#1] SMP ARM",
            "PC is at fx_null_leaf+0x14/0x20 [fxcrash]",
            "Call trace: ",
            " fx_null_leaf [fxcrash] from fx_null_middle+0x18/0x24 [fxcrash]",
            " fx_null_middle [fxcrash] from ret_fast_syscall+0x0/0x1c");

    assertThat(report.kind()).isEqualTo(CrashKind.PAGE_FAULT);
    assertThat(report.frames())
        .extracting(CodePlace::symbol)
        .containsExactly("fx_null_leaf", "fx_null_middle", "ret_fast_syscall");
  }

  @Test
  void aTraceOfArmWithoutATitle() {
    CrashReport report =
        Logs.of(
            "Kernel panic - not syncing: sysrq triggered crash",
            "CPU: 0 PID: 1 Comm: init Not tainted 6.1.0-50-armmp #1  Debian 6.1.176-1",
            "Hardware name: Generic DT based system",
            " unwind_backtrace from show_stack+0x18/0x1c",
            " show_stack from dump_stack_lvl+0x40/0x4c",
            " dump_stack_lvl from panic+0x110/0x370",
            " panic from sysrq_reset_seq_param_set+0x0/0x90",
            "CPU1: stopping",
            "CPU: 1 PID: 88 Comm: init Not tainted 6.1.0-50-armmp #1  Debian 6.1.176-1",
            " unwind_backtrace from show_stack+0x18/0x1c");

    assertThat(report.frames())
        .extracting(CodePlace::symbol)
        .containsExactly("show_stack", "dump_stack_lvl", "panic", "sysrq_reset_seq_param_set");
  }

  @Test
  void anOopsOfI386() {
    CrashReport report =
        Logs.of(
            "BUG: kernel NULL pointer dereference, address: 00000000",
            "*pde = 00000000 ",
            "Oops: 0002 [#1] PREEMPT SMP",
            "CPU: 1 PID: 260 Comm: fx-culprit Tainted: G           OE      6.1 #1",
            "EIP: fx_null_leaf+0xc/0x20 [fxcrash]",
            "EAX: 00000000 EBX: 00000001 ECX: 00000002 EDX: 00000003",
            "Call Trace:",
            " fx_null_middle+0x1e/0x30 [fxcrash]",
            " entry_INT80_32+0xf0/0xf0");

    assertThat(report.kind()).isEqualTo(CrashKind.NULL_POINTER);
    assertThat(report.frames())
        .extracting(CodePlace::symbol)
        .containsExactly("fx_null_leaf", "fx_null_middle", "entry_INT80_32");
  }
}
