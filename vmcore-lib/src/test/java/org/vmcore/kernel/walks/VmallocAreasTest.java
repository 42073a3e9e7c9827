package org.vmcore.kernel.walks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.mmu.MappedRange;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KernelDump;

class VmallocAreasTest {
  private static final long TEXT = BASE + 0x1000;
  private static final long ROOT = BASE + 0x4000;
  private static final long AREA = BASE + 0x5000;
  private static final long VM = BASE + 0x6000;
  private static final long PAGES = BASE + 0x7000;
  private static final long BTF = BASE + 0x2_0000;
  private static final long VMEMMAP = 0xffff_ea00_0000_0000L;
  private static final long START = 0xffff_c900_0000_0000L;

  @TempDir Path folder;

  /** A kernel with one area of two pages, of which the second is page frame 5. */
  private static KernelDump kernel(String pageSize, String lastMember) {
    KernelDump dump = new KernelDump();
    byte[] types = types(lastMember);
    dump.infoSymbol("_stext", TEXT).infoSymbol("init_uts_ns", ROOT + 0x100);
    dump.withoutInfo("PAGESIZE=").info("PAGESIZE=" + pageSize);
    dump.infoSymbol("vmemmap", VMEMMAP).info("SIZE(page)=64");
    dump.bytes(BTF, types);
    new KallsymsBytes(KallsymsBytes.Scheme.PERCPU_SIGNED)
        .add(TEXT, 'T', "_stext")
        .add(ROOT, 'D', "vmap_area_root")
        .add(ROOT + 0x100, 'D', "init_uts_ns")
        .add(BTF, 'D', "__start_BTF")
        .add(BTF + types.length, 'D', "__stop_BTF")
        .writeTo(dump);
    dump.u64(ROOT, AREA + 16).u64(AREA, START).u64(AREA + 8, START + 0x3000).u64(AREA + 40, VM);
    dump.u64(VM, START).u64(VM + 8, PAGES).u32(VM + 16, 2).u64(PAGES + 8, VMEMMAP + 5 * 64);
    return dump;
  }

  private static byte[] types(String lastMember) {
    BtfBuilder b = new BtfBuilder();
    int word = b.unsigned("unsigned long", 8);
    int u32 = b.unsigned("unsigned int", 4);
    int any = b.pointer(0);
    int rb =
        b.struct("rb_node", 24)
            .member("__rb_parent_color", word, 0)
            .member("rb_right", any, 8)
            .member("rb_left", any, 16)
            .end();
    b.struct("vmap_area", 48)
        .member("va_start", word, 0)
        .member("va_end", word, 8)
        .member("rb_node", rb, 16)
        .member("vm", any, 40)
        .end();
    b.struct("vm_struct", 24)
        .member("addr", any, 0)
        .member("pages", any, 8)
        .member(lastMember, u32, 16)
        .end();
    return b.build();
  }

  private OptionalLong physical(KernelDump dump, long address) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.dump().writeTo(folder.resolve("vmcore")))) {
      Optional<MappedRange> place = new VmallocAreas(Kernel.of(vmcore).objects()).at(address);
      return place.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(place.get().physical(address));
    }
  }

  @Test
  void aPageIsWhereItsStructSays() throws Exception {
    assertThat(physical(kernel("4096", "nr_pages"), START + 0x1008)).hasValue(0x5008);
  }

  @Test
  void theGuardPageAndWhatHasNoStructAreNowhere() throws Exception {
    assertThat(physical(kernel("4096", "nr_pages"), START)).isEmpty();
    assertThat(physical(kernel("4096", "nr_pages"), START + 0x2000)).isEmpty();
  }

  @Test
  void aSizeThatNoPageHasTellsNothing() throws Exception {
    for (String size : new String[] {"0", "-4096", "3", "9223372036854775807"}) {
      assertThat(physical(kernel(size, "nr_pages"), START + 0x1008)).as(size).isEmpty();
    }
  }

  @Test
  void typesWithoutAMemberTellNothing() throws Exception {
    assertThat(physical(kernel("4096", "number"), START + 0x1008)).isEmpty();
  }

  @Test
  void aTreeThatLoopsEnds() throws Exception {
    KernelDump dump = kernel("4096", "nr_pages").u64(AREA + 32, AREA + 16);
    assertThat(physical(dump, START - 8)).isEmpty();
  }
}
