package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.VmcoreAssertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.vmcore.Vmcore;
import org.vmcore.convert.PageCompression;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;

/** Dumps that are opened for tests, and closed behind them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VmcoreFileTest {
  private static final FileSystem MEMORY = Jimfs.newFileSystem(Configuration.unix());

  /** What the first test had. */
  private static final List<Vmcore> EARLIER = new ArrayList<>();

  private static final List<Path> FILES = new ArrayList<>();

  @VmcoreFile(builder = "elf")
  private static Vmcore shared;

  @VmcoreFile(builder = "kdump")
  private Vmcore own;

  private final long base = 0x1000;

  private static DumpBuilder elf() {
    return DumpBuilder.elf64().padding(0x55).load(0x1800, 0x1800);
  }

  KdumpBuilder kdump() {
    return KdumpBuilder.le64().page(base >> 12, PageCompression.SNAPPY);
  }

  static byte[] bytes() {
    return elf().build();
  }

  static Path inMemory() throws IOException {
    return elf().writeTo(MEMORY.getPath("/vmcore"));
  }

  static Vmcore opened() throws IOException {
    return Vmcore.of(
        "opened", elf().ramImage().crashHeaders(), LossyMemory.of(0x4000), OpenOptions.DEFAULT);
  }

  static String wrong() {
    return "";
  }

  static DumpBuilder fails() throws IOException {
    throw new IOException("nothing to be had");
  }

  @AfterAll
  static void nothingIsLeft() throws IOException {
    MEMORY.close();
    assertThat(FILES).isNotEmpty().noneMatch(Files::exists);
  }

  @Test
  @Order(1)
  void fieldsAndParametersAreOpen(
      @VmcoreFile(builder = "bytes") Vmcore vmcore, @VmcoreFile(builder = "elf") Path file) {
    assertThat(vmcore).isSameImageAs(shared);
    assertThat(own).hasFormat("kdump").hasPage(1).present();
    assertThat(file).hasBinaryContent(bytes());
    EARLIER.addAll(List.of(shared, own, vmcore));
    FILES.add(file);
    FILES.add(Path.of(vmcore.name()));
  }

  @Test
  @Order(2)
  void onlyAStaticFieldsDumpIsStillOpen() throws IOException {
    assertThat(shared).isSameAs(EARLIER.getFirst());
    assertThat(shared.physical().readBytes(0x1800, 1)).hasSize(1);
    for (Vmcore closed : EARLIER.subList(1, 3)) {
      assertThatThrownBy(closed::vmcoreInfo)
          .isInstanceOf(VmcoreException.class)
          .hasMessageEndingWith("the dump is closed");
    }
    assertThat(FILES).noneMatch(Files::exists);
    assertThat(own).hasPage(1).present();
  }

  @Test
  @Order(3)
  void anyFileSystemAndAnOpenDumpWillDo(
      @VmcoreFile(builder = "inMemory") Vmcore inMemory,
      @VmcoreFile(builder = "org.vmcore.testing.VmcoreFileTest#opened") Vmcore opened) {
    assertThat(inMemory.name()).isEqualTo("/vmcore");
    assertThat(inMemory).isSameImageAs(shared);
    assertThat(opened).hasFormat("oldmem");
  }

  @Test
  void paddingIsAsked(@VmcoreFile(builder = "elf", padding = Padding.OLDMEM) Vmcore padded)
      throws IOException {
    assertThat(shared.readBytes(0x1000, 1)).containsExactly(0);
    assertThat(padded.readBytes(0x1000, 1)).containsExactly(0x55);
  }

  @Nested
  class Inside {
    @VmcoreFile(builder = "org.vmcore.testing.VmcoreFileTest#elf")
    private Vmcore inner;

    @Test
    void aNestedClassHasItsOwnAndTheOuterOnes() {
      assertThat(inner).isSameImageAs(shared);
      assertThat(own).hasFormat("kdump");
    }
  }

  private static OpenedFile open(String parameter) throws Exception {
    VmcoreFile file =
        Annotated.class
            .getDeclaredMethod(parameter, Vmcore.class)
            .getParameters()[0]
            .getAnnotation(VmcoreFile.class);
    return OpenedFile.of(file, VmcoreFileTest.class, null);
  }

  /** Mistakes, and files. */
  @SuppressWarnings("unused")
  private interface Annotated {
    void nothing(@VmcoreFile Vmcore vmcore);

    void both(@VmcoreFile(value = "x", builder = "elf") Vmcore vmcore);

    void unknown(@VmcoreFile(builder = "none") Vmcore vmcore);

    void ofInstance(@VmcoreFile(builder = "kdump") Vmcore vmcore);

    void wrong(@VmcoreFile(builder = "wrong") Vmcore vmcore);

    void fails(@VmcoreFile(builder = "fails") Vmcore vmcore);

    void absent(@VmcoreFile("no such file") Vmcore vmcore);

    void resource(@VmcoreFile("VmcoreFileTest.class") Vmcore vmcore);
  }

  @Test
  void mistakesAreTold() {
    assertThatThrownBy(() -> open("nothing")).hasMessageContaining("a file, or a builder");
    assertThatThrownBy(() -> open("both")).hasMessageContaining("one of the two");
    assertThatThrownBy(() -> open("unknown"))
        .hasMessageContaining("VmcoreFileTest has no method none()");
    assertThatThrownBy(() -> open("ofInstance")).hasMessageEndingWith("kdump() must be static");
    assertThatThrownBy(() -> open("wrong")).hasMessageContaining("gives a java.lang.String");
    assertThatThrownBy(() -> open("fails")).hasMessage("nothing to be had");
    assertThatThrownBy(() -> open("absent").as(Vmcore.class)).isInstanceOf(VmcoreException.class);
    assertThatThrownBy(() -> open("absent").as(String.class))
        .isInstanceOf(ExtensionConfigurationException.class)
        .hasMessageContaining("can't be a java.lang.String");
  }

  @Test
  void resourcesAreFound() throws Exception {
    try (OpenedFile opened = open("resource")) {
      assertThat((Path) opened.as(Path.class)).isRegularFile();
      assertThatThrownBy(() -> opened.as(Vmcore.class)).isInstanceOf(VmcoreException.class);
    }
  }
}
