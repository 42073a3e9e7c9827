package org.vmcore.search;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;

/** Crash headers as readable lines, and those of real kernels, which lie beside this class. */
public final class Headers {
  private Headers() {}

  /** What a real dump's first kernel told: {@code x86-61-s.proc_iomem}. */
  public static String resource(String name) throws IOException {
    try (InputStream in = Headers.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** The lines of {@code truth/elfcorehdr.txt} without those on the notes' contents. */
  public static List<String> expected(String text) {
    return text.lines().filter(line -> !line.contains("note in")).map(String::strip).toList();
  }

  public static List<String> lines(CrashHeaders headers) {
    List<String> lines = new ArrayList<>();
    ElfHeader h = headers.header();
    lines.add(
        "e_type=%d e_machine=%d e_phoff=%d e_phnum=%d e_shnum=%d"
            .formatted(h.type(), h.machine(), h.phoff(), h.phnum(), h.shnum()));
    for (ProgramHeader p : headers.programHeaders()) {
      lines.add(
          "%d %s fl=%d off=0x%x vaddr=0x%x paddr=0x%x filesz=0x%x memsz=0x%x align=0x%x"
              .formatted(
                  lines.size() - 1,
                  p.typeName(),
                  p.flags(),
                  p.offset(),
                  p.vaddr(),
                  p.paddr(),
                  p.filesz(),
                  p.memsz(),
                  p.align()));
    }
    return lines;
  }
}
