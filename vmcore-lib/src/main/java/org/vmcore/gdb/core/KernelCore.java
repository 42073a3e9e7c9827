package org.vmcore.gdb.core;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.elf.Register;
import org.vmcore.gdb.KernelThread;
import org.vmcore.gdb.KernelThreads;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/**
 * A core file of a crashed kernel for gdb, in which each task is a thread: that of no process, but
 * an ELF file like one. Memory lies at kernel virtual addresses; it has what gdb needs of it.
 *
 * <p>What the dump hasn't isn't in it: gdb can't read it there, and takes nothing for zeros. A
 * register that isn't known, of a task that sleeps any that a call may change, is 0.
 *
 * {@snippet :
 * CoreWritten written = KernelCore.of(vmcore, Kernel.of(vmcore)).write(Path.of("core"));
 * }
 */
public final class KernelCore {
  /** How often it is written anew because something turned out to be lost. */
  private static final int MOST_TRIES = 3;

  private final Vmcore vmcore;
  private final Kernel kernel;

  private KernelCore(Vmcore vmcore, Kernel kernel) {
    this.vmcore = vmcore;
    this.kernel = kernel;
  }

  /** The core file of {@code vmcore}'s kernel. Nothing is read before it is written. */
  public static KernelCore of(Vmcore vmcore, Kernel kernel) {
    return new KernelCore(vmcore, kernel);
  }

  /** Writes it to {@code file}, a new one, with {@link CoreOptions#DEFAULT}. */
  public CoreWritten write(Path file) throws VmcoreException {
    return write(file, CoreOptions.DEFAULT);
  }

  /**
   * Writes it to {@code file}.
   *
   * @throws VmcoreException when there is no thread, the machine's registers aren't known, {@code
   *     file} can't be written, the dump is closed, or its file fails
   */
  public CoreWritten write(Path file, CoreOptions options) throws VmcoreException {
    Machine machine = KernelMachine.of(vmcore.header(), vmcore.notes(), kernel.info()).machine();
    Optional<Architecture> known = Architectures.of(machine);
    if (known.isEmpty() || machine.bits() != Long.SIZE) {
      throw VmcoreException.of(
          vmcore.name(), "no core files can be made of " + machine.label() + " kernels");
    }
    KernelThreads threads = KernelThreads.of(kernel);
    CoreNotes notes = new CoreNotes(kernel.order());
    int unknown = notes(threads, known.get(), notes);
    CoreMemory wanted = wanted(options);
    Plan plan = new Plan(machine, notes, wanted.merged());
    Result result = write(plan, file, options);
    List<Finding> findings = new ArrayList<>(threads.gaps());
    findings.addAll(wanted.gaps());
    return new CoreWritten(
        threads.all().size(),
        unknown,
        result.loads().count(),
        result.loads().total(),
        result.size(),
        result.loads().missing(),
        findings);
  }

  /** What is to be written, whatever of it there is. */
  private record Plan(Machine machine, CoreNotes notes, List<AddressRange> ranges) {
    CoreFile file(CoreLoads loads) {
      return new CoreFile(machine, notes.order(), notes.bytes(), loads);
    }
  }

  /** What was written. */
  private record Result(CoreLoads loads, long size) {}

  /**
   * Writes it. What turns out to be lost when it is read is left out when it is written once more.
   */
  private Result write(Plan plan, Path file, CoreOptions options) throws VmcoreException {
    Memory memory = kernel.memory();
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      CoreLoads loads = CoreLoads.of(memory, plan.ranges());
      try (OutputFile out =
          OutputFile.create(file, new OutputFile.Options(options.force(), options.sync()))) {
        boolean isKnown = out.isStaged() || plan.file(loads).check(memory);
        loads = isKnown ? loads : CoreLoads.of(memory, plan.ranges());
        boolean isWhole = plan.file(loads).write(out, memory, options.progress());
        if (isWhole) {
          out.commit();
          return new Result(loads, out.position());
        }
        if (!out.isStaged()) {
          break;
        }
      }
    }
    throw VmcoreException.of(vmcore.name(), "what can be read of it changes all the time");
  }

  private CoreMemory wanted(CoreOptions options) {
    CoreMemory wanted = new CoreMemory(vmcore, kernel);
    wanted.find();
    if (options.isWhole()) {
      wanted.findAll();
    }
    options.ranges().forEach(wanted::add);
    return wanted;
  }

  /** Writes the notes of all threads; gives the number of those without registers. */
  private static int notes(KernelThreads threads, Architecture architecture, CoreNotes notes)
      throws VmcoreException {
    int unknown = 0;
    for (KernelThread thread : threads.all()) {
      List<Register> registers = threads.registers(thread);
      unknown += registers.isEmpty() ? 1 : 0;
      notes.prStatus(architecture.prStatus().bytes(thread.id(), registers, notes.order()));
    }
    return unknown;
  }
}
