package org.vmcore.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.Search;
import org.vmcore.scan.SearchBudget;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;
import org.vmcore.testing.CountingMemory;

class VmcoreInfoSearchTest {
  private static final int SIZE = 0x200000;

  private static List<VmcoreInfoNote> search(RamBuilder ram) throws VmcoreException {
    return search(CountingMemory.of(ram.bytes()));
  }

  private static List<VmcoreInfoNote> search(Memory memory) throws VmcoreException {
    return VmcoreInfoSearch.search(memory, "ram", SearchBudget.of(Search.DEFAULT, "it", SIZE));
  }

  @Test
  void bothOfItsScansTogetherEndWithTheLimit() throws Exception {
    Memory memory = CountingMemory.of(new RamBuilder(SIZE).bytes());
    SearchBudget enough = SearchBudget.of(limit(2L * SIZE + 0x40000), "it", SIZE);
    SearchBudget little = SearchBudget.of(limit(SIZE + 0x40000), "it", SIZE);

    assertThat(VmcoreInfoSearch.search(memory, "ram", enough)).isEmpty();
    assertThat(enough.unsearched()).isEmpty();
    assertThat(VmcoreInfoSearch.search(memory, "ram", little)).isEmpty();
    assertThat(little.finding().orElseThrow().message())
        .startsWith("it: memory is not searched from 0x")
        .endsWith(" on: the limit is 2359296 bytes (--search-limit)");
  }

  private static Search limit(long bytes) {
    return new Search(bytes, new Search.Listener() {});
  }

  @Test
  void isFoundAtTheStartOfAPageWithTheRoomTheKernelReserves() throws Exception {
    RamBuilder ram = new RamBuilder(SIZE).vmcoreInfo(0x5000, "OSRELEASE=6.1.0", "PAGESIZE=4096");
    VmcoreInfoNote note = search(ram).getFirst();
    assertThat(note.area()).isEqualTo(AddressRange.ofSize(0x5000, 0x1024));
    assertThat(note.info().osRelease()).contains("6.1.0");
  }

  @Test
  void theRoomGrowsWithThePage() throws Exception {
    RamBuilder ram = new RamBuilder(SIZE).vmcoreInfo(0x5000, "OSRELEASE=6.1.0", "PAGESIZE=65536");
    assertThat(search(ram).getFirst().area().size()).isEqualTo(0x10024);
    ram.vmcoreInfo(0x5000, "OSRELEASE=6.1.0", "PAGESIZE=7", "X=" + "y".repeat(0x2000));
    assertThat(search(ram).getFirst().area().size()).isEqualTo(24 + 0x2020);
  }

  @Test
  void severalAreListedByAddress() throws Exception {
    RamBuilder ram =
        new RamBuilder(SIZE)
            .vmcoreInfo(0x7000, "OSRELEASE=old")
            .vmcoreInfo(0x5000, "OSRELEASE=new")
            .vmcoreInfo(0x9010, "OSRELEASE=in no page's beginning");
    assertThat(search(ram))
        .extracting(note -> note.info().osRelease().orElseThrow())
        .containsExactly("new", "old");
  }

  @Test
  void atAnAddressItNeedsNoSearch() throws Exception {
    RamBuilder ram = new RamBuilder(SIZE).vmcoreInfo(0x5010, "OSRELEASE=6.1.0");
    CountingMemory memory = CountingMemory.of(ram.bytes());
    assertThat(VmcoreInfoSearch.at(memory, "ram", 0x5010).orElseThrow().area().start())
        .isEqualTo(0x5010);
    assertThat(VmcoreInfoSearch.at(memory, "ram", 0x5000)).isEmpty();
    assertThat(VmcoreInfoSearch.at(memory, "ram", SIZE)).isEmpty();
  }

  @Test
  void oldKernelsKeepItAnywhereInTheirData() throws Exception {
    RamBuilder ram = new RamBuilder(SIZE).vmcoreInfo(0x100ffc, "OSRELEASE=4.9.0");
    assertThat(search(ram)).extracting(note -> note.area().start()).containsExactly(0x100ffcL);
    assertThat(search(new RamBuilder(SIZE).vmcoreInfo(0x9002, "OSRELEASE=4.9.0"))).isEmpty();
  }

  @Test
  void lookalikesAreNone() throws Exception {
    RamBuilder ram =
        new RamBuilder(SIZE)
            .text(0x0, "VMCOREINFO\0")
            .vmcoreInfo(0x5000, "PAGESIZE=4096", "OSRELEASE=6.1.0")
            .vmcoreInfo(0x7000, "OSRELEASE=6.1.0")
            .put(0x7008, new byte[] {1})
            .vmcoreInfo(0x9000, "OSRELEASE=6.1.0")
            .put(0x9007, new byte[] {1})
            .text(SIZE - 16, "VMCOREINFO\0");
    assertThat(search(ram)).isEmpty();
  }

  @Test
  void aFileThatIsCutMeanwhileIsAnErrorNotACrash(@TempDir Path dir) throws Exception {
    Path file = Files.write(dir.resolve("ram"), new byte[SIZE]);
    ByteSource source = ByteSource.open(file);
    FileOldMemory memory = FileOldMemory.whole(source);
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> search(memory))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("truncated");
    source.close();
  }

  @Test
  void aFileThatIsClosedMeanwhileIsAnErrorNotACrash(@TempDir Path dir) throws Exception {
    ByteSource source = ByteSource.open(Files.write(dir.resolve("ram"), new byte[SIZE]));
    FileOldMemory memory = FileOldMemory.whole(source);
    source.close();
    assertThatThrownBy(() -> search(memory))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("closed");
  }
}
