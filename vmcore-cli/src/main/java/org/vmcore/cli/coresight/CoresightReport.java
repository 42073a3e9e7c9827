package org.vmcore.cli.coresight;

import static org.vmcore.cli.coresight.CoresightFields.ADDRESS;
import static org.vmcore.cli.coresight.CoresightFields.CPU;
import static org.vmcore.cli.coresight.CoresightFields.CSDEV;
import static org.vmcore.cli.coresight.CoresightFields.DEVICE;
import static org.vmcore.cli.coresight.CoresightFields.DIFFERENCES;
import static org.vmcore.cli.coresight.CoresightFields.FILE;
import static org.vmcore.cli.coresight.CoresightFields.KIND;
import static org.vmcore.cli.coresight.CoresightFields.LAYOUT;
import static org.vmcore.cli.coresight.CoresightFields.LIST;
import static org.vmcore.cli.coresight.CoresightFields.MISSING;
import static org.vmcore.cli.coresight.CoresightFields.MISSING_BYTES;
import static org.vmcore.cli.coresight.CoresightFields.MORE;
import static org.vmcore.cli.coresight.CoresightFields.NODES;
import static org.vmcore.cli.coresight.CoresightFields.NODE_ADDRESS;
import static org.vmcore.cli.coresight.CoresightFields.OBSTACLE;
import static org.vmcore.cli.coresight.CoresightFields.POINTS_BACK;
import static org.vmcore.cli.coresight.CoresightFields.RANGE_ADDRESS;
import static org.vmcore.cli.coresight.CoresightFields.RANGE_SIZE;
import static org.vmcore.cli.coresight.CoresightFields.RANGE_STATE;
import static org.vmcore.cli.coresight.CoresightFields.REGISTERS;
import static org.vmcore.cli.coresight.CoresightFields.SIZE;
import static org.vmcore.cli.coresight.CoresightFields.TYPE;
import static org.vmcore.cli.coresight.CoresightFields.TYPE_NAME;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.coresight.CoresightDevice;
import org.vmcore.coresight.DumpNode;
import org.vmcore.coresight.MissingBytes;
import org.vmcore.coresight.PanicDumps;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** What is printed of panic dumps. */
final class CoresightReport implements Listing {
  /** More lines on single nodes than this are only counted. */
  private static final int MOST_LINES = 16;

  private final Kernel kernel;
  private final Optional<PanicDumps> dumps;
  private final List<SavedNode> nodes;
  private final boolean isMoreWanted;
  private final ReservedListing reserved;
  private int unsaid;

  /**
   * A report.
   *
   * @param isMoreWanted whether nodes are missing only because the user wants no more
   */
  CoresightReport(
      Kernel kernel,
      Optional<PanicDumps> dumps,
      List<SavedNode> nodes,
      boolean isMoreWanted,
      ReservedListing reserved) {
    this.kernel = kernel;
    this.dumps = dumps;
    this.nodes = nodes;
    this.isMoreWanted = isMoreWanted;
    this.reserved = reserved;
  }

  @Override
  public Field list() {
    return NODES;
  }

  @Override
  public void json(Json json) {
    if (dumps.isPresent()) {
      json.put(LIST, dumps.get().head());
      json.put(LAYOUT, dumps.get().layout());
    }
    json.put(MORE, dumps.isPresent() && dumps.get().isMore());
    json.array(NODES);
    for (SavedNode saved : nodes) {
      node(json.object(), saved);
      json.end();
    }
    json.end();
    if (!reserved.traces().isEmpty()) {
      reserved.json(json);
    }
    json.finish();
  }

  private static void node(Json json, SavedNode saved) {
    DumpNode node = saved.node();
    node.cpu().ifPresent(cpu -> json.put(CPU, cpu));
    node.type().ifPresent(type -> json.put(TYPE, type));
    node.typeName().ifPresent(name -> json.put(TYPE_NAME, name));
    json.put(ADDRESS, node.buffer()).put(SIZE, node.size());
    if (node.obstacle().isEmpty()) {
      json.put(MISSING_BYTES, MissingBytes.count(saved.missing()));
    }
    json.put(NODE_ADDRESS, node.address()).put(CSDEV, node.csdev());
    if (node.device().isPresent()) {
      device(json, node.device().get());
    }
    saved.file().ifPresent(name -> json.put(FILE, name));
    if (!saved.missing().isEmpty()) {
      ranges(json.array(MISSING), saved.missing());
      json.end();
    }
    node.obstacle().ifPresent(reason -> json.put(OBSTACLE, reason));
    node.config().ifPresent(config -> json.put(REGISTERS, config.registers()));
    if (!node.differences().isEmpty()) {
      json.put(DIFFERENCES, node.differences());
    }
  }

