package org.vmcore.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rooms of the command, bottom to top; each knows only those below it. */
class RoomsTest {
  private static final List<String> ROOMS =
      List.of(
          "org.vmcore.cli.output",
          "org.vmcore.cli.bytes",
          "org.vmcore.cli.help",
          "org.vmcore.cli.option",
          "org.vmcore.cli.several",
          "org.vmcore.cli.command",
          "org.vmcore.cli.note",
          "org.vmcore.cli.info",
          "org.vmcore.cli.kernel",
          "org.vmcore.cli.find",
          "org.vmcore.cli.map",
          "org.vmcore.cli.stack",
          "org.vmcore.cli.system",
          "org.vmcore.cli.type",
          "org.vmcore.cli.walk",
          "org.vmcore.cli.crash",
          "org.vmcore.cli.remoteproc",
          "org.vmcore.cli.coresight",
          "org.vmcore.cli.convert",
          "org.vmcore.cli.debuginfo",
          "org.vmcore.cli.gdb",
          "org.vmcore.cli.prepare",
          "org.vmcore.cli.manual",
          "org.vmcore.cli");

  /** More files than this in one folder are more than one looks through. */
  private static final long MOST = 25;

  private static JavaClasses classes = new ClassFileImporter().importClasses();

  @BeforeAll
  static void importTheCommand() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.vmcore.cli");
  }

  @Test
  void everyClassWasSeen() {
    assertThat(classes.contain(Main.class)).isTrue();
    assertThat(classes.contain(RoomsTest.class)).isFalse();
    assertThat(classes.get(Main.class).getDirectDependenciesFromSelf()).isNotEmpty();
  }

  @Test
  void eachRoomKnowsOnlyThoseBelowIt() {
    LayeredArchitecture rooms = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String room : ROOMS) {
      rooms = rooms.layer(room).definedBy(room);
    }
    for (int i = 0; i < ROOMS.size(); i++) {
      String[] above = ROOMS.subList(i + 1, ROOMS.size()).toArray(String[]::new);
      rooms =
          above.length == 0
              ? rooms.whereLayer(ROOMS.get(i)).mayNotBeAccessedByAnyLayer()
              : rooms.whereLayer(ROOMS.get(i)).mayOnlyBeAccessedByLayers(above);
    }
    rooms.check(classes);
  }

  @Test
  void noPackagesDependOnEachOtherInACircle() {
    slices().matching("org.vmcore.cli.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void everyPackageIsARoom() {
    assertThat(classes.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrderElementsOf(ROOMS);
  }

  @Test
  void noRoomIsCrowded() {
    assertThat(
            classes.stream()
                .filter(each -> each.isTopLevelClass())
                .collect(groupingBy(JavaClass::getPackageName, counting())))
        .allSatisfy((room, files) -> assertThat(files).as(room).isLessThanOrEqualTo(MOST));
  }
}
