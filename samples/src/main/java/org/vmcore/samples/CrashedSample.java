package org.vmcore.samples;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.crash.Crash;
import org.vmcore.kernel.crash.CrashFrame;
import org.vmcore.kernel.crash.CrashStack;
import org.vmcore.kernel.declaration.Declaration;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.objects.ObjectVisitor;
import org.vmcore.kernel.objects.ObjectWalk;
import org.vmcore.kernel.objects.Value;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.AddressSpace;

/**
 * Makes {@code samples/dumps/crashed.kdump} out of a real kernel's dump: what the commands touch of
 * it, and no more. Where that dump is from, {@code samples/README.md} tells.
 */
public final class CrashedSample {
  /** Its name. */
  static final String NAME = "crashed.kdump";

  private static final int CODE = 64;
  private static final List<String> VARIABLES =
      List.of("linux_banner", "init_uts_ns", "jiffies", "saved_command_line", "runqueues");

  private CrashedSample() {}

  /**
   * Writes it.
   *
   * @param args a dump of x86-64, and the file to write
   * @throws VmcoreException when one can't be read, or the other not be written
   */
  public static void main(String[] args) throws VmcoreException {
    try (Vmcore dump = Vmcore.open(Path.of(args[0]))) {
      int pages = ReducedDump.write(dump, CrashedSample::ask, Path.of(args[1]));
      System.out.println(args[1] + ": " + pages + " pages");
    }
  }

  /** What the commands ask that tell of the kernel. */
  private static void ask(Vmcore vmcore) throws VmcoreException {
    Kernel kernel = Kernel.of(vmcore);
    info(kernel);
    crash(kernel);
    types(kernel);
    for (Task task : kernel.tasks().all()) {
      kernel.stack(task);
      walk(kernel.objects().at(task.address(), "task_struct"));
    }
    for (int cpu : kernel.objects().perCpu().possible()) {
      walk(kernel.objects().perCpu("runqueues", "rq", cpu));
    }
    modules(kernel);
    addresses(kernel);
  }

  private static void info(Kernel kernel) throws VmcoreException {
    kernel.uts();
    kernel.banner();
    kernel.log().summary();
    kernel.symbols().find("*");
    kernel.system().uptime();
    kernel.system().bootTime();
    kernel.system().load();
    kernel.system().taints();
    kernel.system().totalPages();
    kernel.system().freePages();
    kernel.system().commandLine();
  }

  private static void crash(Kernel kernel) throws VmcoreException {
    Crash crash = kernel.crash();
    kernel.stacks().crashed();
    kernel.stacks().ofCpus();
    for (CrashStack stack : crash.stacks()) {
      for (CrashFrame frame : stack.frames()) {
        if (frame.address().isPresent()) {
          read(kernel, frame.address().getAsLong());
        }
      }
    }
  }

  /** The kernel's BTF is read as a whole, those of modules when a name isn't the kernel's. */
  private static void types(Kernel kernel) throws VmcoreException {
    Declaration.of(kernel.objects().type("task_struct"));
    kernel.types().find("no_such_type");
  }

  private static void modules(Kernel kernel) throws VmcoreException {
    for (LoadedModule module : kernel.modules().all()) {
      walk(kernel.objects().at(module.address(), "module"));
    }
  }

  /** Page tables, all of them, and what lies at some addresses. */
  private static void addresses(Kernel kernel) throws VmcoreException {
    AddressSpace tables = kernel.memory().tables().orElseThrow();
    KernelObjects objects = kernel.objects();
    for (String name : VARIABLES) {
      OptionalLong address = kernel.symbols().addressInKernel(name);
      read(kernel, address.orElseThrow());
      OptionalLong physical = tables.physical(address.getAsLong());
      if (physical.isPresent()) {
        tables.reverse(physical.getAsLong());
      }
    }
    for (Symbol symbol : kernel.symbols().find("fx_*")) {
      read(kernel, symbol.address());
    }
    walk(objects.variable("init_task", "task_struct"));
  }

  private static void read(Kernel kernel, long address) throws VmcoreException {
    kernel.memory().read(address, MemorySegment.ofArray(new byte[CODE]));
  }

  private static void walk(KernelObject object) throws VmcoreException {
    ObjectWalk.over(
        object,
        new ObjectVisitor() {
          @Override
          public void begin(String name, long index, KernelObject inner) {}

          @Override
          public void value(String name, long index, KernelObject inner, Value value) {}

          @Override
          public void end(long index) {}
        });
  }
}
