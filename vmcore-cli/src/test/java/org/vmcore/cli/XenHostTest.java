package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;

/** A dump of a Xen host. */
class XenHostTest {
  @TempDir Path folder;

  private Path dump;

  @BeforeEach
  void write() throws IOException {
    dump =
        DumpBuilder.elf64()
            .note("Xen", 0x100_0001, new byte[16])
            .vmcoreinfo("OSRELEASE=6.1.0")
            .load(0x1000, 0x1000)
            .vaddr(0xffff_8880_0000_1000L)
            .writeTo(folder.resolve("vmcore"));
  }

  @Test
  void infoSaysIt() throws IOException {
    assertThat(Run.of("info", dump).ok().lines())
        .contains(
            "page tables: none: a Xen host's, whose P2M isn't read",
            "log: none: a Xen host's, whose P2M isn't read",
            "warning: a dump of a Xen host: its frames are the machine's, and dom0's addresses can't"
                + " be translated (its P2M isn't read)");
  }

  @Test
  void whatNeedsDom0sAddressesIsRefusedInOneLine() throws IOException {
    String refusal =
        "vmcore: "
            + dump
            + ": a dump of a Xen host: dom0's addresses lead to the machine's frames by a table"
            + " (P2M) that isn't read; --phys reads machine addresses";
    Run.of("read", "--virt", "0xffff888000001000", dump).fails(1, refusal);
    Run.of("log", dump).fails(1, refusal);
    Run.of("symbol", dump, "jiffies").fails(1, refusal);
    Run.of("translate", dump, "0xffff888000001000").fails(1, refusal);
  }

  @Test
  void machineAddressesAreRead() throws IOException {
    assertThat(Run.of("read", "--phys", "0x1000", "--format", "raw", dump).ok().bytes())
        .startsWith(DumpBuilder.pattern(0x1000, 16));
  }
}
