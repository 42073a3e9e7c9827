package org.vmcore.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.arch.paging.ArmLpaePaging;
import org.vmcore.arch.paging.ArmPaging;
import org.vmcore.arch.paging.I386Paging;
import org.vmcore.arch.paging.PaePaging;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.Reading;

/**
 * Page tables of 32 bits, entry by entry: Intel's Software Developer's Manual, volume 3, tables 5-4
 * to 5-6 (32-bit) and 5-8 to 5-11 (PAE); Arm's Architecture Reference Manual for ARMv7-A, figures
 * B3-4, B3-5 (short) and B3-14 to B3-16 (long descriptors). Linux' own entries of arm:
 * arch/arm/include/asm/pgtable-2level.h, L_PTE_PRESENT to L_PTE_NONE.
 */
class Paging32Test {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final long KERNEL = 0xc000_0000L;

  /** Memory that tables are put into, entry by entry. */
  private static final class Tables {
    private final ByteBuffer bytes;

    Tables(ByteOrder order) {
      this.bytes = ByteBuffer.allocate(0x10000).order(order);
    }

    Tables words(int at, long... entries) {
      for (int i = 0; i < entries.length; i++) {
        bytes.putInt(at + 4 * i, (int) entries[i]);
      }
      return this;
    }

    Tables longs(int at, long... entries) {
      for (int i = 0; i < entries.length; i++) {
        bytes.putLong(at + 8 * i, entries[i]);
      }
      return this;
    }

    AddressSpace space(Paging paging, long root) {
      return AddressSpace.of(CountingMemory.of(bytes.array()), paging, root);
    }
  }

  /** The root is at 0x1000, a table at 0x2000. */
  private static AddressSpace i386() {
    return new Tables(LITTLE)
        .words(0x1000 + 4 * 0x20, 0x2067)
        .words(0x1000 + 4 * 0x300, 0x0000_01e3, 0x2067, 0x0041_20e3, 0x0020_01e3, 0x0080_0180)
        .words(0x2000, 0, 0x3163, 0xffff_f067, 0x5100, 0x0aa2)
        .space(new I386Paging(KERNEL), 0x1000);
  }

  /** The root is at 0x1020, tables at 0x2000 and 0x3000. */
  private static AddressSpace pae() {
    return new Tables(LITTLE)
        .longs(0x1020, 0x2001, 0, 0x2003, 0x2021)
        .longs(0x2000, 0x8000_0000_0000_01e3L, 0x3067, 0x12_3460_11e3L, 0x0020_21e3)
        .longs(0x3000, 0, 0x8000_0001_2345_6163L, 0x000f_fffe_ffff_a100L, 0x5100, 0x0aa2)
        .space(new PaePaging(KERNEL), 0x1020);
  }

  /** The root is at 0x4000, a table at 0x8c00; Linux' own beside that is at 0x8400. */
  private static AddressSpace arm(ByteOrder order) {
    long[] large = new long[16];
    long[] supersection = new long[16];
    Arrays.fill(large, 0x0001_0455);
    Arrays.fill(supersection, 0x1254_0d4e);
    return new Tables(order)
        .words(0x4000 + 4 * 0xbf0, 0x8c11)
        .words(0x4000 + 4 * 0xc00, 0x4001_1c0e, 0x4011_1c0f)
        .words(0x4000 + 4 * 0xd00, supersection)
        .words(0x8400, 0, 0x907e | 3, 0, 0xa103, 0xb041, 0xca81, 0xd7c2)
        .words(0x8c00, 0, 0x907e, 0x907f)
        .words(0x8c00 + 4 * 16, large)
        .space(new ArmPaging(KERNEL - (16 << 20), order), 0x4000);
  }

  /** The root is at 0x5020, tables at 0x6000 and 0x7000. */
  private static AddressSpace lpae() {
    return new Tables(LITTLE)
        .longs(0x5020, 0x6003, 0x80_4000_0701L, 0, 0x6003)
        .longs(0x6000, 0x0040_0080_4020_0711L, 0x7003)
        .longs(0x7000, 0, 0x0060_00ff_4000_17dfL, 0x8001, 0x0200_0000_0000_9fdeL, 0x0aa0)
        .space(new ArmLpaePaging(KERNEL - (16 << 20), LITTLE), 0x5020);
  }

