package org.vmcore.kernel.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.KernelDump.BASE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.types.Types;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.KernelDump;

/** Where a kernel's types are from. */
class KernelTypesTest {
  private static final long TABLE = BASE + 0x10_0000;
  private static final long LIST = BASE + 0x1000;

  @TempDir Path folder;
  private final KernelDump memory = new KernelDump().infoSymbol("_stext", BASE);
  private final BtfBuilder types = new BtfBuilder();

  private interface Question<T> {
    T ask(Types types) throws Exception;
  }

  private <T> T ask(Question<T> question) throws Exception {
    return ask(Optional.empty(), question);
  }

  private <T> T ask(Optional<Path> btf, Question<T> question) throws Exception {
    Path dump = memory.dump().writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump)) {
      return question.ask(Kernel.of(vmcore, Optional.empty(), btf).types());
    }
  }

  private void inMemory() {
    memory.bytes(TABLE, types.build()).infoSymbol("__start_BTF", TABLE);
  }

  @Test
  void inMemoryBySymbol() throws Exception {
    types.struct("task_struct", 24).member("pid", types.signed("int", 4), 16).end();
    inMemory();

    assertThat(this.<Types.Origin>ask(Types::origin)).isEqualTo(Types.Origin.MEMORY);
    assertThat(this.<Long>ask(all -> all.field("task_struct", "pid").orElseThrow().offset()))
        .isEqualTo(16);
    assertThat(this.<Boolean>ask(all -> all.gaps().isEmpty())).isTrue();
  }

  @Test
  void inMemoryByItsHeader() throws Exception {
    types.struct("task_struct", 24).end();
    for (int i = 0; i < 300; i++) {
      types.struct("s" + i + "x".repeat(900), 1).end(); // small tables are others'
    }
    memory.bytes(TABLE, types.build());

    assertThat(this.<Long>ask(all -> all.find("task_struct").orElseThrow().size())).isEqualTo(24);
    assertThat(this.<Types.Origin>ask(Types::origin)).isEqualTo(Types.Origin.MEMORY);
  }

  @Test
  void aTableThatIsCutOffSaysSo() throws Exception {
    types.struct("one", 1).end();
    types.raw(0, 31 << 24, 0);
    inMemory();

    assertThat(this.<Long>ask(all -> all.find("one").orElseThrow().size())).isEqualTo(1);
    assertThat(this.<Finding>ask(all -> all.gaps().getFirst()))
        .returns(Finding.Severity.ERROR, Finding::severity)
        .returns(
            "BTF of the kernel: type 2 of kind 31, which isn't known; types from there on are"
                + " missing",
            Finding::message);
  }

  @Test
  void aTableThatIsntInTheDump() throws Exception {
    types.struct("one", 1).end();
    inMemory();
    memory.excludedFrom(TABLE + 8);

    assertThat(this.<Types.Origin>ask(Types::origin)).isEqualTo(Types.Origin.VMCOREINFO);
    assertThat(this.<Finding>ask(all -> all.gaps().getFirst()))
        .returns(Finding.Severity.WARNING, Finding::severity)
        .returns(
            "BTF: __start_BTF at 0xffffffff81100008: excluded from the dump", Finding::message);
    memory.excludedFrom(BASE + KernelDump.SIZE).lostFrom(TABLE + 8);
    assertThat(this.<Finding>ask(all -> all.gaps().getFirst()))
        .returns(Finding.Severity.ERROR, Finding::severity)
        .returns("BTF: __start_BTF at 0xffffffff81100008: lost", Finding::message);
  }

  @Test
  void aTableThatIsntFoundIsAnErrorOnlyWhereTheImageIsLost() throws Exception {
    String missing =
        "no BTF in the kernel's image: BTF, the kernel's table of its types isn't found";
    assertThat(this.<Finding>ask(all -> all.gaps().getFirst()))
        .returns(Finding.Severity.WARNING, Finding::severity)
        .returns(missing, Finding::message);
    memory.lostFrom(TABLE);
    assertThat(this.<Finding>ask(all -> all.gaps().getFirst()))
        .returns(Finding.Severity.ERROR, Finding::severity)
        .returns(missing + ": a part of the kernel's image is lost", Finding::message);
  }

  @Test
  void lostTypesOfModulesAreAnError() throws Exception {
    long far = TABLE + 0x1_0000;
    int word = types.unsigned("long unsigned int", 8);
    int list = types.struct("list_head", 16).member("next", word, 0).end();
    types.struct("btf_module", 40).member("list", list, 0).member("btf", word, 24).end();
    inMemory();
    memory.infoSymbol("btf_modules", far).u64(far, far + 0x100).lostFrom(far + 0x100);

    assertThat(this.<Boolean>ask(all -> all.find("fx_state").isPresent())).isFalse();
    assertThat(
            this.<List<Finding>>ask(
                all -> {
                  assertThat(all.modules()).isEmpty();
                  return all.gaps();
                }))
        .extracting(Finding::severity)
        .containsExactly(Finding.Severity.ERROR, Finding.Severity.ERROR);
  }

  @Test
  void modulesHaveTypesOfTheirOwn() throws Exception {
    int word = types.unsigned("long unsigned int", 8);
    int number = types.unsigned("unsigned int", 4);
    int list = types.struct("list_head", 16).member("next", word, 0).end();
    types.struct("btf_module", 40).member("list", list, 0).member("btf", word, 24).end();
    types
        .struct("btf", 64)
        .member("data", word, 0)
        .member("data_size", number, 8)
        .member("start_id", number, 12)
        .member("name", types.array(types.signed("char", 1), 16), 16)
        .end();
    BtfBuilder module = new BtfBuilder(types).headerSize(32);
    module.struct("fx_state", 160).member("magic", word, 0).end();
    byte[] bytes = module.build();
    inMemory();
    memory.infoSymbol("btf_modules", LIST).u64(LIST, LIST + 0x100).u64(LIST + 0x100, LIST);
    memory.u64(LIST + 0x118, LIST + 0x200).u64(LIST + 0x200, LIST + 0x300);
    memory.u32(LIST + 0x208, bytes.length).u32(LIST + 0x20c, types.nextId());
    memory.text(LIST + 0x210, "fxcrash").bytes(LIST + 0x300, bytes);

    assertThat(this.<Long>ask(all -> all.find("fx_state").orElseThrow().size())).isEqualTo(160);
    assertThat(this.<Boolean>ask(all -> all.find("fx_state", "fxcrash").isPresent())).isTrue();
    assertThat(this.<Boolean>ask(all -> all.find("list_head", "fxcrash").isPresent())).isFalse();
    assertThat(this.<List<String>>ask(Types::modules)).containsExactly("fxcrash");

    memory.u64(LIST + 0x100, LIST + 0x100); // the list no longer leads back
    assertThat(
            this.<String>ask(
                all -> {
                  assertThat(all.find("fx_state")).isPresent();
                  return all.gaps().getFirst().message();
                }))
        .contains("leads into itself");
  }

  @Test
  void inAFile() throws Exception {
    types.struct("other", 5).end();
    Path file = Files.write(folder.resolve("vmlinux.btf"), types.build());

    assertThat(this.<Long>ask(Optional.of(file), all -> all.find("other").orElseThrow().size()))
        .isEqualTo(5);
    assertThat(this.<Types.Origin>ask(Optional.of(file), Types::origin))
        .isEqualTo(Types.Origin.FILE);
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64})
  void inASectionOfAnElfFile(int bits) throws Exception {
    types.struct("other", 5).end();
    Path file = Files.write(folder.resolve("vmlinux"), elf(bits, types.build(), Optional.empty()));

    assertThat(this.<Long>ask(Optional.of(file), all -> all.find("other").orElseThrow().size()))
        .isEqualTo(5);
  }

  @Test
  void inAModuleWithTheTableItIsSplitFrom() throws Exception {
    int number = types.signed("int", 4);
    BtfBuilder module = new BtfBuilder(types);
    module.struct("fx_state", 8).member("x", number, 4).end();
    byte[] elf = elf(64, module.build(), Optional.of(types.build()));
    Path file = Files.write(folder.resolve("fx-crash.ko"), elf);

    assertThat(
            this.<String>ask(
                Optional.of(file), all -> all.field("fx_state", "x").orElseThrow().type().name()))
        .isEqualTo("int");
    assertThat(this.<List<String>>ask(Optional.of(file), Types::modules))
        .containsExactly("fx_crash");
  }

  @Test
  void aModulesFileIsSplitFromTheMemorysTable() throws Exception {
    int number = types.signed("int", 4);
    inMemory();
    BtfBuilder module = new BtfBuilder(types);
    module.struct("fx_state", 8).member("x", number, 4).end();
    Path file = Files.write(folder.resolve("fxcrash.btf"), module.build());

    assertThat(
            this.<String>ask(
                Optional.of(file), all -> all.field("fx_state", "x").orElseThrow().type().name()))
        .isEqualTo("int");
    memory.withoutInfo("SYMBOL(__start_BTF)").bytes(TABLE, new byte[64]);
    assertThatThrownBy(() -> this.<Object>ask(Optional.of(file), all -> all.find("fx_state")))
        .isInstanceOf(VmcoreException.class)
        .hasMessageEndingWith("BTF of a module, and there is none of the kernel");
  }

  @Test
  void filesThatHaveNone() throws Exception {
    types.struct("other", 5).end();
    byte[] elf = elf(64, types.build(), Optional.empty());
    for (int size : new int[] {0, 3, 63, 64, elf.length - 1}) {
      Path file = Files.write(folder.resolve("cut" + size), Arrays.copyOf(elf, size));
      assertThatThrownBy(() -> this.<Object>ask(Optional.of(file), all -> all.find("other")))
          .as("%d bytes", size)
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining(file.toString());
    }
    Path text = Files.writeString(folder.resolve("text"), "x".repeat(100));
    assertThatThrownBy(() -> this.<Object>ask(Optional.of(text), all -> all.find("other")))
        .hasMessageEndingWith("neither BTF nor an ELF file with a section .BTF");
  }

  @Test
  void namesThatAreNear() throws Exception {
    types.struct("task_struct", 1).end();
    types.struct("tss_struct", 1).end();
    types.struct("mm_struct", 1).end();
    inMemory();

    assertThat(this.<List<String>>ask(all -> all.near("task_stuct")))
        .first()
        .isEqualTo("task_struct");
    assertThat(this.<List<String>>ask(all -> all.near("struct mm_struc")))
        .first()
        .isEqualTo("mm_struct");
    assertThat(this.<List<String>>ask(all -> all.near("xyzzy"))).isEmpty();
  }

  /** An ELF file with a section .BTF and, it may be, .BTF.base. */
  private static byte[] elf(int bits, byte[] types, Optional<byte[]> base) {
    byte[] names = "\0.BTF\0.BTF.base\0".getBytes(StandardCharsets.US_ASCII);
    int header = bits == 64 ? 64 : 52;
    int entry = bits == 64 ? 64 : 40;
    byte[] second = base.orElse(new byte[0]);
    int count = base.isPresent() ? 4 : 3;
    int at = header + entry * count;
    ByteBuffer elf =
        ByteBuffer.allocate(at + names.length + types.length + second.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (bits / 32), 1, 1});
    elf.putShort(16, (short) 2).putShort(18, (short) (bits == 64 ? 62 : 3)).putInt(20, 1);
    if (bits == 64) {
      elf.putLong(40, header);
    } else {
      elf.putInt(32, header);
    }
    int fields = bits == 64 ? 52 : 40;
    elf.putShort(fields, (short) header).putShort(fields + 6, (short) entry);
    elf.putShort(fields + 8, (short) count).putShort(fields + 10, (short) 1);
    section(elf, header + entry, bits, 0, at, names.length);
    section(elf, header + 2 * entry, bits, 1, at + names.length, types.length);
    if (base.isPresent()) {
      int from = at + names.length + types.length;
      section(elf, header + 3 * entry, bits, 6, from, second.length);
    }
    elf.position(at);
    return elf.put(names).put(types).put(second).array();
  }

  private static void section(ByteBuffer elf, int at, int bits, int name, int from, int size) {
    elf.putInt(at, name).putInt(at + 4, 1);
    if (bits == 64) {
      elf.putLong(at + 24, from).putLong(at + 32, size);
    } else {
      elf.putInt(at + 16, from).putInt(at + 20, size);
    }
  }
}
