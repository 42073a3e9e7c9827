package org.vmcore.cli.find;

import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.bytes.Missing;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.find.MemorySearch;
import org.vmcore.find.Needle;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** Where in a dump's memory something is. */
final class SearchReport implements Listing {
  private final Console console;
  private final Vmcore vmcore;
  private final Kernel kernel;
  private final Question question;
  private final List<Sought> sought;
  private final Memory memory;
  private final Missing missing = new Missing();
  private long found;
  private boolean isCut;

  /**
   * What is asked for, but for what is sought.
   *
   * @param ranges where it is sought
   * @param isVirtual whether these are virtual addresses
   * @param alignment of the places, in bytes; 0 for that of pointers, where these are sought
   * @param around how many bytes in front of a place and behind it are shown
   * @param limit how many places are shown
   * @param isCount whether they are only counted
   */
  record Question(
      List<AddressRange> ranges,
      boolean isVirtual,
      int alignment,
      int around,
      long limit,
      boolean isCount) {}

  /** How it is shown how far the search is. */
  @FunctionalInterface
  interface Shown {
    Progress start(long total);
  }

  private final Shown shown;

  SearchReport(
      Console console,
      Vmcore vmcore,
      Kernel kernel,
      Question question,
      List<Sought> sought,
      Shown shown)
      throws VmcoreException {
    this.console = console;
    this.vmcore = vmcore;
    this.kernel = kernel;
    this.question = question;
    this.sought = sought;
    this.shown = shown;
    this.memory = question.isVirtual() ? kernel.memory() : vmcore.physical();
  }

  @Override
  public Field list() {
    return HitFields.HITS;
  }

  @Override
  public void bounds(Table table) {
    long last = 0xfff;
    for (ProgramHeader segment : vmcore.segments()) {
      boolean counts = segment.isLoad() && segment.isPhysicalKnown();
      last |= counts ? segment.paddr() + segment.memsz() - 1 : 0;
    }
    table.upTo(HitFields.PHYSICAL, last);
    if (question.isVirtual()) {
      table.without(HitFields.MAP);
    }
  }

  @Override
  public void json(Json json) throws VmcoreException {
    if (!question.isCount()) {
      Listing.super.json(json);
      return;
    }
    count();
    json.put(HitFields.COUNT, found);
    json.finish();
  }

  @Override
  public void text(TextOut out, OutputOptions output) throws VmcoreException {
    if (!question.isCount()) {
      Listing.super.text(out, output);
      return;
    }
    count();
    out.decimal(found).line();
  }

  private void count() throws VmcoreException {
    search(
        (_, _) -> {
          found++;
          return true;
        });
  }

  @Override
  public void records(Row row) throws VmcoreException {
    Hits hits =
        new Hits(vmcore, kernel, question.isVirtual(), memory, sought, question.around(), row);
    search(
        (address, needle) -> {
          isCut = found == question.limit();
          if (!isCut) {
            found++;
            hits.add(address, needle);
          }
          return !isCut;
        });
    hits.flush();
  }

  private void search(MemorySearch.Listener listener) throws VmcoreException {
    List<Needle> needles = sought.stream().map(Sought::needle).toList();
    MemorySearch search = MemorySearch.of(memory, needles).aligned(alignment());
    Progress progress = shown.start(total());
    try {
      for (AddressRange range : question.ranges()) {
        if (!search.over(range, new Told(listener, progress))) {
          return;
        }
      }
    } finally {
      progress.finish();
    }
  }

  /** Pointers are where the kernel has them, unless it is said otherwise. */
  private int alignment() {
    if (question.alignment() != 0) {
      return question.alignment();
    }
    boolean isPointers = sought.stream().allMatch(each -> each.kind() == Sought.Kind.POINTER);
    return isPointers ? vmcore.bits() / Byte.SIZE : 1;
  }

  private long total() {
    long total = 0;
    for (AddressRange range : question.ranges()) {
      total += range.size();
    }
    return total == 0 ? vmcore.memorySize() : total;
  }

  /** Lost bytes are counted, and what is done with shown. */
  private final class Told implements MemorySearch.Listener {
    private final MemorySearch.Listener listener;
    private final Progress progress;

    Told(MemorySearch.Listener listener, Progress progress) {
      this.listener = listener;
      this.progress = progress;
    }

    @Override
    public boolean found(long address, int needle) throws VmcoreException {
      return listener.found(address, needle);
    }

    @Override
    public void passed(long bytes) {
      progress.add(bytes);
    }

    @Override
    public void lost(Extent extent) throws VmcoreException {
      missing.add(memory, extent);
    }
  }

  @Override
  public void end(Ending ending) throws VmcoreException {
    console.out().flush();
    if (isCut) {
      console.say(
          vmcore.name(),
          "there are more than " + question.limit() + ": --limit none shows all of them");
    }
    if (missing.of(PageState.LOST) > 0) {
      missing.sayLost(console, vmcore.name(), ": not searched");
      ending.lost(missing);
    }
    if (found == 0) {
      ending.nothing("not found: " + Sought.names(sought) + excluded());
    }
  }

  /** It may be in what was left out. */
  private String excluded() throws VmcoreException {
    long pages = question.isVirtual() ? 0 : vmcore.pageCounts().excluded();
    return pages == 0
        ? ""
        : " (" + HumanSize.of(pages * vmcore.pageSize()) + " of memory are excluded from the dump)";
  }
}
