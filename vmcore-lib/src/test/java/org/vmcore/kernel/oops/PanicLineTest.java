package org.vmcore.kernel.oops;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PanicLineTest {
  private static final String FAULT =
      "BUG: kernel NULL pointer dereference, address: 0000000000000000";
  private static final String[] SLEEPING = {
    "BUG: sleeping function called from invalid context at mm/slab.h:420",
    "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 1, name: init",
    "CPU: 0 PID: 1 Comm: init",
    "Call Trace:",
  };

  private final CrashLines lines = new CrashLines();

  private PanicLineTest log(String... texts) {
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      lines.record(0, 0, false, Optional.empty(), bytes);
    }
    return this;
  }

  private void is(String expected) {
    assertThat(lines.report().panic()).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Kernel panic - not syncing: sysrq triggered crash",
        "BUG: unable to handle page fault for address: 0000000000000010",
        "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [insmod:211]",
        "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000",
        "kernel BUG at fs/inode.c:611!",
        "Oops: 0002 [#1] SMP",
        "Internal error: synchronous external abort: 96000210 [#1] SMP",
        "general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]",
        "divide error: 0000 [#1] SMP",
        "double fault: 0000 [#1] SMP",
        "int3: 0000 [#1] SMP",
        "invalid opcode: 0000 [#1] SMP",
        "stack segment: 0000 [#1] SMP",
      })
  void aLineThatTells(String text) {
    log("before", text, "behind").is(text);
  }

  @Test
  void aLogOfAKernelThatIsWellHasNone() {
    log("all is well", "no BUG: here", "Oops", "");

    assertThat(lines.report().panic()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Kernel panic - not syncing: Fatal exception",
        "Kernel panic - not syncing: Fatal exception in interrupt",
        "Kernel panic - not syncing: Oops: Fatal exception",
        "Kernel panic - not syncing: Oops: Fatal exception in interrupt",
      })
  void aPanicOfAnOopsIsTheOops(String panic) {
    log(FAULT, "#PF: error_code(0x0002)", "Oops: 0002 [#1] SMP", "CPU: 0", panic).is(FAULT);
  }

  @Test
  void aPanicOfAnOopsThatIsntInTheLogIsThePanic() {
    log("Kernel panic - not syncing: Fatal exception", FAULT)
        .is("Kernel panic - not syncing: Fatal exception");
  }

  @Test
  void aPanicOfItsOwnIsMoreThanAnOopsBeforeIt() {
    log(FAULT, "Oops: 0002 [#1] SMP", "Kernel panic - not syncing: Attempted to kill init!")
        .is("Kernel panic - not syncing: Attempted to kill init!");
  }

  @Test
  void theLastOopsCounts() {
    log(SLEEPING).log(FAULT, "Oops: 0002 [#1] SMP", "CPU: 0").is(FAULT);
  }

  @Test
  void anOopsWithoutALineOfItsOwnCountsBehindAHarmlessOne() {
    log(SLEEPING).log("general protection fault: 0000 [#1] SMP", "CPU: 0", "Call Trace:");

    is("general protection fault: 0000 [#1] SMP");
  }

  @Test
  void aHarmlessBugBehindAnOopsIsTheLastOne() {
    log(FAULT, "Oops: 0002 [#1] SMP", "CPU: 0").log(SLEEPING).is(SLEEPING[0]);
  }

  @Test
  void whatComesBehindThePanicIsntItsReason() {
    log(FAULT, "Kernel panic - not syncing: Fatal exception").log(SLEEPING).is(FAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "kernel BUG at fs/inode.c:611!, invalid opcode: 0000 [#1] SMP",
    "kernel BUG at fs/inode.c:611!, Oops: invalid opcode: 0000 [#1] SMP",
    "kernel BUG at fs/inode.c:611!, Internal error: Oops - BUG: 00000000f2000800 [#1] SMP",
    "Unable to handle kernel paging request at virtual address 01, Internal error: Oops: 96000004",
    "BUG: KASAN: null-ptr-deref in open, general protection fault: 0000 [#1] SMP KASAN",
  })
  void aTrapDoesntReplaceWhatHappened(String event, String trap) {
    log(event, "Mem abort info:", "  ESR = 0x0000000096000044", trap, "CPU: 0").is(event);
  }

  @Test
  void aTrapFarBehindIsAnother() {
    log("BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 34s!");
    for (int i = 0; i < 64; i++) {
      log("Showing busy workqueues and worker pools:");
    }
    log("Oops: 0002 [#1] SMP").is("Oops: 0002 [#1] SMP");
  }

  @Test
  void eachLineOfARecordIsOne() {
    log("=====\n" + FAULT + "\nPGD 0").is(FAULT);
  }

  @Test
  void aPanicOfSeveralLinesIsItsFirst() {
    log("Kernel panic - not syncing: first\nsecond\n").is("Kernel panic - not syncing: first");
  }
}
