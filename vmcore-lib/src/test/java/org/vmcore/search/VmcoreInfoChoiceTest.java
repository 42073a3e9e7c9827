package org.vmcore.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Search;
import org.vmcore.scan.SearchBudget;
import org.vmcore.testing.CountingMemory;

/** Kernels in one memory, each with its VMCOREINFO: one is the kernel that crashed. */
class VmcoreInfoChoiceTest {
  private static final long IMAGE = 0xffff_ffff_8100_0000L;
  private static final int ROOT = 0x8000;
  private static final int UTSNAME = 0x3000;
  private static final int NOTE = 0xc000;

  private final byte[] ram = new byte[8 << 20];

  /** VMCOREINFO of a kernel whose image is at {@code paddr}, and whose note is in it. */
  private void note(int paddr, String release, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "OSRELEASE=" + release,
                "SYMBOL(_stext)=" + Long.toHexString(IMAGE),
                "SYMBOL(init_uts_ns)=" + Long.toHexString(IMAGE + UTSNAME),
                "OFFSET(uts_namespace.name)=4",
                "SYMBOL(swapper_pg_dir)=" + Long.toHexString(IMAGE + ROOT),
                "NUMBER(phys_base)=" + (paddr - (IMAGE - 0xffff_ffff_8000_0000L))));
    lines.addAll(List.of(more));
    byte[] text = String.join("\n", lines).concat("\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer note = ByteBuffer.wrap(ram, paddr + NOTE, 24 + text.length);
    note.order(ByteOrder.LITTLE_ENDIAN).putInt(11).putInt(text.length).putInt(0);
    note.put("VMCOREINFO\0\0".getBytes(StandardCharsets.US_ASCII)).put(text);
  }

  private void utsname(int paddr, String release) {
    text(paddr + UTSNAME + 4 + 130, release);
  }

  private void text(int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, ram, at, bytes.length);
  }

  /** Tables that map the image in one page of 2 MiB. */
  private void tables(int paddr) {
    entry(paddr + ROOT + 511 * 8, paddr + 0x9067L);
    entry(paddr + 0x9000 + 510 * 8, paddr + 0xa067L);
    entry(paddr + 0xa000 + 8 * 8, paddr + 0xe7L);
  }

  private void entry(int at, long value) {
    ByteBuffer.wrap(ram).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
  }

  private void kernel(int paddr, String release, String... more) {
    note(paddr, release, more);
    utsname(paddr, release);
    tables(paddr);
  }

  private VmcoreInfoChoice choice() throws VmcoreException {
    return choice(CountingMemory.of(ram));
  }

  private static VmcoreInfoChoice choice(CountingMemory memory) throws VmcoreException {
    try (SearchBudget budget = SearchBudget.of(Search.DEFAULT, VmcoreInfo.NAME, 8 << 20)) {
      return VmcoreInfoChoice.of(memory, VmcoreInfoSearch.search(memory, "ram", budget));
    }
  }

  private static String release(VmcoreInfoChoice choice) {
    return choice.best().orElseThrow().info().osRelease().orElseThrow();
  }

  private static List<String> messages(VmcoreInfoChoice choice, Severity severity) {
    return choice.findings().stream()
        .filter(each -> each.severity() == severity)
        .map(Finding::message)
        .toList();
  }

  @Test
  void oneOfAnEarlierBootIsNotTaken() throws Exception {
    note(0x200000, "stale", "CRASHTIME=1700000000");
    kernel(0x400000, "live");
    VmcoreInfoChoice choice = choice();
    assertThat(release(choice)).isEqualTo("live");
    assertThat(choice.fits()).isTrue();
    assertThat(messages(choice, Severity.WARNING)).isEmpty();
    assertThat(messages(choice, Severity.INFO))
        .containsExactly(
            "taken: 0x40c000 of live (its kernel is in memory)",
            "not taken: 0x20c000 of stale (its kernel isn't where it says, with the time of a"
                + " crash); of its kernel more is in memory");
  }

  @Test
  void theSameKernelBootedAgainIsTakenWhereItLiesNow() throws Exception {
    note(0x200000, "same");
    kernel(0x400000, "same");
    assertThat(choice().best().orElseThrow().area().start()).isEqualTo(0x40c000);
  }

  @Test
  void utsnameThatIsLeftIsLessThanAKernel() throws Exception {
    note(0x200000, "half");
    utsname(0x200000, "half");
    kernel(0x400000, "live");
    assertThat(release(choice())).isEqualTo("live");
  }

  @Test
  void theOneThatCrashedWinsOverTheCrashKernel() throws Exception {
    kernel(0x200000, "capture");
    kernel(0x400000, "crashed", "CRASHTIME=1700000000");
    VmcoreInfoChoice choice = choice();
    assertThat(release(choice)).isEqualTo("crashed");
    assertThat(messages(choice, Severity.WARNING))
        .containsExactly(
            "VMCOREINFO of two kernels that are both in memory: 0x40c000 of crashed is taken, for"
                + " it has the time of a crash; the other is at 0x20c000 of capture (--vmcoreinfo"
                + " chooses)");
  }

  @Test
  void theOneThatCrashedWinsThoughLessOfItCanBeSeen() throws Exception {
    kernel(0x200000, "capture");
    kernel(0x400000, "crashed", "CRASHTIME=1700000000");
    CountingMemory memory = CountingMemory.of(ram);
    memory.state(PageState.LOST, 0x408000, 0x1000);
    assertThat(release(choice(memory))).isEqualTo("crashed");
  }

  @Test
  void theCrashKernelsCommandLineTellsIt() throws Exception {
    kernel(0x200000, "capture");
    text(0x200000 + 0x5000, "Kernel command line: quiet elfcorehdr=0x7f000000 nr_cpus=1");
    kernel(0x400000, "crashed");
    text(0x400000 + 0x5000, "elfcorehdr=0x%lx elfcorehdr");
    VmcoreInfoChoice choice = choice();
    assertThat(release(choice)).isEqualTo("crashed");
    assertThat(messages(choice, Severity.WARNING)).hasSize(1);
  }

  @Test
  void twoOfOneKernelAreNoReasonToWarn() throws Exception {
    kernel(0x200000, "live", "CRASHTIME=1700000000");
    System.arraycopy(ram, 0x200000 + NOTE, ram, 0x1000, 0x1000);
    VmcoreInfoChoice choice = choice();
    assertThat(choice.findings()).hasSize(2).noneMatch(each -> each.severity() != Severity.INFO);
  }

  @Test
  void whatIsExcludedSaysNothing() throws Exception {
    kernel(0x200000, "live");
    note(0x400000, "other");
    CountingMemory memory = CountingMemory.of(ram);
    memory.state(PageState.EXCLUDED, 0x403000, 0x1000).state(PageState.LOST, 0x408000, 0x1000);
    VmcoreInfoChoice choice = choice(memory);
    assertThat(release(choice)).isEqualTo("live");
    assertThat(messages(choice, Severity.INFO).getLast())
        .contains("nothing shows where its kernel is");
  }

  @Test
  void whereNoneFitsTheFirstIsTaken() throws Exception {
    note(0x200000, "first");
    note(0x400000, "second");
    VmcoreInfoChoice choice = choice();
    assertThat(release(choice)).isEqualTo("first");
    assertThat(choice.fits()).isFalse();
  }

  @Test
  void aKernelThatIsntWhereItSaysIsWarnedOf() throws Exception {
    note(0x200000, "gone");
    assertThat(messages(choice(), Severity.WARNING))
        .containsExactly(
            "VMCOREINFO at 0x20c000 of gone: its kernel isn't where it says; is all of its memory"
                + " where it was?");
  }

  @Test
  void tablesThatLeadBackToThemselvesEnd() throws Exception {
    note(0x200000, "loop");
    entry(0x200000 + ROOT + 511 * 8, 0x208067L);
    entry(0x200000 + ROOT + 510 * 8, 0x208067L);
    entry(0x200000 + ROOT + 8 * 8, 0x208067L);
    assertThat(choice().fits()).isFalse();
  }

  @Test
  void manyAreListedInShort() throws Exception {
    for (int i = 0; i < 7; i++) {
      note(i << 20, "k" + i);
    }
    assertThat(messages(choice(), Severity.INFO)).hasSize(6).endsWith("not taken: 2 more");
  }

  @Test
  void nothingIsChosenAmongNone() throws Exception {
    VmcoreInfoChoice choice = choice();
    assertThat(choice.best()).isEmpty();
    assertThat(choice.findings()).isEmpty();
  }
}
