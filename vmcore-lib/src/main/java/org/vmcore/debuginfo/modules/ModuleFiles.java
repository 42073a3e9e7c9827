package org.vmcore.debuginfo.modules;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.arch.Machine;
import org.vmcore.debuginfo.dwarf.ModuleDwarf;
import org.vmcore.debuginfo.elf.ObjectFile;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.Missing;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import org.vmcore.values.Hex;

/** Writes a file for each module that is loaded. */
public final class ModuleFiles {
  private static final String CHECK = "modules";

  /** No module is as large, in bytes. */
  private static final long LARGEST = 1 << 28;

  private final Kernel kernel;
  private final Machine machine;
  private final ByteOrder order;
  private final OutputFile.Options options;
  private final FileCheck check;
  private final Set<String> names = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();
  private int written;

  private ModuleFiles(
      Kernel kernel,
      Machine machine,
      ByteOrder order,
      OutputFile.Options options,
      FileCheck check) {
    this.kernel = kernel;
    this.machine = machine;
    this.order = order;
    this.options = options;
    this.check = check;
  }

  /** Whether a file may be written. */
  @FunctionalInterface
  public interface FileCheck {
    /** Throws when it may not. */
    void check(Path file) throws VmcoreException;
  }

  /**
   * What was written.
   *
   * @param files how many files
   * @param findings what is to be said of them, and of modules that have none
   */
  public record Written(int files, List<Finding> findings) {}

  /**
   * Writes {@code NAME.ko} into {@code folder} for each module; what can't be had of one is told,
   * and the next one's turn comes.
   *
   * @param check is asked of each file before it is written
   * @throws VmcoreException when the dump is closed, its file fails, or a file can't be written
   */
  public static Written write(
      Kernel kernel,
      Machine machine,
      ByteOrder order,
      Path folder,
      OutputFile.Options options,
      FileCheck check)
      throws VmcoreException {
    ModuleFiles files = new ModuleFiles(kernel, machine, order, options, check);
    List<LoadedModule> modules = kernel.modules().all();
    files.findings.addAll(kernel.modules().gaps());
    for (LoadedModule each : modules) {
      files.write(each, folder);
    }
    return new Written(files.written, List.copyOf(files.findings));
  }

  private void write(LoadedModule module, Path folder) throws VmcoreException {
    String name = fileName(module.name());
    if (module.size() > LARGEST) {
      tell(Severity.ERROR, module, Hex.of(module.size()) + " bytes: no module is that large");
      return;
    }
    if (!names.add(name)) {
      tell(Severity.WARNING, module, "there is another one of its name: left out");
      return;
    }
    ObjectFile file = new ObjectFile(machine, order);
    try {
      layOut(file, module);
    } catch (VmcoreException e) {
      tell(Severity.WARNING, module, e.reason());
      return;
    }
    Path target = folder.resolve(name);
    check.check(target);
    try (OutputFile out = OutputFile.create(target, options)) {
      missing(module, file.write(out));
      out.commit();
      written++;
    }
  }

  private void layOut(ObjectFile file, LoadedModule module) throws VmcoreException {
    List<ModuleSection> sections = ModuleSections.of(kernel.objects(), module);
    List<Symbol> symbols = kernel.symbols().ofModule(module.name());
    Optional<ModuleDwarf> dwarf = ModuleDwarf.of(kernel, module, symbols);
    if (dwarf.isPresent()) {
      findings.addAll(dwarf.get().sections().gaps());
    } else {
      tell(Severity.INFO, module, "it has no types of its own");
    }
    ModuleFile.layOut(file, machine, kernel.memory(), sections, symbols, dwarf);
  }

  private void missing(LoadedModule module, Missing missing) {
    if (missing.total() > 0) {
      boolean isLost = missing.lost() > 0;
      tell(
          isLost ? Severity.ERROR : Severity.WARNING,
          module,
          Hex.of(missing.total())
              + (isLost ? " bytes of it are lost" : " bytes of it aren't in the dump")
              + ": zeros in its file");
    }
  }

  private void tell(Severity severity, LoadedModule module, String what) {
    String message = "module " + module.name() + ": " + what;
    findings.add(new Finding(CHECK, severity, OptionalLong.empty(), message));
  }

  /** A name that leads nowhere else, and shows nothing but itself. */
  static String fileName(String module) {
    StringBuilder name = new StringBuilder(module);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isPlain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "_-+".indexOf(c) >= 0
              || (c == '.' && i > 0);
      name.setCharAt(i, isPlain ? c : '_');
    }
    return name + ".ko";
  }
}
