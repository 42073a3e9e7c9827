package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** Dumps of a Xen host: dom0's addresses are not translated. */
class XenHostTest extends OpenedDump {
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;

  private static DumpBuilder host(String note, int type) {
    return DumpBuilder.elf64()
        .note(note, type, new byte[16])
        .vmcoreinfo("OSRELEASE=6.1.0", "SYMBOL(init_uts_ns)=ffffffff81000000")
        .load(0x1000, 0x1000)
        .vaddr(DIRECT_MAP + 0x1000);
  }

  @ParameterizedTest
  @CsvSource({"Xen, 0x1000001", "Xen, 0x1000002", "VMCOREINFO_XEN, 0"})
  void itsVirtualMemoryIsRefused(String note, String type) throws Exception {
    try (Vmcore vmcore = open(host(note, Integer.decode(type)))) {
      Kernel kernel = Kernel.of(vmcore);
      String message = "a dump of a Xen host";
      assertThat(vmcore.isXenHost()).isTrue();
      assertThatThrownBy(kernel::memory).hasMessageContaining(message);
      assertThatThrownBy(kernel::uts).hasMessageContaining(message);
      assertThatThrownBy(() -> kernel.log().records(_ -> {})).hasMessageContaining(message);
      assertThat(Reading.bytes(vmcore.physical(), 0x1000, 0x1000)).hasSize(0x1000);
    }
  }

  @Test
  void aGuestsKernelIsNoHost() throws Exception {
    try (Vmcore vmcore = open(host("Xen", 0x200_0001))) {
      assertThat(vmcore.isXenHost()).isFalse();
      assertThat(Kernel.of(vmcore).memory().extentAt(DIRECT_MAP + 0x1000).isPresent()).isTrue();
    }
  }

  @Test
  void itsNotesHaveNames() throws Exception {
    try (Vmcore vmcore = open(host("Xen", 0x100_0001))) {
      assertThat(vmcore.notes().getFirst().typeName()).isEqualTo("XEN_ELFNOTE_CRASH_INFO");
    }
  }
}
