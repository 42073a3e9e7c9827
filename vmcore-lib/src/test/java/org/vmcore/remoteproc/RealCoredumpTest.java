package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.elf.ElfClass;
import org.vmcore.testing.Reading;
import org.vmcore.testing.RealDumps;

/**
 * Coredumps that kernels made, made again from what is known of their segments: every byte, and
 * what each read(2) returned.
 */
class RealCoredumpTest {
  private static final String TRUTH = "arm-rproc/truth/";
  private static final long BOOT_ADDRESS = 0x10000040;

  /** What of the segment "part" is mapped. */
  private static final int PART_MAPPED = 9029;

  /** Memory that is mapped, and that no read showed. */
  private static final byte UNSEEN = 0x11;

  private record Part(String name, long da, int offset, int size, boolean isUnmapped) {}

  /** What rproc.json says of a file. */
  private record Truth(int elfClass, int machine, List<Part> parts) {
    static Truth of(String file) throws IOException {
      String all = Files.readString(path("rproc.json"));
      int start = all.indexOf('"' + file + "\": {");
      assertThat(start).as(file).isNotNegative();
      String one = all.substring(start, all.indexOf("\n }", start));
      List<Part> parts = new ArrayList<>();
      Matcher part =
          Pattern.compile(
                  "\"name\": \"(.*)\",\\s+\"da\": (\\d+),\\s+\"offset\": (\\d+),\\s+\"size\": (\\d+),"
                      + "\\s+\"sha256\": \".*\",\\s+\"ff\": (true|false)")
              .matcher(one);
      while (part.find()) {
        parts.add(
            new Part(
                part.group(1).replace("\\u00e9", "é"),
                Long.parseLong(part.group(2)),
                Integer.parseInt(part.group(3)),
                Integer.parseInt(part.group(4)),
                part.group(5).equals("true")));
      }
      return new Truth(number(one, "elf_class"), number(one, "machine"), parts);
    }

    private static int number(String text, String field) {
      Matcher number = Pattern.compile("\"" + field + "\": (\\d+)").matcher(text);
      assertThat(number.find()).as(field).isTrue();
      return Integer.parseInt(number.group(1));
    }
  }

  private static Path path(String file) {
    return RealDumps.file(TRUTH + file);
  }

  private static byte[] bytes(String file) throws IOException {
    return Files.readAllBytes(path(file));
  }

  /** The core of {@code file}, its memory put together from the bytes of that file. */
  private static RemoteprocCoredump core(String file) throws IOException {
    Truth truth = Truth.of(file);
    byte[] bytes = bytes(file);
    boolean isNarrow = truth.elfClass() == ElfClass.ELF32.code();
    Carveouts carveouts = new Carveouts();
    RemoteprocCoredump.Builder core =
        RemoteprocCoredump.builder(file)
            .elfClass(isNarrow ? ElfClass.ELF32 : ElfClass.ELF64)
            .machine(truth.machine())
            .entry(BOOT_ADDRESS)
            .memory(carveouts);
    if (file.contains("sections")) {
      core.sections();
    }
    assertThat(truth.parts()).hasSizeGreaterThan(3);
    for (Part part : truth.parts()) {
      // the kernel cuts device addresses off; here they are refused, so it is given cut off
      long da = isNarrow ? part.da() & 0xffffffffL : part.da();
      byte[] own = Arrays.copyOfRange(bytes, part.offset(), part.offset() + part.size());
      if (part.name().equals("custom")) {
        core.segment(DumpSegment.custom(da, part.size(), Cores.callback(own)).named(part.name()));
        continue;
      }
      core.segment(DumpSegment.of(da, part.size()).named(part.name()));
      if (part.name().equals("part")) {
        carveouts.add(da, MemorySegment.ofArray(partlyMapped(file, part)));
      } else if (!part.isUnmapped()) {
        carveouts.add(da, MemorySegment.ofArray(own));
      }
    }
    return core.build();
  }

