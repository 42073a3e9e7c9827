package org.vmcore.kernel.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.kernel.crash.LocksKernel.frame;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.elf.Register;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.tasks.Task;

class SpinLocksTest {
  private static final String SLOWPATH = "native_queued_spin_lock_slowpath";

  @TempDir Path folder;

  private final LocksKernel kernel = new LocksKernel();
  private long holder;
  private long waiter;
  private long lock;
  private long code;

  @BeforeEach
  void aWaiterOnCpu0AndAnotherTaskOnCpu1() {
    waiter = kernel.running(20, "waiter", 0);
    holder = kernel.running(10, "holder", 1);
    lock = kernel.kernel.room(0x40);
    code = kernel.kernel.room(0x1000);
    kernel.kernel.memory().u32(lock, 1);
    kernel.stack(waiter, frame(SLOWPATH, code, reg("rdi", lock)), frame("want", code + 0x100));
  }

  private static Register reg(String name, long value) {
    return new Register(name, value);
  }

  private Optional<Guilty> guilty() throws Exception {
    return kernel
        .ask(
            folder.resolve("vmcore"),
            evidence -> {
              Task task = evidence.tasks().at(waiter).orElseThrow();
              return new SpinLocks(evidence).holder(task, evidence.stack(task));
            })
        .map(Suspect::guilty);
  }

  private void isHolder(String why) throws Exception {
    Guilty guilty = guilty().orElseThrow();
    assertThat(guilty.task()).contains(new TaskName("holder", 10));
    assertThat(guilty.cpu()).hasValue(1);
    assertThat(guilty.why()).contains(why).contains("waiter:20 on CPU 0 waits");
    assertThat(guilty.isCertain()).isFalse();
  }

  @Test
  void aRegisterAndInterruptsThatAreOff() throws Exception {
    kernel.stack(holder, frame("hold", code + 0x200, reg("eflags", 0x6), reg("rbx", lock)));

    isHolder("its register rbx has the lock's address, it takes no interrupts");
  }

  @Test
  void interruptsOfArm64() throws Exception {
    kernel.stack(holder, frame("hold", code + 0x200, reg("pstate", 0x80), reg("x19", lock)));

    isHolder("its register x19 has the lock's address, it takes no interrupts");
  }

  @Test
  void codeThatNamesTheLock() throws Exception {
    kernel.kernel.memory().u32(code + 0x203, lock);
    kernel.stack(holder, frame("hold", code + 0x200, reg("eflags", 0x6)));

    isHolder("hold on its stack has it in its code, it takes no interrupts");
  }

  @Test
  void theStackThatHasTheLocksAddress() throws Exception {
    long pointer = kernel.stackOf(holder) + 0x3000;
    kernel.kernel.memory().u64(pointer + 0x20, lock);
    kernel.stack(holder, at(frame("hold", code + 0x200, reg("eflags", 0x6)), pointer));

    isHolder("its stack has the lock's address at 0x");
  }

  private static Frame at(Frame frame, long pointer) {
    return new Frame(
        frame.address(), pointer, frame.symbol(), frame.module(), true, true, frame.registers());
  }

  @Test
  void aCpuThatDidntStopAndHasTheLocksAddressOnItsStack() throws Exception {
    kernel.kernel.memory().u64(kernel.stackOf(holder) + 0x3020, lock);

    isHolder(", its CPU didn't stop when told to");
  }

  @Test
  void interruptsThatAreOffAloneSayNothing() throws Exception {
    kernel.stack(holder, frame("hold", code + 0x200, reg("eflags", 0x6)));

    assertThat(guilty()).isEmpty();
  }

  @Test
  void aRegisterAloneSaysNothing() throws Exception {
    kernel.stack(holder, frame("hold", code + 0x200, reg("eflags", 0x246), reg("rbx", lock)));

    assertThat(guilty()).isEmpty();
  }

  @Test
  void whoWaitsForTheSameLockDoesntHoldIt() throws Exception {
    kernel.stack(holder, frame(SLOWPATH, code, reg("eflags", 0x6), reg("rdi", lock)));

    assertThat(guilty()).isEmpty();
  }

  @Test
  void aLockThatNobodyHoldsIsNoLock() throws Exception {
    kernel.kernel.memory().u32(lock, 0);
    kernel.stack(holder, frame("hold", code + 0x200, reg("eflags", 0x6), reg("rbx", lock)));

    assertThat(guilty()).isEmpty();
  }

  @Test
  void aTaskThatDoesntWaitHasNoHolder() throws Exception {
    kernel.stack(waiter, frame("busy", code, reg("rdi", lock)));
    kernel.stack(holder, frame("hold", code + 0x200, reg("eflags", 0x6), reg("rbx", lock)));

    assertThat(guilty()).isEmpty();
  }
}