  /**
   * An address, what it is mapped to, in a page of which size, and in a table of which name.
   *
   * @param flags of the last entry
   */
  record Case(
      AddressSpace space, long virtual, long physical, long size, String levels, String flags) {}

  private static Stream<Case> cases() {
    AddressSpace arm = arm(LITTLE);
    return Stream.of(
        new Case(i386(), 0xc000_0000L, 0, 4 << 20, "PGD", "P RW A D PS G"),
        new Case(i386(), 0xc03f_ffffL, 0x3f_ffff, 4 << 20, "PGD", "P RW A D PS G"),
        new Case(i386(), 0xc040_1234L, 0x3234, 4096, "PGD PTE", "P RW A D G"),
        new Case(i386(), 0x0800_2004L, 0xffff_f004L, 4096, "PGD PTE", "P RW US A D"),
        new Case(i386(), 0xc081_2345L, 0x9_0041_2345L, 4 << 20, "PGD", "P RW A D PS"),
        new Case(i386(), 0xc040_3010L, 0x5010, 4096, "PGD PTE", "G"),
        new Case(i386(), 0xc100_0010L, 0x80_0010, 4 << 20, "PGD", "PS G"),
        new Case(pae(), 0xc01f_ffffL, 0x1f_ffff, 2 << 20, "PGD PMD", "P RW A D PS G XD"),
        new Case(pae(), 0xc040_0010L, 0x12_3460_0010L, 2 << 20, "PGD PMD", "P RW A D PS G"),
        new Case(pae(), 0xc020_1234L, 0x1_2345_6234L, 4096, "PGD PMD PTE", "P RW A D G XD"),
        new Case(pae(), 0xc020_2010L, 0x1_0000_5010L, 4096, "PGD PMD PTE", "G"),
        new Case(pae(), 0x0020_3010, 0x5010, 4096, "PGD PMD PTE", "G"),
        new Case(arm, 0xc001_2345L, 0x4001_2345L, 1 << 20, "PGD", "SECTION B C AP0 AP1 S"),
        new Case(arm, 0xc010_0000L, 0x4010_0000L, 1 << 20, "PGD", "PXN SECTION B C AP0 AP1 S"),
        new Case(arm, 0xd0ab_cdefL, 0xa5_12ab_cdefL, 16 << 20, "PGD", "SECTION B C AP0 AP1 SUPER"),
        new Case(arm, 0xbf00_1004L, 0x9004, 4096, "PGD PTE", "PAGE B C AP0 AP1"),
        new Case(arm, 0xbf00_2004L, 0x9004, 4096, "PGD PTE", "XN PAGE B C AP0 AP1"),
        new Case(arm, 0xbf00_3004L, 0xa004, 4096, "PGD PTE", "LINUX PRESENT YOUNG USER"),
        new Case(arm, 0xbf00_4004L, 0xb004, 4096, "PGD PTE", "LINUX PRESENT DIRTY"),
        new Case(arm, 0xbf00_5ffcL, 0xcffc, 4096, "PGD PTE", "LINUX PRESENT RDONLY XN NONE"),
        new Case(arm, 0xbf01_2345L, 0x1_2345, 1 << 16, "PGD PTE", "LARGE B AP0 S"),
        new Case(
            arm(ByteOrder.BIG_ENDIAN), 0xbf00_1004L, 0x9004, 4096, "PGD PTE", "PAGE B C AP0 AP1"),
        new Case(lpae(), 0x4abc_def0L, 0x80_4abc_def0L, 1 << 30, "PGD", "VALID AF"),
        new Case(lpae(), 0xc01f_ffffL, 0x80_403f_ffffL, 2 << 20, "PGD PMD", "VALID AF XN"),
        new Case(
            lpae(), 0xc020_1234L, 0xff_4000_1234L, 4096, "PGD PMD PTE", "VALID AP1 AP2 AF PXN XN"),
        new Case(lpae(), 0x0020_3010, 0x9010, 4096, "PGD PMD PTE", "AP1 AP2 AF nG"));
  }

