package org.vmcore.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.KernelDump.BASE;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.testing.KernelDump;

class UtsNameTest {
  private static final long NAMESPACE = BASE + 0x9000;
  private static final UtsName NAME =
      new UtsName("Linux", "host", "6.1.0-test", "#1 SMP", "x86_64", "(none)");

  @TempDir Path folder;
  private final KernelDump dump = new KernelDump();

  @BeforeEach
  void symbol() {
    dump.infoSymbol("init_uts_ns", NAMESPACE);
  }

  private void names(int offset) {
    long name = NAMESPACE + offset;
    dump.text(name, "Linux").text(name + 65, "host").text(name + 130, "6.1.0-test");
    dump.text(name + 195, "#1 SMP").text(name + 260, "x86_64").text(name + 325, "(none)");
  }

  private UtsName read() throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.dump().writeTo(folder.resolve("vmcore")))) {
      return Kernel.of(vmcore).uts();
    }
  }

  @Test
  void namesAreWhereVmcoreinfoSays() throws Exception {
    names(12);
    dump.info("OFFSET(uts_namespace.name)=12");

    assertThat(read()).isEqualTo(NAME);
  }

  /** Not ended, no sysname, no release. */
  @ParameterizedTest
  @CsvSource({"64, 120", "0, 0", "130, 0"})
  void whatIsntANameIsRefused(int at, int value) {
    names(0);
    dump.info("OFFSET(uts_namespace.name)=0").u8(NAMESPACE + at, value);

    assertThatThrownBy(this::read)
        .hasMessageEndingWith(": init_uts_ns.name at 0x%x: no names", NAMESPACE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 8})
  void olderKernelsDontSayWhereTheyAre(int offset) throws Exception {
    names(offset);
    dump.u8(NAMESPACE + 2, offset == 0 ? 'n' : 2); // a reference count

    assertThat(read()).isEqualTo(NAME);
  }

  @Test
  void namesOfAnotherReleaseArentTheKernels() {
    names(4);
    dump.text(NAMESPACE + 4 + 130, "6.1.0-tesu");

    assertThatThrownBy(this::read)
        .hasMessageEndingWith(": init_uts_ns at 0x%x: no names of this kernel", NAMESPACE);
  }

  @Test
  void anotherSystemsNamesArentTheKernels() {
    names(4);
    dump.text(NAMESPACE + 4, "Linus");

    assertThatThrownBy(this::read).hasMessageEndingWith(": no names of this kernel");
  }

  @Test
  void withoutAReleaseAnyIsBelieved() throws Exception {
    names(4);
    dump.withoutInfo("OSRELEASE");

    assertThat(read()).isEqualTo(NAME);
  }
}
