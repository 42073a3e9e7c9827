package org.vmcore.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.BytesMemory;
import org.vmcore.open.Search;
import org.vmcore.scan.SearchBudget;

/**
 * The modules of 32-bit kernels: struct module with a list of 8 bytes at 4 and 60 bytes of name at
 * 12, struct mod_kallsyms of 16 bytes, Elf32_Sym of 16 bytes.
 */
class Modules32Test {
  private static final int BASE = 0xbf00_0000;
  private static final int HEAD = BASE + 0x10;
  private static final int MODULE = BASE + 0x1000;
  private static final int KALLSYMS = 0xd4;

  private final ByteBuffer memory = ByteBuffer.allocate(0x4000);

  private static long unsigned(int address) {
    return Integer.toUnsignedLong(address);
  }

  private void words(int address, int... values) {
    for (int i = 0; i < values.length; i++) {
      memory.putInt(address - BASE + 4 * i, values[i]);
    }
  }

  private void text(int address, String text) {
    memory.put(address - BASE, text.getBytes(StandardCharsets.US_ASCII));
  }

  private void symbol(int address, int name, int value, int size, int section) {
    words(address, name, value, size);
    memory.putShort(address - BASE + 14, (short) section);
  }

  private KernelReader kernel(ByteOrder order) {
    memory.order(order);
    words(HEAD, MODULE + 4, MODULE + 4);
    words(MODULE, 0, HEAD, HEAD);
    text(MODULE + 12, "virtio");
    int table = MODULE + KALLSYMS + 4;
    words(MODULE + KALLSYMS, table, BASE + 0x2000, 3, BASE + 0x3000, BASE + 0x3800);
    symbol(BASE + 0x2010, 1, BASE + 0x3c00, 0x80, 1);
    symbol(BASE + 0x2020, 0x20, BASE + 0x3d00, 0x10, 0);
    text(BASE + 0x3001, "virtio_init");
    text(BASE + 0x3020, "undefined");
    text(BASE + 0x3801, "tU");
    return new KernelReader(
        "dump", BytesMemory.at(unsigned(BASE), memory.array()), order, Integer.SIZE);
  }

  private static List<Symbol> symbols(KernelReader in) throws VmcoreException {
    List<KernelModule> modules = ModuleList.of(in, unsigned(HEAD)).modules();
    assertThat(modules).containsExactly(new KernelModule("virtio", unsigned(MODULE), 0));
    ModuleSymbols symbols = ModuleTables.of(in, modules).read(modules.getFirst());
    List<Symbol> found = new ArrayList<>();
    symbols.find(NamePattern.ANY, found::add);
    assertThat(symbols.count()).isEqualTo(3);
    return found;
  }

  private static SearchBudget budget() {
    return SearchBudget.of(Search.DEFAULT, "modules", 0x1000);
  }

  private static Symbol init(char type, OptionalLong size) {
    return new Symbol("virtio_init", unsigned(BASE + 0x3c00), type, size, Optional.of("virtio"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theirSymbolsAreRead(boolean isBig) throws VmcoreException {
    KernelReader in = kernel(isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    assertThat(symbols(in)).containsExactly(init('t', OptionalLong.of(0x80)));
  }

  @Test
  void typesMayStandInTheSymbols() throws VmcoreException {
    KernelReader in = kernel(ByteOrder.LITTLE_ENDIAN);
    memory.put(0x2000 + 12, (byte) 'U').put(0x2010 + 12, (byte) 'r');
    assertThat(symbols(reader())).containsExactly(init('r', OptionalLong.of(0x80)));
    memory.put(0x2000 + 12, (byte) 0).putInt(0x2000 + 8, 'U').putInt(0x2010 + 8, 'r');
    assertThat(symbols(reader())).containsExactly(init('r', OptionalLong.empty()));
    assertThat(in.wordSize()).isEqualTo(4);
  }

  private KernelReader reader() {
    return new KernelReader(
        "dump", BytesMemory.at(unsigned(BASE), memory.array()), memory.order(), Integer.SIZE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theListIsSearchedFor(boolean isBig) throws VmcoreException {
    KernelReader in = kernel(isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    List<AddressRange> image = List.of(AddressRange.ofSize(unsigned(BASE), 0x1000));
    assertThat(ModuleSearch.search(in, budget(), image)).hasValue(unsigned(HEAD));
    words(MODULE + 8, MODULE);
    assertThat(ModuleSearch.search(reader(), budget(), image)).isEmpty();
  }
}
