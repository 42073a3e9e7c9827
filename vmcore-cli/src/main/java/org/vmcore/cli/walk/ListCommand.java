package org.vmcore.cli.walk;

import java.util.ArrayList;
import java.util.List;
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
import org.vmcore.kernel.walks.WalkKind;
import org.vmcore.kernel.walks.Walks;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore list}. */
public final class ListCommand implements Subcommand {
  private final Frame frame =
      Frame.withArgument(
          Heads.PLACE,
          "Where it begins: a symbol, an address or SYMBOL+N; of a list also an object in it.",
          Names.SYMBOLS);
  private final Opt<String> type =
      Opt.of(
              String.class,
              text -> text,
              "T",
              "The objects' type: task_struct. Else nodes are listed.",
              "--type")
          .offering(Names.TYPES);
  private final Opt<String> member =
      Opt.of(
          String.class,
          text -> text,
          "M",
          "The node in an object, by which it is linked: tasks, se.group_node. May be left out"
              + " where T has one such member.",
          "--member");
  private final Opt<List<String>> show =
      Opt.list(
          String.class,
          text -> text,
          "PATH,...",
          "Members to print: comm,pid,mm.pgd,se.vruntime. Pointers are followed.",
          "--show");
  private final Opt<HeadPath> head =
      Opt.of(
          HeadPath.class,
          new HeadPath.Converter(),
          "TYPE.MEMBER",
          "What lies at SYMBOL|ADDR, and where in it the head is: pid_namespace.idr, list_head.",
          "--head");
  private final Opt<WalkKind> kind =
      Opt.choice(
          WalkKind.values(),
          "KIND",
          "How objects are linked; by default as the type of the head, or of M, tells:"
              + " ${COMPLETION-CANDIDATES}.",
          "--kind");
  private final Opt<Cpus> cpu =
      Opt.of(
              Cpus.class,
              new Cpus.Converter(),
              "N|all",
              "SYMBOL is a per-CPU variable: that of CPU N, or of all.",
              "--cpu")
          .offering(Cpus.WORDS);
  private final Opt<Integer> limit =
      Opt.of(
          Integer.class,
          new Numbers.Index(),
          "N",
          "The most that are listed; by default " + Walks.MAX_LINKS + ".",
          "--limit");
  private final Opt<Boolean> reverse = Opt.flag("The last one first.", "--reverse");
  private final Opt<Boolean> hex = Opt.flag("Numbers of --show in hexadecimal.", "--hex");
  private final KernelOptions kernel = new KernelOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "list",
            "Print what a list, tree or array of pointers holds.",
            "Lists (list_head, hlist, llist), rbtrees, xarrays, radix trees and maple trees are gone"
                + " over in their order, by the kernel's types: from BTF in the dump, or --btf. Which"
                + " of them it is tells the type of the head (--head), or that of the member. Each"
                + " link is checked against the one that leads back: a list ends where it is"
                + " damaged, of a tree the damaged part is left out, and a line on stderr tells"
                + " where. A list_head that is torn is followed from its other end, too.");
    frame.addDumpTo(spec);
    type.addTo(spec);
    member.addTo(spec);
    show.addTo(spec);
    hex.addTo(spec);
    head.addTo(spec);
    kind.addTo(spec);
    cpu.addTo(spec);
    limit.addTo(spec);
    reverse.addTo(spec);
    kernel.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore list vmcore modules --type module --member list --show name",
        "  vmcore list vmcore init_task --type task_struct --member tasks --show pid,comm",
        "  vmcore list vmcore init_pid_ns --head pid_namespace.idr --type pid",
        "  vmcore list vmcore sparse_irqs --type irq_desc --show irq_data.irq,action.name",
        "  vmcore list vmcore runqueues --cpu all --head rq.cfs_tasks \\",
        "      --type task_struct --member se.group_node --show pid,comm");
  }

  @Override
  public Fields fields() {
    return NodeListing.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    frame.output().check();
    String place = frame.argument();
    if (place.isBlank()) {
      throw new UsageException(Heads.PLACE + " is empty");
    }
    member.requireEffect(type.isGiven(), "without --type");
    show.requireEffect(type.isGiven(), "without --type");
    hex.requireEffect(show.isGiven(), "without --show");
    ListQuestion asked =
        new ListQuestion(
            place.strip(),
            cpu.value(),
            head.value(),
            kind.value(),
            type.value(),
            member.value(),
            paths(show.or(List.of())),
            Math.min(limit.or(Walks.MAX_LINKS), Walks.MAX_LINKS),
            reverse.isGiven());
    return frame.print(console, "list", vmcore -> listing(asked, vmcore));
  }

  private static List<String> paths(List<String> given) {
    List<String> paths = new ArrayList<>();
    for (String each : given) {
      for (String path : each.split(",", -1)) {
        if (path.isBlank()) {
          throw new UsageException("Invalid value for --show: '" + each + "' has no member in it");
        }
        paths.add(path.strip());
      }
    }
    return paths;
  }

  private NodeListing listing(ListQuestion asked, Vmcore vmcore) throws VmcoreException {
    Kernel of = kernel.kernel(vmcore);
    try {
      return NodeListing.of(of, Nodes.of(asked, of, vmcore), asked.show(), hex.isGiven());
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid value for a member: " + e.getMessage());
    }
  }
}
