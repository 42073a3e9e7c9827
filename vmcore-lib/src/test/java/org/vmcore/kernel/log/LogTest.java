package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KernelDump;

/** Reads the log of a kernel whose memory is filled by hand. */
abstract class LogTest {
  static final long SECOND = 1_000_000_000L;

  @TempDir Path folder;
  KernelDump dump = new KernelDump();
  final List<LogRecord> records = new ArrayList<>();
  List<Finding> gaps = List.of();

  final void read(DumpBuilder file) throws Exception {
    try (Vmcore vmcore = Vmcore.open(file.writeTo(folder.resolve("vmcore")))) {
      gaps = Kernel.of(vmcore).log().records(records::add);
    }
  }

  final List<String> texts() throws Exception {
    read(dump.dump());
    return records.stream().map(each -> new String(each.text(), StandardCharsets.UTF_8)).toList();
  }

  final void hasGap(Finding.Severity severity, String message) {
    assertThat(gaps)
        .extracting(Finding::severity, Finding::message)
        .containsExactly(tuple(severity, message));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  final void isNeeded(String field) {
    dump.withoutInfo(field);
    assertThatThrownBy(this::texts).hasMessageEndingWith(": VMCOREINFO doesn't tell of " + field);
    for (String value : List.of("65537", "-1")) {
      dump.withoutInfo(field).info(field + "=" + value);
      assertThatThrownBy(this::texts)
          .hasMessageContaining(": VMCOREINFO: " + field + "=" + value + ": not from ");
    }
  }

  static List<Arguments> machines() {
    return List.of(
        Arguments.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN),
        Arguments.of(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN),
        Arguments.of(ElfClass.ELF32, ByteOrder.BIG_ENDIAN));
  }
}
