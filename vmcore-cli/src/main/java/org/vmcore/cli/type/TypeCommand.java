package org.vmcore.cli.type;

import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore type}. */
public final class TypeCommand implements Subcommand {
  private static final int LONGEST = 4096;

  private final Frame frame =
      Frame.withArguments(
          "NAME",
          "A structure, union, enumeration, typedef or function, as C names it; a per-CPU"
              + " variable; or a member by its path: task_struct.se.vruntime.",
          Names.TYPES,
          Subject.PLACE,
          "Print the value of the object there: an address, a symbol, or SYMBOL+N.",
          Names.SYMBOLS);
  private final Opt<String> module =
      Opt.of(
          String.class,
          new Text(),
          "NAME",
          "The type that this module has, in place of the kernel's.",
          "--module");
  private final Opt<Integer> cpu =
      Opt.of(
          Integer.class,
          new Numbers.Index(),
          "N",
          "The value of this CPU's variable, where SYMBOL or NAME is a per-CPU variable.",
          "--cpu");
  private final KernelOptions kernelOptions = new KernelOptions();

  /** Any text but none. */
  private static final class Text implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      return value;
    }
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "type",
            "Print a type of the kernel's in C, or an object's values.",
            "The types are those that the kernel has of itself and its modules, BTF; no debuginfo is"
                + " needed. A declaration is written as pahole does, with offsets, sizes and holes."
                + " Values are written as C initialises them: enumerators by name, text in quotes,"
                + " pointers with the symbol they lead to, elements in a row that are equal as one."
                + " What can't be read is a question mark, and why; where it is lost the exit status"
                + " is 3. Without BTF there is what VMCOREINFO tells.");
    frame.addDumpTo(spec);
    module.addTo(spec);
    cpu.addTo(spec);
    kernelOptions.addTo(spec);
    frame.addOutputTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore type vmcore task_struct",
        "  vmcore type vmcore task_struct.comm init_task",
        "  vmcore type vmcore 'struct list_head' 0xffffffff82a0c2c0",
        "  vmcore type vmcore runqueues --cpu 1",
        "  vmcore type vmcore mm_struct --json | jq -r '.members[].name'");
  }

  @Override
  public Fields fields() {
    return TypeFields.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    frame.output().check();
    String name = frame.argument();
    if (name.isBlank() || name.length() > LONGEST) {
      throw new UsageException(
          name.isBlank() ? "NAME is empty" : "NAME is longer than any type's name");
    }
    OptionalInt number =
        cpu.isGiven() ? OptionalInt.of(cpu.value().orElseThrow()) : OptionalInt.empty();
    Optional<String> place = frame.secondArgument();
    Subject.Question asked = new Subject.Question(name.strip(), module.value(), place, number);
    return frame.print(console, "type", vmcore -> report(asked, vmcore));
  }

  private TypeReport report(Subject.Question asked, Vmcore vmcore) throws VmcoreException {
    Kernel kernel = kernelOptions.kernel(vmcore);
    return new TypeReport(Subject.of(asked, kernel, vmcore), kernel);
  }
}
