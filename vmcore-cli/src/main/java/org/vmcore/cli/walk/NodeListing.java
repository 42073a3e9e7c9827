package org.vmcore.cli.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Kind;
import org.vmcore.cli.output.Row;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.walks.Link;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** What is printed of lists and trees. */
final class NodeListing implements Listing {
  static final Fields FIELDS = Fields.ofDump();

  static {
    Columns documented = new Columns(FIELDS);
    documented.node.others(
        "The members that --show names, by their paths: numbers of 64 bits and addresses as texts.");
  }

  private final Kernel kernel;
  private final Nodes nodes;
  private final Columns columns = new Columns(Fields.ofDump());
  private final List<MemberColumn> members = new ArrayList<>();
  private int unread;
  private Optional<VmcoreException> why = Optional.empty();
  private boolean isLost;

  /** The fields, the same for each run but for the members behind them. */
  private static final class Columns {
    private final Fields node = new Fields();
    private final Field address =
        node.address("address", "Of the object or, without --type, of its node.")
            .titled("ADDRESS")
            .optional();
    private final Field cpu =
        node.number("cpu", "Whose per-CPU variable it is of.").titled("CPU").optional();
    private final Field index =
        node.add("index", Kind.SEQUENCE, "Its index in an array or maple tree, the first one.")
            .titled("INDEX")
            .optional();
    private final Field last =
        node.add("last", Kind.SEQUENCE, "The last of its indexes.").titled("LAST").optional();
    private final Field marks =
        node.number("marks", "An xarray's marks of it: bit 0 is XA_MARK_0.").optional();
    private final Field value =
        node.add("value", Kind.SEQUENCE, "The number that is there in place of an address.")
            .titled("VALUE")
            .optional();
    private final Field kind;
    private final Field more;
    private final Field list;

    Columns(Fields document) {
      kind =
          document
              .text("kind", "How they are linked.")
              .oneOf("list", "hlist", "llist", "rbtree", "xarray", "radix-tree", "maple-tree");
      more = document.flag("more", "Whether there are more than the limit.");
      list = document.records("nodes", node, "The nodes in the order of the list or tree.");
    }
  }

  private NodeListing(Kernel kernel, Nodes nodes) {
    this.kernel = kernel;
    this.nodes = nodes;
  }

  static NodeListing of(Kernel kernel, Nodes nodes, List<String> show, boolean isHex)
      throws VmcoreException {
    NodeListing listing = new NodeListing(kernel, nodes);
    for (String path : show) {
      listing.members.add(MemberColumn.of(path, nodes.all(), listing.columns.node, isHex));
    }
    listing.choose();
    return listing;
  }

  /** The table has the columns that something is in. */
  private void choose() {
    List<Field> shown = new ArrayList<>();
    shown.add(columns.address);
    boolean[] has = new boolean[4];
    for (Node each : nodes.all()) {
      Link link = each.link();
      has[0] |= each.cpu() >= 0;
      has[1] |= link.index().isPresent();
      has[2] |= !link.index().equals(link.last());
      has[3] |= link.value().isPresent();
    }
    Field[] fields = {columns.cpu, columns.index, columns.last, columns.value};
    for (int i = 0; i < fields.length; i++) {
      if (has[i]) {
        shown.add(fields[i]);
      }
    }
    for (MemberColumn each : members) {
      shown.add(each.field());
    }
    columns.node.columns(shown.toArray(Field[]::new));
  }

  @Override
  public Field list() {
    return columns.list;
  }

  @Override
  public void head(Json json) {
    if (nodes.kind().isPresent()) {
      json.put(columns.kind, nodes.kind().get().toString());
    }
    json.put(columns.more, nodes.isMore());
  }

  @Override
  public void records(Row row) {
    unread = 0;
    for (Node node : nodes.all()) {
      Link link = node.link();
      if (link.value().isEmpty()) {
        row.set(columns.address, node.address());
      } else {
        row.set(columns.value, link.value().getAsLong());
      }
      if (node.cpu() >= 0) {
        row.set(columns.cpu, node.cpu());
      }
      if (link.index().isPresent() && link.last().isPresent()) {
        row.set(columns.index, link.index().getAsLong());
        row.set(columns.last, link.last().getAsLong());
      }
      if (link.marks() != 0) {
        row.set(columns.marks, link.marks());
      }
      if (node.object().isPresent()) {
        members(row, node.object().get());
      }
      row.end();
    }
  }

  private void members(Row row, KernelObject object) {
    for (MemberColumn each : members) {
      try {
        each.set(row, object);
      } catch (VmcoreException e) {
        unread++;
        why = Optional.of(e);
        isLost |= each.isLost(object);
      }
    }
  }

  @Override
  public void end(Ending ending) throws VmcoreException {
    tell(ending, kernel.symbols().gaps());
    tell(ending, kernel.types().gaps());
    tell(ending, nodes.findings());
    if (nodes.isMore()) {
      ending.gap("", note("only the first " + nodes.all().size() + ": --limit"));
    }
    if (unread > 0 && why.isPresent()) {
      String line = unread + " members can't be read: " + why.get().reason();
      if (isLost) {
        ending.lost(line);
      } else {
        ending.gap("", note(line));
      }
    }
    if (nodes.all().isEmpty()) {
      ending.nothing("it is empty");
    }
  }

  private static Finding note(String line) {
    return new Finding("list", Finding.Severity.WARNING, OptionalLong.empty(), line);
  }

  private static void tell(Ending ending, List<Finding> gaps) {
    for (Finding gap : gaps) {
      ending.gap("", gap);
    }
  }
}