  /** The mapped bytes of "part": reads of 100 bytes saw most of them, in inline dumps. */
  private static byte[] partlyMapped(String file, Part part) throws IOException {
    byte[] mapped = new byte[PART_MAPPED];
    if (file.contains("-inline")) {
      System.arraycopy(bytes(file + ".dd100"), part.offset(), mapped, 0, PART_MAPPED);
      for (int i = PART_MAPPED - 1; mapped[i] == (byte) 0xff; i--) {
        mapped[i] = UNSEEN;
      }
    } else {
      Arrays.fill(mapped, UNSEEN);
    }
    return mapped;
  }

  private static CoredumpMode mode(String file) {
    return file.contains("-inline") || file.contains("-stall")
        ? CoredumpMode.INLINE
        : CoredumpMode.ENABLED;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rproc-enabled.elf",
        "rproc-inline.elf",
        "rproc-sections.elf",
        "rproc-sections-inline.elf",
        "rproc64-enabled.elf",
        "rproc64-inline.elf",
        "rproc64-sections.elf",
        "rproc64-sections-inline.elf",
        "rproc64-stall.elf"
      })
  void theKernelsFileIsMadeAgain(String file) throws Exception {
    try (CrashedDevice device = CrashedDevice.of(core(file), mode(file))) {
      assertThat(CrashedDevice.copy(device.dump(), 1 << 20)).isEqualTo(bytes(file));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rproc-enabled.elf, INLINE",
    "rproc-inline.elf, ENABLED",
    "rproc64-stall.elf, ENABLED"
  })
  void theOtherModeGivesTheSameWhereNothingIsMappedInPart(String file, CoredumpMode mode)
      throws Exception {
    try (CrashedDevice device = CrashedDevice.of(core(file), mode)) {
      for (int piece : new int[] {100, 1000, 4096}) {
        assertThat(CrashedDevice.copy(device.dump(), piece)).isEqualTo(bytes(file));
      }
      assertThat(Reading.bytes(device.dump(), 0, bytes(file).length)).isEqualTo(bytes(file));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rproc64-inline.elf", "rproc-sections-inline.elf", "rproc64-sections-inline.elf"})
  void whatIsMappedInPartDependsOnTheSizeOfReads(String file) throws Exception {
    try (CrashedDevice device = CrashedDevice.of(core(file), CoredumpMode.INLINE)) {
      byte[] inHundreds = CrashedDevice.copy(device.dump(), 100);
      assertThat(inHundreds).isEqualTo(bytes(file + ".dd100")).isNotEqualTo(bytes(file));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rproc-enabled.elf",
        "rproc-inline.elf",
        "rproc-sections.elf",
        "rproc-sections-inline.elf",
        "rproc64-enabled.elf",
        "rproc64-inline.elf",
        "rproc64-sections.elf",
        "rproc64-sections-inline.elf"
      })
  void readsReturnWhatTheKernelsReturned(String file) throws Exception {
    try (CrashedDevice device = CrashedDevice.of(core(file), mode(file))) {
      assertThat(counts(device.dump(), 1 << 20)).isEqualTo(counts(file + ".reads-1M"));
      assertThat(counts(device.dump(), 1000)).isEqualTo(counts(file + ".reads-1000"));
    }
  }

  private static List<Integer> counts(String file) throws IOException {
    return Files.readAllLines(path(file)).stream().map(Integer::valueOf).toList();
  }

  /** What the reads return; 0 stands for the end, as in read(2). */
  private static List<Integer> counts(Devcoredump dump, int asked) throws IOException {
    List<Integer> counts = new ArrayList<>();
    try (ReadableByteChannel in = dump.open()) {
      do {
        counts.add(Math.max(0, in.read(ByteBuffer.allocate(asked))));
      } while (counts.getLast() > 0);
    }
    return counts;
  }
}