  private static void device(Json json, CoresightDevice device) {
    device.name().ifPresent(name -> json.put(DEVICE, name));
    device.kind().ifPresent(kind -> json.put(KIND, kind));
    device.pointsBack().ifPresent(isSo -> json.put(POINTS_BACK, isSo.booleanValue()));
  }

  static void ranges(Json json, List<Extent> missing) {
    for (Extent each : missing) {
      json.object().put(RANGE_ADDRESS, each.start()).put(RANGE_SIZE, each.size());
      json.put(RANGE_STATE, each.state().label()).end();
    }
  }

  @Override
  public void text(TextOut out, OutputOptions output) throws VmcoreException {
    if (dumps.isPresent()) {
      Listing.super.text(out, output);
    }
    if (!reserved.traces().isEmpty()) {
      if (dumps.isPresent()) {
        out.line();
      }
      reserved.text(out, output);
    }
  }

  @Override
  public void records(Row row) {
    for (SavedNode saved : nodes) {
      DumpNode node = saved.node();
      node.cpu().ifPresent(cpu -> row.set(CPU, cpu));
      node.type().ifPresent(type -> row.set(TYPE, type));
      node.typeName().ifPresent(name -> row.set(TYPE_NAME, name));
      row.set(ADDRESS, node.buffer()).set(SIZE, node.size());
      if (node.obstacle().isEmpty()) {
        row.set(MISSING_BYTES, MissingBytes.count(saved.missing()));
      }
      row.set(NODE_ADDRESS, node.address()).set(CSDEV, node.csdev());
      node.deviceName().ifPresent(name -> row.set(DEVICE, name));
      node.device().flatMap(CoresightDevice::kind).ifPresent(kind -> row.set(KIND, kind));
      saved.file().ifPresent(name -> row.set(FILE, name));
      row.end();
    }
  }

  @Override
  public void end(Ending ending) throws VmcoreException {
    if (dumps.isPresent()) {
      tell(ending, kernel.types().gaps());
      list(ending, dumps.get());
    }
    reserved.end(ending);
  }

  private void list(Ending ending, PanicDumps list) throws VmcoreException {
    if (!nodes.isEmpty() && !list.isTyped()) {
      ending.gap("", note("nodes are read as " + list.layout() + ": no types tell"));
    }
    tell(ending, list.findings());
    List<String> quiet = new ArrayList<>();
    for (SavedNode saved : nodes) {
      tell(ending, saved, quiet);
    }
    if (unsaid > 0) {
      ending.gap("", note(unsaid + " more nodes are such"));
    }
    if (list.isMore()) {
      String count = nodes.size() == 1 ? "node" : nodes.size() + " nodes";
      String line = "only the first " + count + ": --max takes more";
      ending.gap("", new Finding("coresight", severity(!isMoreWanted), OptionalLong.empty(), line));
    }
    boolean isEmpty = nodes.isEmpty() && list.findings().isEmpty() && !list.isMore();
    if (isEmpty && reserved.traces().isEmpty()) {
      ending.nothing("the list at " + Hex.of(list.head()) + " has no nodes");
    }
  }

  /** What is to be said of a node; {@code said} counts the lines. */
  private void tell(Ending ending, SavedNode saved, List<String> said) {
    DumpNode node = saved.node();
    List<Finding> lines = new ArrayList<>();
    String where = "node " + saved.index() + " at " + Hex.of(node.address()) + ": ";
    if (node.obstacle().isPresent()) {
      String line = where + node.obstacle().get();
      lines.add(new Finding("coresight", severity(node.isBroken()), OptionalLong.empty(), line));
    }
    if (saved.file().isPresent() && !saved.missing().isEmpty()) {
      String line = where + missing(saved.missing());
      lines.add(new Finding("coresight", severity(true), OptionalLong.empty(), line));
    }
    for (String difference : node.differences()) {
      lines.add(note(where + difference + ": the trace would not decode by what was saved"));
    }
    for (Finding line : lines) {
      if (said.size() < MOST_LINES) {
        said.add(line.message());
        ending.gap("", line);
      } else {
        unsaid++;
        if (line.severity() == Finding.Severity.ERROR) {
          ending.damaged();
        }
      }
    }
  }

  static String missing(List<Extent> missing) {
    return Hex.of(MissingBytes.count(missing))
        + " bytes aren't in the dump ("
        + missing.getFirst().state().label()
        + " from "
        + Hex.of(missing.getFirst().start())
        + " on): written as zeros";
  }

  private static Finding.Severity severity(boolean isDamage) {
    return isDamage ? Finding.Severity.ERROR : Finding.Severity.WARNING;
  }

  private static Finding note(String line) {
    return new Finding("coresight", Finding.Severity.WARNING, OptionalLong.empty(), line);
  }

  private static void tell(Ending ending, List<Finding> gaps) {
    for (Finding gap : gaps) {
      ending.gap("", gap);
    }
  }
}
