package org.vmcore.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.Search;
import org.vmcore.scan.SearchBudget;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;

class ElfcorehdrSearchTest {
  private static final int SIZE = 0x40000;
  private static final int CPU = 0x8000;
  private static final int INFO = 0x9000;

  private static RamBuilder ram() {
    return new RamBuilder(SIZE).prstatus(CPU).vmcoreInfo(INFO, "OSRELEASE=6.1.0");
  }

  private static List<ElfcorehdrCandidate> search(RamBuilder ram) throws VmcoreException {
    return search(CountingMemory.of(ram.bytes()));
  }

  private static List<ElfcorehdrCandidate> search(Memory memory) throws VmcoreException {
    return ElfcorehdrSearch.search(memory, "ram", SearchBudget.of(Search.DEFAULT, "it", SIZE));
  }

  @Test
  void isFoundAtTheStartOfAPage() throws Exception {
    RamBuilder ram = ram().headers(0x30000, CPU, INFO, 0x1000, 0x2f000);
    assertThat(search(ram))
        .containsExactly(new ElfcorehdrCandidate(0x30000, 64 + 3 * 56, true, true, 0, 2, 1));
    assertThat(search(ram().headers(0x30010, CPU, INFO, 0x1000, 0x2f000))).isEmpty();
    assertThat(search(ram())).isEmpty();
  }

  @Test
  void aCopyInTheFirstKernelsMemoryComesSecond() throws Exception {
    RamBuilder ram =
        ram()
            .headers(0x10000, CPU, INFO, 0x1000, 0x2f000)
            .headers(0x30000, CPU, INFO, 0x1000, 0x2f000);
    List<ElfcorehdrCandidate> found = search(ram);
    assertThat(found).extracting(ElfcorehdrCandidate::address).containsExactly(0x30000L, 0x10000L);
    assertThat(found.getFirst().reasonOver(found.getLast()))
        .isEqualTo("it lies outside of its own PT_LOADs, as it must");
    assertThat(found.getLast().describe())
        .isEqualTo(
            "0x10000: 1 PT_LOADs, 2 PT_NOTEs with notes, VMCOREINFO,"
                + " inside of one of its PT_LOADs");
  }

  @Test
  void vmcoreInfoThenMissingMemoryThenNotesThenTheAddressDecide() throws Exception {
    RamBuilder ram =
        ram()
            .headers(0x31000, CPU, CPU, 0x1000, 0x2f000)
            .headers(0x32000, INFO, INFO, 0x1000, 0x2f000)
            .headers(0x34000, CPU, INFO, 0x1000, 0x2f000)
            .headers(0x35000, CPU, INFO, 0x1000, 0x2f000)
            .headers(0x36000, 0xa000, INFO, 0x1000, 0x2f000)
            .put(0xa000, new byte[0x170]);
    List<ElfcorehdrCandidate> found = search(ram);
    assertThat(found)
        .extracting(ElfcorehdrCandidate::address)
        .containsExactly(0x32000L, 0x34000L, 0x35000L, 0x36000L, 0x31000L);
    assertThat(found.get(0).reasonOver(found.get(1))).startsWith("it comes first in memory");
    assertThat(found.get(2).reasonOver(found.get(3))).startsWith("more of its PT_NOTEs");
    assertThat(found.get(3).reasonOver(found.get(4))).startsWith("one of its PT_NOTEs holds");
  }

  @Test
  void whatDescribesMemoryThatIsNotThereIsNone() throws Exception {
    assertThat(search(ram().headers(0x30000, CPU, SIZE + 0x1000, 0x1000, 0x2f000))).isEmpty();
    assertThat(search(ram().headers(0x30000, CPU, INFO, SIZE, 0x1000))).isEmpty();
    assertThat(search(ram().headers(0x30000, CPU, INFO, 0x1000, -1L))).isEmpty();
    byte[] other = DumpBuilder.elf64().load(0, new byte[8]).segment(2, new byte[8]).build();
    assertThat(search(ram().put(0x30000, other))).isEmpty();
  }

  @Test
  void nonsenseBesideGoodRangesIsCounted() throws Exception {
    byte[] headers =
        DumpBuilder.elf64()
            .load(0x1000, new byte[0])
            .field("p_offset", 0x1000)
            .memsz(0x1000)
            .load(0x2000, new byte[0])
            .memsz(-0x40000000L)
            .build();
    assertThat(search(ram().put(0x30000, headers)))
        .containsExactly(new ElfcorehdrCandidate(0x30000, 64 + 2 * 56, false, true, 1, 0, 2));
  }

  @Test
  void onlyMemoryThatIsPresentIsSearched() throws Exception {
    byte[] bytes = ram().headers(0x30000, CPU, INFO, 0x1000, 0x2f000).bytes();
    CountingMemory memory = CountingMemory.of(bytes).state(PageState.NOT_RAM, 0x10000, 0x10000);
    assertThat(search(memory)).hasSize(1);
    assertThat(memory.reads(0x10000, 0x10000)).isEmpty();
    memory.state(PageState.LOST, 0x30000, 0x1000);
    assertThat(search(memory)).isEmpty();
  }

  @Test
  void thousandsOfLookalikesEndTheSearch() {
    RamBuilder ram = new RamBuilder((ElfcorehdrSearch.MAX_TRIED + 2) * 4096);
    for (int page = 0; page <= ElfcorehdrSearch.MAX_TRIED; page++) {
      ram.headers(page * 4096, CPU, INFO, 0x1000, 0x1000);
    }
    assertThatThrownBy(() -> search(ram))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("more than 4096 pages look like an elfcorehdr");
  }

  @Test
  void programHeadersThatAreReadOverAndOverEndTheSearch() {
    int pages = ElfcorehdrSearch.MAX_HEADERS / 0xffff + 2;
    RamBuilder ram = new RamBuilder(pages * 4096);
    for (int page = 0; page < pages; page++) {
      ram.headers(page * 4096, CPU, INFO, 0x1000, 0x1000);
      ram.put(page * 4096 + 56, new byte[] {-1, -1}); // e_phnum
    }
    assertThatThrownBy(() -> search(ram))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("more than 2097152 program headers are in what looks like");
  }

  @Test
  void mappedFilesAndOthersGiveTheSame(@TempDir Path dir) throws Exception {
    byte[] bytes = ram().headers(0x30000, CPU, INFO, 0x1000, 0x2f000).bytes();
    try (FileSystem fs = Jimfs.newFileSystem(Configuration.unix())) {
      for (Path file : List.of(dir.resolve("ram"), fs.getPath("ram"))) {
        // The file begins in the middle of a page: what counts is where a byte is in memory.
        try (ByteSource source = ByteSource.open(Files.write(file, bytes))) {
          Memory memory =
              new FileOldMemory.Builder(source)
                  .add(0x800, 0x4800, 0x800, 0x4800)
                  .add(0x7800, SIZE - 0x7800, 0x7800, SIZE - 0x7800)
                  .build();
          assertThat(search(memory))
              .extracting(ElfcorehdrCandidate::address)
              .containsExactly(0x30000L);
        }
      }
    }
  }
}
