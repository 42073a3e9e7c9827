package org.vmcore.kernel.objects;

import static org.vmcore.testing.KernelDump.BASE;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.KernelDump;

/** A kernel whose types and memory a test writes, and what is asked of its objects. */
abstract class ObjectsKernel {
  static final long AT = BASE + 0x1000;

  @TempDir Path folder;
  KernelDump memory = new KernelDump();
  BtfBuilder types = new BtfBuilder();

  /** What is asked. */
  interface Question<T> {
    T ask(KernelObjects objects) throws Exception;
  }

  /** A kernel of the other byte order. */
  void bigEndian() {
    memory = new KernelDump(ElfClass.ELF64, ByteOrder.BIG_ENDIAN);
    types = new BtfBuilder(ByteOrder.BIG_ENDIAN);
  }

  <T> T ask(Question<T> question) throws Exception {
    Path btf = Files.write(folder.resolve("btf"), types.build());
    Path dump = memory.dump().writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump)) {
      return question.ask(Kernel.of(vmcore, Optional.empty(), Optional.of(btf)).objects());
    }
  }

  /** The number at {@code path} of the object of this type at {@link #AT}. */
  long number(String type, String path) throws Exception {
    return this.<Long>ask(objects -> objects.at(AT, type).number(path));
  }

  /** The text of a value there. */
  Value value(String type, String path) throws Exception {
    return this.<Value>ask(objects -> objects.at(AT, type).get(path).value());
  }
}
