package org.vmcore.cli.walk;

import java.util.Optional;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.Variable;
import org.vmcore.memory.VmcoreException;

/** The types of variables: BTF tells those of per-CPU ones, these are some others. */
final class KnownHeads {
  private KnownHeads() {}

  /** The type of the variable {@code symbol}, when it is known. */
  static Optional<Type> find(String symbol, KernelObjects objects) throws VmcoreException {
    Optional<Variable> own = perCpu(symbol, objects);
    if (own.isPresent()) {
      return Optional.of(own.get().type());
    }
    return switch (symbol) {
      case "sparse_irqs" -> objects.types().find("struct maple_tree");
      case "irq_desc_tree" -> first(objects, "struct xarray", "struct radix_tree_root");
      case "vmap_area_root", "bdi_tree", "uprobes_tree" -> objects.types().find("struct rb_root");
      case "btf_idr", "map_idr", "prog_idr", "link_idr", "worker_pool_idr" ->
          objects.types().find("struct idr");
      default -> Optional.empty();
    };
  }

  private static Optional<Type> first(KernelObjects objects, String... names)
      throws VmcoreException {
    Optional<Type> found = Optional.empty();
    for (int i = 0; found.isEmpty() && i < names.length; i++) {
      found = objects.types().struct(names[i]).map(Type.class::cast);
    }
    return found;
  }

  /** The per-CPU variable of this name. */
  static Optional<Variable> perCpu(String symbol, KernelObjects objects) throws VmcoreException {
    for (Variable each : objects.types().perCpu()) {
      if (each.name().equals(symbol)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
