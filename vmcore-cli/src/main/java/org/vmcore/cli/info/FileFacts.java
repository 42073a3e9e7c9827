package org.vmcore.cli.info;

import java.util.Optional;
import java.util.StringJoiner;
import org.vmcore.Vmcore;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.ElfIdent;
import org.vmcore.memory.DumpOrigin;

/** What {@code vmcore info} tells of the file's own headers, and of how the dump was made. */
final class FileFacts {
  private static final int ZERO = 1;
  private static final int CACHE = 2;
  private static final int ALL_CACHE = 4;
  private static final int USER = 8;
  private static final int FREE = 16;
  private static final String NOT_BY_LEVEL = ", but pages were left out by other means";

  private final Vmcore vmcore;
  private final boolean isElf;
  private final Optional<DumpOrigin> origin;

  FileFacts(Vmcore vmcore) {
    this.vmcore = vmcore;
    this.isElf = vmcore.format().equals("elf");
    this.origin = vmcore.origin();
  }

  void json(Json json) {
    if (isElf) {
      json.put(InfoFields.OS_ABI, osAbi(vmcore.header().ident()));
    }
    if (origin.isPresent()) {
      json.put(InfoFields.HEADER_VERSION, origin.get().version());
      json.put(InfoFields.COMPRESSIONS, origin.get().compressions());
      json.put(InfoFields.DUMP_LEVEL, origin.get().dumpLevel());
    }
    if (isElf || origin.isPresent()) {
      json.put(InfoFields.FINISHED, vmcore.isFinished());
    }
    if (origin.isPresent() && origin.get().part().isPresent()) {
      DumpOrigin.Part part = origin.get().part().get();
      json.object(InfoFields.PART).put(InfoFields.START_PFN, part.startPfn());
      json.put(InfoFields.END_PFN, part.endPfn()).end();
    }
  }

  /**
   * Lines of it.
   *
   * @param isReduced whether pages were left out
   */
  void text(TextOut out, boolean isReduced) {
    if (isElf) {
      ElfIdent ident = vmcore.header().ident();
      InfoCommand.key(out, InfoFields.HEADER_VERSION).text("ELF").decimal(ident.elfClass().bits());
      out.text(" core file, version ").decimal(ident.version());
      out.text(" (").text(osAbi(ident)).line(")");
    }
    if (origin.isPresent()) {
      made(out, origin.get(), isReduced);
    }
    if (isElf || origin.isPresent()) {
      InfoCommand.key(out, InfoFields.FINISHED);
      out.line(vmcore.isFinished() ? "yes" : "no, pages may be missing: see the warnings");
    }
    if (origin.isPresent() && origin.get().part().isPresent()) {
      DumpOrigin.Part part = origin.get().part().get();
      InfoCommand.key(out, InfoFields.PART).text("page frames ").hex(part.startPfn());
      out.text(" to ").hex(part.endPfn() - 1).line(" of a split set");
    }
  }

  private static void made(TextOut out, DumpOrigin origin, boolean isReduced) {
    InfoCommand.key(out, InfoFields.HEADER_VERSION).text("version ");
    out.decimal(origin.version()).line();
    InfoCommand.key(out, InfoFields.COMPRESSIONS);
    out.line(
        origin.compressions().isEmpty()
            ? "pages as they are"
            : String.join(", ", origin.compressions()));
    InfoCommand.key(out, InfoFields.DUMP_LEVEL).decimal(origin.dumpLevel());
    String kinds = leftOut(origin.dumpLevel());
    out.line(kinds.isEmpty() && isReduced ? NOT_BY_LEVEL : kinds);
  }

  /** What makedumpfile leaves out at {@code level}. */
  private static String leftOut(int level) {
    StringJoiner kinds = new StringJoiner(", ", ", without these pages: ", "");
    kinds.setEmptyValue("");
    if ((level & ZERO) != 0) {
      kinds.add("zero");
    }
    if ((level & (CACHE | ALL_CACHE)) != 0) {
      kinds.add((level & ALL_CACHE) != 0 ? "cache" : "cache without private data");
    }
    if ((level & USER) != 0) {
      kinds.add("user");
    }
    if ((level & FREE) != 0) {
      kinds.add("free");
    }
    return kinds.toString();
  }

  /** EI_OSABI (System V ABI, chapter 4), as file calls it. */
  private static String osAbi(ElfIdent ident) {
    return switch (ident.osAbi()) {
      case 0 -> "SYSV";
      case 3 -> "GNU/Linux";
      case 97 -> "ARM";
      case 255 -> "embedded";
      default -> "OS ABI " + ident.osAbi();
    };
  }
}
