package org.vmcore;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.lang.foreign.MemorySegment;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.arch.paging.Paging;
import org.vmcore.io.Cursor;
import org.vmcore.values.Bytes;

/**
 * The rooms of the library, bottom to top; each knows only those below it (ARCHITECTURE.md, The
 * rooms).
 */
class RoomsTest {
  private static final List<String> ROOMS =
      List.of(
          "values",
          "memory",
          "codec",
          "host",
          "http",
          "io",
          "elf",
          "elf.bytes",
          "open",
          "envelope.packed",
          "envelope",
          "output",
          "extract",
          "fdt",
          "mapping",
          "arch.frames",
          "arch.paging",
          "arch",
          "oldmem",
          "scan",
          "dump",
          "search",
          "format.foreign",
          "format.raw",
          "format.lime",
          "format.s390",
          "format.oldmem",
          "format.elf",
          "format.kdump",
          "format",
          "segments",
          "image",
          "prepare",
          "verify",
          "remoteproc",
          "",
          "remoteproc.collect",
          "mmu.walk",
          "mmu",
          "kernel.reading",
          "kernel.oops",
          "kernel.log",
          "kernel.names",
          "kernel.exports",
          "kernel.symbols",
          "kernel.types",
          "kernel.declaration",
          "kernel.btf",
          "kernel.objects",
          "kernel.walks",
          "kernel.system",
          "kernel.tasks",
          "kernel.modules",
          "kernel.unwind",
          "kernel.stacks",
          "kernel.crash",
          "kernel",
          "coresight",
          "remoteproc.kernel",
          "convert.pack",
          "find",
          "convert.pages",
          "convert.essential",
          "convert.level",
          "convert.filter",
          "convert.kdump",
          "convert.elf",
          "convert",
          "debuginfo.terms",
          "debuginfo.layout",
          "debuginfo.globals",
          "debuginfo.dwarf",
          "debuginfo.elf",
          "debuginfo.modules",
          "debuginfo",
          "gdb",
          "gdb.core",
          "gdb.remote");

  /** The most files of one room. */
  private static final long MOST = 25;

  /** The one room that has more: all of one on-disk format is to be found in it. */
  private static final String CROWDED = "format.kdump";

  private static JavaClasses classes = new ClassFileImporter().importClasses();

  @BeforeAll
  static void importTheLibrary() {
    String vmcore = String.valueOf(Vmcore.class.getResource("/org/vmcore/Vmcore.class"));
    classes =
        new ClassFileImporter()
            .importUrl(location(vmcore.substring(0, vmcore.length() - "Vmcore.class".length())));
  }

  private static URL location(String url) {
    try {
      return URI.create(url).toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  private static String packageOf(String room) {
    return room.isEmpty() ? "org.vmcore" : "org.vmcore." + room;
  }

  @Test
  void everyClassWasSeen() {
    assertThat(classes.contain(Vmcore.class)).isTrue();
    assertThat(classes.contain(Cursor.class)).isTrue();
    assertThat(classes.get(Vmcore.class).getDirectDependenciesFromSelf()).isNotEmpty();
  }

  @Test
  void eachRoomKnowsOnlyThoseBelowIt() {
    LayeredArchitecture rooms = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String room : ROOMS) {
      rooms = rooms.layer(packageOf(room)).definedBy(packageOf(room));
    }
    for (int i = 0; i < ROOMS.size(); i++) {
      String room = packageOf(ROOMS.get(i));
      String[] above =
          ROOMS.subList(i + 1, ROOMS.size()).stream()
              .map(RoomsTest::packageOf)
              .toArray(String[]::new);
      rooms =
          above.length == 0
              ? rooms.whereLayer(room).mayNotBeAccessedByAnyLayer()
              : rooms.whereLayer(room).mayOnlyBeAccessedByLayers(above);
    }
    rooms.check(classes);
  }

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    slices().matching("org.vmcore.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void architecturesAreComparedInTheirOwnRoomAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.vmcore.arch..")
        .should()
        .dependOnClassesThat(
            assignableTo(Paging.class)
                .or(assignableTo(Architecture.class))
                .and(not(equivalentTo(Paging.class)))
                .and(not(equivalentTo(Architecture.class)))
                .and(not(equivalentTo(PreparedArchitecture.class))))
        .check(classes);
  }

  /** What {@link Bytes} says of the JIT. */
  @Test
  void segmentsAreCopiedByLayout() {
    noClasses()
        .should()
        .callMethod(
            MemorySegment.class,
            "copy",
            MemorySegment.class,
            long.class,
            MemorySegment.class,
            long.class,
            long.class)
        .orShould()
        .callMethod(MemorySegment.class, "copyFrom", MemorySegment.class)
        .check(classes);
  }

  @Test
  void everyPackageIsARoom() {
    assertThat(classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(ROOMS.stream().map(RoomsTest::packageOf).toList());
  }

  @Test
  void noRoomIsCrowded() {
    assertThat(
            classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(each -> !each.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting())))
        .allSatisfy(
            (room, files) -> {
              if (!room.equals(packageOf(CROWDED))) {
                assertThat(files).as(room).isLessThanOrEqualTo(MOST);
              }
            });
  }
}
