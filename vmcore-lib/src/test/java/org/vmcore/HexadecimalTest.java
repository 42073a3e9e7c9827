package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;

/** Addresses are shown in hexadecimal, wherever something is printed. */
class HexadecimalTest {
  private static boolean isNumber(RecordComponent component) {
    return component.getType() == long.class
        || component.getType() == OptionalLong.class
        || (component.getType() == Map.class
            && component.getGenericType().toString().endsWith("java.lang.Long>"));
  }

  private static boolean isPlain(JavaClass record) {
    return record
        .tryGetMethod("toString")
        .map(method -> method.getMethodCallsFromSelf())
        .orElseThrow()
        .stream()
        .noneMatch(
            call ->
                call.getTargetOwner().getName().startsWith("org.vmcore.values.")
                    || call.getTarget().getName().equals("toHexString"));
  }

  private static boolean isPublic(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
  }

  @Test
  void noPublicRecordShowsItsNumbersAsRecordsDo() throws Exception {
    Path module =
        Path.of(System.getProperty("vmcore.root"), "vmcore-lib/src/main/java/module-info.java");
    List<String> exported =
        Pattern.compile("exports (org\\.vmcore[\\w.]*);")
            .matcher(Files.readString(module))
            .results()
            .map(match -> match.group(1))
            .toList();
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(exported);
    List<String> seen = new ArrayList<>();
    List<String> plain = new ArrayList<>();
    for (JavaClass each : classes) {
      if (!each.isRecord()
          || !exported.contains(each.getPackageName())
          || !isPublic(each.reflect())) {
        continue;
      }
      RecordComponent[] components = each.reflect().getRecordComponents();
      if (Arrays.stream(components).anyMatch(HexadecimalTest::isNumber)) {
        seen.add(each.getSimpleName());
        if (isPlain(each)) {
          plain.add(each.getName());
        }
      }
    }
    assertThat(seen).contains("Extent", "ProgramHeader", "Task", "OldMem");
    assertThat(plain).isEmpty();
  }

  @Test
  void addressesOffsetsAndSizesAreHexadecimalAndCountsAreNot() {
    assertThat(new Extent(0x1000, -0x1000, PageState.LOST))
        .hasToString("Extent[start=0x1000, size=0xfffffffffffff000, state=LOST]");
    assertThat(new PageRange(0x10, 20, PageState.PRESENT))
        .hasToString("PageRange[pfn=0x10, count=20, state=PRESENT]");
    assertThat(new Chunk.OldMem(0x2000, 0x3000, OptionalLong.empty(), 1))
        .hasToString("Chunk.OldMem[offset=0x2000, size=0x3000, source=-, segment=1]");
    assertThat(
            new Symbol("panic", 0xffff_ffff_8100_0000L, 'T', OptionalLong.of(16), Optional.empty()))
        .hasToString(
            "Symbol[name=panic, address=0xffffffff81000000, type=T, size=0x10,"
                + " module=Optional.empty]");
    assertThat(new ProgramHeader(1, 7, 0x1000, -1, 0x100000, 16, 16, 0).toString())
        .contains("vaddr=0xffffffffffffffff", "paddr=0x100000", "filesz=0x10");
  }
}
