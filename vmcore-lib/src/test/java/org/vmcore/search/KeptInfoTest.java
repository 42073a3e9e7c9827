package org.vmcore.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.arch.S390x;
import org.vmcore.arch.X86_64;
import org.vmcore.memory.VmcoreException;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;
import org.vmcore.testing.CountingMemory;

class KeptInfoTest {
  private static final int SIZE = 0x20000;
  private static final int POINTER = 0xe0c;
  private static final String S390 = "SYMBOL(lowcore_ptr)=1000";

  private static Optional<VmcoreInfoNote> kept(RamBuilder ram) throws VmcoreException {
    return KeptInfo.of(CountingMemory.of(ram.bytes()), "ram");
  }

  private static RamBuilder pointing(long address) {
    return new RamBuilder(SIZE).bigEndianWord(POINTER, address);
  }

  @Test
  void theLowcoreLeadsToIt() throws VmcoreException {
    VmcoreInfoNote note =
        kept(pointing(0x5010).bigEndianInfo(0x5010, "OSRELEASE=6.1.0", S390)).orElseThrow();

    assertThat(note.area().start()).isEqualTo(0x5010);
    assertThat(note.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    assertThat(note.info().osRelease()).contains("6.1.0");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0x6000, SIZE - 8, SIZE, 1L << 40, Long.MIN_VALUE, -1, -8})
  void aWordThatLeadsToNoNoteTellsNothing(long word) throws VmcoreException {
    RamBuilder ram = pointing(word).bigEndianInfo(0x5000, "OSRELEASE=6.1.0", S390);

    assertThat(kept(ram)).isEmpty();
  }

  @Test
  void aNoteThatClaimsTooMuchIsNone() throws VmcoreException {
    RamBuilder ram = pointing(0x5000).bigEndianInfo(0x5000, "OSRELEASE=6.1.0", S390);
    ram.put(0x5004, new byte[] {0x7f, -1, -1, -1});

    assertThat(kept(ram)).isEmpty();
  }

  @Test
  void ofAMachineThatIsNotKnownItHasToBeIts() throws VmcoreException {
    RamBuilder ram = pointing(0x5000).bigEndianInfo(0x5000, "OSRELEASE=6.1.0");
    CountingMemory memory = CountingMemory.of(ram.bytes());

    assertThat(KeptInfo.of(memory, "ram")).isEmpty();
    assertThat(KeptInfo.of(memory, "ram", S390x.INSTANCE)).isPresent();
    assertThat(KeptInfo.of(memory, "ram", X86_64.INSTANCE)).isEmpty();
  }

  @Test
  void anEarlierKernelsIsNone() throws VmcoreException {
    RamBuilder ram =
        pointing(0x5000)
            .bigEndianInfo(
                0x5000,
                "OSRELEASE=6.1.0",
                S390,
                "SYMBOL(init_uts_ns)=8000",
                "OFFSET(uts_namespace.name)=0");

    assertThat(kept(ram)).isEmpty();
    assertThat(kept(ram.text(0x8000 + 2 * 65, "6.1.0\0"))).isPresent();
  }
}
