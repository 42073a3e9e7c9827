package org.vmcore.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

/** Dumps of a kernel with kallsyms, and what is asked of its symbols. */
abstract class KallsymsKernel {
  static final long TEXT = BASE + 0x1000;

  @TempDir Path folder;

  /** What is asked of a kernel's symbols. */
  interface Question<T> {
    T ask(Kernel kernel) throws VmcoreException;
  }

  <T> T ask(DumpBuilder dump, Question<T> question) throws Exception {
    return ask(dump, Optional.empty(), question);
  }

  <T> T ask(DumpBuilder dump, Optional<Path> systemMap, Question<T> question) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return question.ask(Kernel.of(vmcore, systemMap, Optional.empty()));
    }
  }

  List<Symbol> find(DumpBuilder dump, String pattern) throws Exception {
    return find(dump, Optional.empty(), pattern);
  }

  List<Symbol> find(DumpBuilder dump, Optional<Path> systemMap, String pattern) throws Exception {
    return ask(dump, systemMap, kernel -> kernel.symbols().find(pattern));
  }

  Optional<Symbol> first(DumpBuilder dump, String name) throws Exception {
    return ask(dump, kernel -> kernel.symbols().first(name));
  }

  Optional<Symbol> nearest(DumpBuilder dump, long address) throws Exception {
    return nearest(dump, Optional.empty(), address);
  }

  Optional<Symbol> nearest(DumpBuilder dump, Optional<Path> systemMap, long address)
      throws Exception {
    return ask(dump, systemMap, kernel -> kernel.symbols().nearest(address));
  }

  OptionalInt count(DumpBuilder dump, Optional<Path> systemMap) throws Exception {
    return ask(dump, systemMap, kernel -> kernel.symbols().count());
  }

  static KallsymsBytes table(Scheme scheme) {
    return new KallsymsBytes(scheme)
        .add(TEXT, 'T', "_stext")
        .add(TEXT + 0x10, 'T', "panic")
        .add(TEXT + 0x10, 't', "panic_alias")
        .add(TEXT + 0x40, 't', "sys_read")
        .add(BASE + 0x5000, 'D', "init_task")
        .add(BASE + 0x6000, 'B', "_end");
  }

  static KernelDump kernel(KallsymsBytes table) {
    return table.writeTo(new KernelDump().infoSymbol("_stext", TEXT));
  }

  static Symbol symbol(String name, long address, char type) {
    return Symbol.ofKernel(name, address, type);
  }

  List<String> gaps(KernelDump dump) throws Exception {
    return findings(dump).stream().map(Finding::message).toList();
  }

  List<Finding> findings(KernelDump dump) throws Exception {
    return ask(
        dump.dump(),
        kernel -> {
          assertThat(kernel.symbols().find("panic")).isEmpty();
          return kernel.symbols().gaps();
        });
  }

  static final String NO_MODULES = "the kernel's list of modules isn't found";

  Path map(String... lines) throws Exception {
    return Files.write(folder.resolve("System.map"), List.of(lines));
  }
}