  @Test
  void ofAPageThatWasNotUsedLinuxEntryIsShown() throws VmcoreException {
    AddressSpace arm = arm(LITTLE);
    assertThat(arm.translate(0xbf00_4004L).steps().getLast())
        .isEqualTo(new Translation.Step("PTE", 0x8410, 0xb041, "LINUX PRESENT DIRTY"));
    assertThat(arm.translate(0xbf00_1004L).steps().getLast().entryAddress()).isEqualTo(0x8c04);
    assertThat(arm.reverse(0xb004).places())
        .containsExactly(new ReverseTranslation.Place(0xbf00_4004L, 4096, "other"));
  }

  @Test
  void whatLinuxEntryDoesNotHaveIsNotMapped() throws VmcoreException {
    AddressSpace arm = arm(LITTLE);
    assertThat(arm.physical(0xbf00_0004L)).isEmpty();
    Translation swapped = arm.translate(0xbf00_6000L);
    assertThat(swapped.state()).isEqualTo(PageState.NOT_RAM);
    assertThat(swapped.reason())
        .isEqualTo("not mapped: the PTE entry at physical address 0x8c18 is 0x0");
    assertThat(arm.extentAt(0xbf00_6000L).start()).isEqualTo(0xbf00_6000L);
  }

  /** Before 2.6.38 Linux' table is the second one. */
  @Test
  void aTableInTheLowerHalfOfAPageHasNoneBesideIt() throws VmcoreException {
    AddressSpace arm =
        new Tables(LITTLE)
            .words(0x4000 + 4 * 0xbf0, 0x8411)
            .words(0x8400, 0, 0)
            .words(0x7c00, 0xa103, 0xa103)
            .words(0x8c00, 0xa103, 0xa103)
            .space(new ArmPaging(KERNEL - (16 << 20), LITTLE), 0x4000);
    assertThat(arm.physical(0xbf00_0000L)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pagesOfEachSizeAreFound(Case each) throws VmcoreException {
    Translation walk = each.space().translate(each.virtual());
    assertThat(walk.physical()).hasValue(each.physical());
    assertThat(walk.pageSize()).isEqualTo(each.size());
    assertThat(walk.steps().stream().map(Translation.Step::level))
        .containsExactly(each.levels().split(" ", -1));
    assertThat(walk.steps().getLast().flags()).isEqualTo(each.flags());
    long inPage = each.virtual() & (each.size() - 1);
    assertThat(each.space().physical(each.virtual() - inPage)).hasValue(each.physical() - inPage);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theyLeadBack(Case each) throws VmcoreException {
    ReverseTranslation found = each.space().reverse(each.physical());
    assertThat(found.places())
        .contains(new ReverseTranslation.Place(each.virtual(), each.size(), "other"));
  }

  /** An address that has none, and what is said of it. */
  record Missing(AddressSpace space, long virtual, PageState state, String reason) {}

  private static Stream<Missing> missing() {
    String reserved = "in which reserved bits are set";
    AddressSpace arm = arm(LITTLE);
    return Stream.of(
        new Missing(i386(), 0xc0c0_0000L, PageState.LOST, "PGD entry"),
        new Missing(i386(), 0xc0c0_0000L, PageState.LOST, reserved),
        new Missing(i386(), 0xc040_4000L, PageState.NOT_RAM, "not mapped: the PTE entry"),
        new Missing(i386(), 0x0804_8000, PageState.NOT_RAM, "is 0x0"),
        new Missing(i386(), 0x1_c000_0000L, PageState.NOT_RAM, "not an address of these i386"),
        new Missing(i386(), 0xffff_ffff_c000_0000L, PageState.NOT_RAM, "not an address of these"),
        new Missing(pae(), 0x8000_0000L, PageState.LOST, "PGD entry at physical address 0x1030"),
        new Missing(pae(), 0x4000_0000, PageState.NOT_RAM, "not mapped: the PGD entry"),
        new Missing(pae(), 0xc060_0000L, PageState.LOST, reserved),
        new Missing(pae(), 0xc020_4000L, PageState.NOT_RAM, "not mapped: the PTE entry"),
        new Missing(arm, 0xbf00_0000L, PageState.NOT_RAM, "not mapped: the PTE entry"),
        new Missing(arm, 0xfff0_0000L, PageState.NOT_RAM, "not mapped: the PGD entry"),
        new Missing(lpae(), 0xc020_2000L, PageState.LOST, reserved),
        new Missing(lpae(), 0xc020_4000L, PageState.NOT_RAM, "not mapped: the PTE entry"),
        new Missing(lpae(), 0x8000_0000L, PageState.NOT_RAM, "not mapped: the PGD entry"));
  }

  @ParameterizedTest
  @MethodSource("missing")
  void whatIsntMappedIsToldOf(Missing each) throws VmcoreException {
    Translation walk = each.space().translate(each.virtual());
    assertThat(walk.physical()).isEmpty();
    assertThat(walk.state()).isEqualTo(each.state());
    assertThat(walk.reason()).contains(each.reason());
    assertThat(each.space().extentAt(each.virtual()).state()).isEqualTo(each.state());
  }

  @Test
  void readsPassFromAPageToTheNext() throws VmcoreException {
    AddressSpace space =
        new Tables(LITTLE)
            .words(0x1000 + 4 * 0x3ff, 0x2067)
            .words(0x2000 + 4 * 0x3fe, 0x4063, 0x3063)
            .words(0x3ff8, 0x0102_0304, 0x0506_0708)
            .words(0x4ff8, 0x1112_1314, 0x1516_1718)
            .space(new I386Paging(KERNEL), 0x1000);
    assertThat(Reading.bytes(space, 0xffff_effcL, 6))
        .startsWith(0x18, 0x17, 0x16, 0x15)
        .endsWith(0, 0);
    assertThat(Reading.bytes(space, 0xffff_fffcL, 4)).containsExactly(8, 7, 6, 5);
    assertThat(Reading.bytes(space, 0xffff_fffcL, 16)).hasSize(4);
  }

  /** A table that is its own next one ends with the levels. */
  @Test
  void tablesThatLeadBackEnd() throws VmcoreException {
    long[] own = new long[1024];
    Arrays.fill(own, 0x1067);
    AddressSpace space =
        new Tables(LITTLE).words(0x1000, own).space(new I386Paging(KERNEL), 0x1000);
    assertThat(space.physical(0xffff_f123L)).hasValue(0x1123);
    assertThat(space.eachTable(_ -> {})).isTrue();
    assertThat(space.reverse(0x1123).reason()).contains("more");
    assertThat(space.reverse(0x5000).places()).isEmpty();
  }

  @Test
  void theKernelsAddressesAreThoseFromItsStartOn() {
    List<Paging> all =
        List.of(
            new I386Paging(KERNEL),
            new PaePaging(KERNEL),
            new ArmPaging(KERNEL, LITTLE),
            new ArmLpaePaging(KERNEL, LITTLE));
    for (Paging each : all) {
      assertThat(each.isKernel(KERNEL)).isTrue();
      assertThat(each.isKernel(0xffff_ffffL)).isTrue();
      assertThat(each.isKernel(KERNEL - 1)).isFalse();
      assertThat(each.kernelReach().contains(0xffff_ffffL)).isTrue();
      assertThat(each.taskReach().contains(1L << 32)).isFalse();
    }
  }

  @Test
  void registersHoldTheRootWithFlags() {
    assertThat(new I386Paging(KERNEL).root(0x1234_5018)).isEqualTo(0x1234_5000);
    assertThat(new PaePaging(KERNEL).root(0x1234_5038)).isEqualTo(0x1234_5020);
    assertThat(new ArmPaging(KERNEL, LITTLE).root(0x4020_406a)).isEqualTo(0x4020_4000);
    assertThat(new ArmLpaePaging(KERNEL, LITTLE).root(0x4020_3020)).isEqualTo(0x4020_3020);
  }
}
