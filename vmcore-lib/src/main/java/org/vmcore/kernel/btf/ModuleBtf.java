package org.vmcore.kernel.btf;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.StructType;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The types of modules: the kernel keeps what it loaded, split from its own table, in a list of
 * struct btf_module. What a module brought as {@code .BTF.base} is replaced by the kernel's own
 * when it is loaded. Source: kernel/bpf/btf.c.
 */
final class ModuleBtf {
  /** What a module has itself. */
  record ModuleTypes(String module, Btf types) {}

  private static final String CHECK = "types";
  private static final int MAX_MODULES = 1 << 14;
  private static final int MAX_NAME = 64;

  private final KernelReader in;
  private final Symbols symbols;
  private final Btf base;

  ModuleBtf(KernelSource kernel, Symbols symbols, Btf base) throws VmcoreException {
    this.in = kernel.reader();
    this.symbols = symbols;
    this.base = base;
  }

  /** Those that can be read; {@code gaps} is told of the others. */
  List<ModuleTypes> read(List<Finding> gaps) {
    List<ModuleTypes> tables = new ArrayList<>();
    try {
      OptionalLong head = symbols.addressInKernel("btf_modules");
      if (head.isPresent()) {
        walk(head.getAsLong(), tables, gaps);
      } else {
        gaps.add(
            new Finding(
                CHECK,
                Finding.Severity.WARNING,
                OptionalLong.empty(),
                "the types of modules aren't found: no symbol btf_modules"));
      }
    } catch (VmcoreException e) {
      gaps.add(Gap.of(CHECK, "types of modules", e));
    }
    return tables;
  }

  private void walk(long head, List<ModuleTypes> tables, List<Finding> gaps)
      throws VmcoreException {
    long list = offset("btf_module", "list");
    long btf = offset("btf_module", "btf");
    long at = in.word(head, "btf_modules");
    Set<Long> seen = new HashSet<>();
    while (at != head) {
      if (seen.size() == MAX_MODULES || !seen.add(at)) {
        throw in.fault(head, "btf_modules", "leads into itself, or is too long");
      }
      try {
        tables.add(table(in.word(at - list + btf, "btf_module.btf")));
      } catch (VmcoreException e) {
        gaps.add(Gap.of(CHECK, "types of a module", e));
      }
      at = in.word(at, "btf_module.list");
    }
  }

  /** The table of the struct btf at {@code address}. */
  private ModuleTypes table(long address) throws VmcoreException {
    long size = in.u32(address + offset("btf", "data_size"), "btf.data_size");
    String name = in.text(address + offset("btf", "name"), MAX_NAME);
    long firstId = in.u32(address + offset("btf", "start_id"), "btf.start_id");
    if (firstId != base.firstId() + base.count()) {
      throw in.fault(address, "btf.start_id", firstId + ": not behind the kernel's types");
    }
    if (size > BtfHeader.MAX_SIZE) {
      throw in.fault(address, "btf.data_size", size + ": too large");
    }
    long data = in.word(address + offset("btf", "data"), "btf.data");
    byte[] bytes = in.bytes(data, (int) size, "btf.data");
    return new ModuleTypes(name, Btf.split("BTF of module " + name, bytes, base));
  }

  private long offset(String struct, String member) throws VmcoreException {
    if (base.find(struct, 1 << BtfKind.STRUCT).orElse(null) instanceof StructType type) {
      Optional<Field> field = type.field(member);
      if (field.isPresent()) {
        return field.get().offset();
      }
    }
    throw VmcoreException.of(in.file(), "the kernel has no struct " + struct + "." + member);
  }
}
