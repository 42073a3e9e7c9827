package org.vmcore.cli.system;

import java.util.List;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Row;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore modules}. */
public final class ModulesCommand implements Subcommand {
  private static final Fields MODULE = new Fields();
  private static final Field NAME = MODULE.text("name", "Its name.").titled("NAME");
  private static final Field SIZE =
      MODULE
          .size("size", "The size of its memory, what it had only while it started left out.")
          .titled("SIZE")
          .optional();
  private static final Field ADDRESS =
      MODULE.address("address", "Of its struct module.").titled("MODULE");
  private static final Field BASE =
      MODULE.address("base", "Where its code begins.").titled("BASE").optional();
  private static final Field STATE =
      MODULE
          .text("state", "Live, Loading, Unloading or Unformed.")
          .titled("STATE")
          .oneOf("Live", "Loading", "Unloading", "Unformed");
  private static final Field USED =
      MODULE.count("used", "How many use it.").titled("USED").optional();
  private static final Field TAINTS =
      MODULE
          .text("taints", "What it taints the kernel with, in letters: O built out of the tree.")
          .titled("TAINTS")
          .dashed()
          .optional();

  static {
    MODULE.columns(NAME, SIZE, USED, STATE, TAINTS, ADDRESS, BASE);
  }

  private static final Fields FIELDS = Fields.ofDump();
  private static final Field MODULES =
      FIELDS.records("modules", MODULE, "The modules, the one that was loaded last first.");

  private final Frame frame = Frame.ofDump();
  private final KernelOptions kernel = new KernelOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "modules",
            "Print the kernel's modules.",
            "The modules in the kernel's list, the one that was loaded last first. MODULE is the"
                + " address of the struct module, BASE that of its code. TAINTS has the letters of"
                + " /proc/modules: O built outside of the kernel's tree, E without a signature, P"
                + " proprietary. Without types (BTF) only names, states and MODULE are known.");
    frame.addDumpTo(spec);
    kernel.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore modules vmcore",
        "  vmcore modules --json vmcore | jq -r '.modules[] | select(.taints) | .name'");
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return frame.print(console, "modules", vmcore -> Loaded.of(kernel.kernel(vmcore)));
  }

  /** The modules of a kernel. */
  private record Loaded(Kernel kernel, List<LoadedModule> modules) implements Listing {
    static Loaded of(Kernel kernel) throws VmcoreException {
      return new Loaded(kernel, kernel.modules().all());
    }

    @Override
    public Field list() {
      return MODULES;
    }

    @Override
    public void records(Row row) {
      for (LoadedModule module : modules) {
        row.set(NAME, module.name()).set(ADDRESS, module.address());
        row.set(STATE, module.state().text());
        if (!module.ranges().isEmpty()) {
          row.set(SIZE, module.size()).set(BASE, module.ranges().getFirst().start());
        }
        if (module.references().isPresent()) {
          row.set(USED, module.references().getAsLong());
        }
        if (module.taints().isPresent()) {
          row.set(TAINTS, module.taints().get().letters());
        }
        row.end();
      }
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      Gaps.tell(ending, kernel.symbols().gaps());
      Gaps.tell(ending, kernel.types().gaps());
      Gaps.tell(ending, kernel.modules().gaps());
      if (modules.isEmpty()) {
        boolean isWhole = kernel.symbols().gaps().isEmpty();
        ending.nothing(isWhole ? "the kernel's list has no modules" : "no modules are found");
      }
    }
  }
}
