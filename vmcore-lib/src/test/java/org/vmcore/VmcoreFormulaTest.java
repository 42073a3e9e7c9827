package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.DumpBuilder.patternAt;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfReader;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Chunk;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** The formulas of FORMATS.md, 5 and 6, against tables of random PT_LOADs. */
class VmcoreFormulaTest {
  private static final int LOADS = 40;
  private static final int MEMORY_SIZE = 1 << 22;

  record Load(long address, int size) {}

  static Stream<Arguments> combinations() {
    return Stream.of(4096, 16384, 65536)
        .flatMap(
            page ->
                Stream.of(ElfClass.values())
                    .flatMap(
                        elfClass ->
                            Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
                                .map(order -> Arguments.of(page, elfClass, order))));
  }

  private static List<Load> randomLoads(int page, long seed) {
    Random random = new Random(seed);
    List<Load> loads = new ArrayList<>();
    for (int i = 0; i < LOADS; i++) {
      int address = random.nextInt(MEMORY_SIZE - 4 * page);
      int size = random.nextInt(4) == 0 ? random.nextInt(64) : random.nextInt(4 * page);
      boolean aligned = random.nextInt(3) == 0;
      loads.add(new Load(aligned ? address & -page : address, aligned ? size & -page : size));
    }
    return loads;
  }

  private static DumpBuilder headers(ElfClass elfClass, ByteOrder order, List<Load> loads) {
    DumpBuilder headers = DumpBuilder.of(elfClass, order).ramImage();
    loads.forEach(load -> headers.load(load.address(), load.size()));
    return headers;
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void theImageIsWhatTheFormulasSay(int page, ElfClass elfClass, ByteOrder order) throws Exception {
    List<Load> loads = randomLoads(page, 4711);
    OpenOptions options = OpenOptions.builder().pageSize(page).build();
    try (Vmcore vmcore =
        Vmcore.of(
            "oldmem",
            headers(elfClass, order, loads).crashHeaders(),
            CountingMemory.pattern(MEMORY_SIZE),
            options)) {
      requireHeader(vmcore);
      requireLoads(vmcore, loads, page);
      requireChunks(vmcore, loads, page);
    }
  }

  /** The exported bytes say the same as the exported records. */
  private static void requireHeader(Vmcore vmcore) throws Exception {
    MemorySegment bytes = MemorySegment.ofArray(Reading.bytes(vmcore, 0, 64L + LOADS * 56));
    ElfHeader header = ElfReader.header("image", bytes);
    assertThat(header).isEqualTo(vmcore.header());
    assertThat(header.phnum()).isEqualTo(LOADS);
    Cursor in = Cursor.of("image", 0, bytes, header.order()).skip(header.phoff(), "e_phoff");
    for (ProgramHeader segment : vmcore.segments()) {
      assertThat(ElfReader.programHeader(in, header.elfClass())).isEqualTo(segment);
    }
  }

  private static void requireLoads(Vmcore vmcore, List<Load> loads, int page) throws Exception {
    long next = page;
    for (int i = 0; i < LOADS; i++) {
      Load load = loads.get(i);
      long start = load.address() / page * page;
      long end = (load.address() + load.size() + page - 1) / page * page;
      ProgramHeader segment = vmcore.segments().get(i);
      assertThat(segment.offset()).isEqualTo(next + (load.address() - start));
      assertThat(segment.paddr()).isEqualTo(load.address());
      assertThat(segment.memsz()).isEqualTo(load.size());
      requirePages(Reading.bytes(vmcore, next, end - start), load, start);
      next += end - start;
    }
    assertThat(vmcore.size()).isEqualTo(next);
    assertThat(next % page).isZero();
  }

  /** Old memory inside of the PT_LOAD, zeros around it. */
  private static void requirePages(byte[] pages, Load load, long start) {
    for (int i = 0; i < pages.length; i++) {
      long address = start + i;
      boolean claimed = address >= load.address() && address < load.address() + load.size();
      if (pages[i] != (claimed ? patternAt(address) : 0)) {
        assertThat(pages[i])
            .as("%x of %s", address, load)
            .isEqualTo(claimed ? patternAt(address) : 0);
      }
    }
  }

  private static void requireChunks(Vmcore vmcore, List<Load> loads, int page) {
    List<String> expected = new ArrayList<>(List.of("Buffer 0+" + page));
    long next = page;
    for (Load load : loads) {
      long start = load.address() / page * page;
      long end = (load.address() + load.size() + page - 1) / page * page;
      long whole = (load.address() + page - 1) / page * page;
      long wholeSize = (load.address() + load.size()) / page * page - whole;
      long size;
      for (long at = start; at < end; at += size) {
        boolean isWhole = at == whole && wholeSize > 0;
        size = isWhole ? wholeSize : page;
        expected.add((isWhole ? "OldMem " : "Buffer ") + next + "+" + size);
        next += size;
      }
    }
    assertThat(vmcore.chunks().stream().map(VmcoreFormulaTest::text))
        .containsExactlyElementsOf(expected);
  }

  private static String text(Chunk chunk) {
    return chunk.getClass().getSimpleName() + " " + chunk.offset() + "+" + chunk.size();
  }
}
