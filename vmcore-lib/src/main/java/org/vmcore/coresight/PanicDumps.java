package org.vmcore.coresight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Described;

/**
 * What CoreSight devices saved when the kernel panicked, in the list that Leo Yan's patches keep of
 * it. Each method throws a {@link VmcoreException} when the dump is closed or its file fails.
 *
 * {@snippet :
 * Kernel kernel = Kernel.of(vmcore);
 * Symbol list = PanicDumps.symbol(kernel).orElseThrow();
 * PanicDumps dumps = PanicDumps.read(kernel, list.address(), PanicDumps.MAX_NODES);
 * for (DumpNode node : dumps.nodes()) {
 *   print(node.cpu(), node.buffer(), node.size());
 * }
 * }
 *
 * @param head kernel virtual, of the list's head
 * @param layout what tells where a node has its members, for people
 * @param isTyped whether that are the kernel's types; else it is the most plausible of the known
 *     ones
 * @param nodes in the list's order
 * @param isMore whether there are more nodes than were asked for
 * @param findings what is damaged or can't be read of the list
 */
public record PanicDumps(
    long head,
    String layout,
    boolean isTyped,
    List<DumpNode> nodes,
    boolean isMore,
    List<Finding> findings) {
  /** The names that the list has. */
  public static final List<String> SYMBOLS = List.of("coresight_dump_list", "coresight_kdump_list");

  /** The most nodes that are read unless more are asked for: a device has one. */
  public static final int MAX_NODES = 4096;

  private static final String CHECK = "coresight";

  /** Nodes by which a layout is chosen. */
  private static final int SAMPLE = 16;

  /** Unmodifiable copies of the lists are kept. */
  public PanicDumps {
    nodes = List.copyOf(nodes);
    findings = List.copyOf(findings);
  }

  /**
   * The list's symbol. It is static: kallsyms has it only with all symbols, or as a module's.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static Optional<Symbol> symbol(Kernel kernel) throws VmcoreException {
    for (String name : SYMBOLS) {
      Optional<Symbol> found = kernel.symbols().first(name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * Reads the list whose head is at {@code head}.
   *
   * @param most the most nodes that are wanted
   * @throws VmcoreException when there is no memory at {@code head}, the dump is closed, or its
   *     file fails
   */
  public static PanicDumps read(Kernel kernel, long head, int most) throws VmcoreException {
    KernelObjects objects = kernel.objects();
    if (kernel.memory().extentAt(head).state() == PageState.NOT_RAM) {
      throw objects.reader().fault(head, "the list's head", kernel.memory().absenceAt(head));
    }
    DeviceReader devices = new DeviceReader(objects);
    Optional<Symbol> symbol = kernel.symbols().nearest(head).filter(at -> at.address() == head);
    Optional<NodeLayout> typed = NodeLayout.ofTypes(objects, symbol.flatMap(Symbol::module));
    List<NodeLayout> layouts =
        typed.isPresent() ? List.of(typed.get()) : NodeLayout.known(objects.reader().wordSize());
    List<NodeReader> readers = new ArrayList<>();
    for (NodeLayout layout : layouts) {
      readers.add(new NodeReader(objects, layout, devices));
    }
    TornList.Found found =
        new TornList(objects.reader(), head, most, link -> isLikely(readers, link)).walk();
    int chosen = typed.isPresent() ? 0 : choice(readers, found.links(), symbol);
    List<Finding> findings = new ArrayList<>();
    found.fault().ifPresent(line -> findings.add(damage(line)));
    List<DumpNode> nodes = nodes(readers.get(chosen), found.links(), findings);
    String name = layouts.get(chosen).name();
    return new PanicDumps(head, name, typed.isPresent(), nodes, found.isMore(), findings);
  }

  private static boolean isLikely(List<NodeReader> readers, long link) {
    boolean isLikely = false;
    for (NodeReader reader : readers) {
      isLikely |= reader.isLikely(link);
    }
    return isLikely;
  }

  /**
   * Which of the known layouts it is: the one by which more of the nodes may be some. Where a
   * pointer has 64 bits they differ in the type alone, whose place is filled with zeros.
   */
  private static int choice(List<NodeReader> readers, List<Long> links, Optional<Symbol> symbol)
      throws VmcoreException {
    int[] plausible = new int[readers.size()];
    boolean hasType = false;
    for (long link : links.subList(0, Math.min(links.size(), SAMPLE))) {
      for (int i = 0; i < plausible.length; i++) {
        plausible[i] += readers.get(i).isPlausible(link) ? 1 : 0;
      }
      try {
        hasType |= readers.getFirst().hasType(link);
      } catch (VmcoreException e) {
        // The node can't be read, which is told when it is asked for.
      }
    }
    if (plausible[0] != plausible[1]) {
      return plausible[0] > plausible[1] ? 0 : 1;
    }
    boolean isNamed = symbol.isPresent() && SYMBOLS.contains(symbol.get().name());
    boolean isFirst = isNamed ? symbol.get().name().equals(SYMBOLS.getFirst()) : hasType;
    return isFirst ? 0 : 1;
  }

  private static List<DumpNode> nodes(NodeReader reader, List<Long> links, List<Finding> findings) {
    List<DumpNode> nodes = new ArrayList<>();
    int unread = 0;
    for (long link : links) {
      try {
        nodes.add(reader.read(link));
      } catch (VmcoreException e) {
        if (unread++ == 0) {
          findings.add(damage("a node can't be read: " + e.reason()));
        }
      }
    }
    if (unread > 1) {
      findings.add(damage(unread - 1 + " more nodes can't be read"));
    }
    return nodes;
  }

  private static Finding damage(String line) {
    return new Finding(CHECK, Finding.Severity.ERROR, OptionalLong.empty(), line);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("PanicDumps")
        .hex("head", head)
        .add("layout", layout)
        .add("isTyped", isTyped)
        .add("nodes", nodes)
        .add("isMore", isMore)
        .add("findings", findings)
        .toString();
  }
}
