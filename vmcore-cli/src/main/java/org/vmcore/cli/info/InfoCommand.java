package org.vmcore.cli.info;

import java.nio.file.Path;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Elfcorehdrs;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.CrashTime;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.UtsName;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Printable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore info}. */
public final class InfoCommand implements Subcommand {
  private static final String NAME = "info";
  private static final int KEY_WIDTH = 14;

  private final Frame frame = Frame.ofDumps();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            NAME,
            "Print what the dump is and what is in it.",
            "What file it is, and what can be had of its kernel: where it has no VMCOREINFO note that"
                + " is searched for, in 4 GiB of memory at most unless --search-limit is given. On a"
                + " damaged dump the exit status is 3. Of several dumps, and of those in a folder, it"
                + " prints a table of what tells them apart; --json has all, a line for each.");
    frame.addDumpTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore info vmcore",
        "  vmcore info --json vmcore | jq -r .release",
        "  vmcore info /var/crash",
        "  vmcore info --json /var/crash | jq -r 'select(.error) | .file'",
        "  vmcore info --part vmcore2 --part vmcore3 vmcore1",
        "  vmcore info --ram-map 0x40000000+384MiB@0 arm.ram");
  }

  @Override
  public Fields fields() {
    return InfoFields.ALL;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    if (!frame.areTabulated(false)) {
      return frame.print(console, NAME, vmcore -> new Overview(new DumpFacts(vmcore), files()));
    }
    return frame.output().isJson()
        ? frame.printEach(
            console, NAME, _ -> vmcore -> new Overview(new DumpFacts(vmcore), List.of()))
        : frame.tabulate(console, new InfoTable());
  }

  /** The files that are read, by their paths, where there are several. */
  private List<String> files() {
    List<Path> files = frame.files();
    return files.size() < 2 ? List.of() : files.stream().map(Path::toString).toList();
  }

  /** The facts of an open dump. */
  private record Overview(DumpFacts facts, List<String> files) implements Report {
    @Override
    public void json(Json json) {
      dump(json);
      image(json);
      if (facts.release().isPresent()) {
        json.put(InfoFields.RELEASE, facts.release().get());
      }
      facts.kernel.json(json);
      if (facts.crashTime().isPresent()) {
        json.put(InfoFields.CRASH_TIME, facts.crashTime().getAsLong());
      }
      remarks(json);
      json.finish();
    }

    private void dump(Json json) {
      Vmcore vmcore = facts.vmcore;
      json.put(InfoFields.FORMAT, vmcore.format());
      if (!vmcore.envelopes().isEmpty()) {
        json.put(InfoFields.ENVELOPES, vmcore.envelopes());
      }
      if (!files.isEmpty()) {
        json.put(InfoFields.FILES, files);
      }
      facts.file.json(json);
      if (facts.isDevice()) {
        json.put(InfoFields.CONTENTS, "device").put(InfoFields.ENTRY, vmcore.header().entry());
      }
      json.put(InfoFields.ARCH, vmcore.architecture());
      json.put(InfoFields.BYTE_ORDER, facts.byteOrder()).put(InfoFields.BITS, facts.bits());
      json.put(InfoFields.ELF_CLASS, vmcore.header().elfClass().bits());
    }

    private void image(Json json) {
      Vmcore vmcore = facts.vmcore;
      json.put(InfoFields.PAGE_SIZE, vmcore.pageSize()).put(InfoFields.SIZE, vmcore.size());
      json.put(InfoFields.MEMORY_SIZE, vmcore.memorySize()).put(InfoFields.CPUS, facts.cpus());
      if (facts.possibleCpus().isPresent()) {
        json.put(InfoFields.POSSIBLE_CPUS, facts.possibleCpus().getAsInt());
      }
      json.put(InfoFields.SEGMENTS, vmcore.segments().size());
      json.put(InfoFields.CHUNKS, vmcore.chunks().size()).object(InfoFields.PAGES);
      for (PageState state : PageState.values()) {
        json.put(InfoFields.of(state), facts.frames(state));
      }
      json.end();
    }

    private void remarks(Json json) {
      json.put(InfoFields.WARNINGS, facts.warnings);
      if (!facts.choice.isEmpty()) {
        json.put(InfoFields.VMCOREINFO_CHOICE, facts.choice);
      }
      List<Finding> found = Elfcorehdrs.findings(facts.vmcore);
      if (!found.isEmpty()) {
        json.put(InfoFields.ELFCOREHDR, found.stream().map(Finding::message).toList());
      }
    }

    @Override
    public void end(Ending ending) {
      if (facts.isDamaged()) {
        ending.damaged();
      }
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      dump(out);
      kernel(out);
      if (!facts.isDevice()) {
        cpus(out);
      }
      image(out);
      pages(out);
      remarks(out);
    }

    private void dump(TextOut out) {
      Vmcore vmcore = facts.vmcore;
      key(out, InfoFields.FORMAT).text(vmcore.format());
      vmcore.envelopes().reversed().forEach(each -> out.text(" in ").text(each));
      out.line();
      if (!files.isEmpty()) {
        key(out, InfoFields.FILES).line(Printable.text(String.join(", ", files)));
      }
      facts.file.text(out, facts.frames(PageState.EXCLUDED) > 0);
      if (facts.isDevice()) {
        key(out, InfoFields.CONTENTS).line("a device's memory, by the device's addresses");
        key(out, InfoFields.ENTRY).hex(vmcore.header().entry()).line();
      }
      key(out, InfoFields.ARCH).text(vmcore.architecture()).text(", ").decimal(facts.bits());
      out.text(" bits, ").text(facts.byteOrder()).line(" endian");
    }

    private void kernel(TextOut out) {
      if (facts.release().isPresent()) {
        key(out, InfoFields.RELEASE).line(facts.release().get());
      }
      if (facts.uts().isPresent()) {
        UtsName uts = facts.uts().get();
        name(out, InfoFields.VERSION, uts.version());
        name(out, InfoFields.MACHINE, uts.machine());
        name(out, InfoFields.NODENAME, uts.nodename());
        name(out, InfoFields.DOMAINNAME, uts.domainname());
      }
      if (facts.crashTime().isPresent()) {
        key(out, InfoFields.CRASH_TIME).line(CrashTime.text(facts.crashTime().getAsLong()));
      }
      if (facts.kernel.panic().isPresent()) {
        key(out, InfoFields.PANIC).line(facts.kernel.panic().get());
      }
      if (!facts.isDevice()) {
        facts.kernel.text(out);
      }
    }

    /** The kernel calls what nobody named {@code (none)} (UTS_NODENAME, UTS_DOMAINNAME). */
    private static void name(TextOut out, Field field, String name) {
      if (!name.isEmpty() && !name.equals("(none)")) {
        key(out, field).line(name);
      }
    }

    private void image(TextOut out) {
      Vmcore vmcore = facts.vmcore;
      key(out, InfoFields.PAGE_SIZE).line(HumanSize.exact(vmcore.pageSize()));
      key(out, InfoFields.SIZE).line(HumanSize.exact(vmcore.size()));
      key(out, InfoFields.MEMORY_SIZE).line(HumanSize.exact(vmcore.memorySize()));
      key(out, InfoFields.SEGMENTS).decimal(vmcore.segments().size()).line();
      key(out, InfoFields.CHUNKS).decimal(vmcore.chunks().size()).text(" (");
      out.decimal(facts.oldMemChunks()).text(" OLDMEM, ");
      out.decimal(facts.bufferChunks()).line(" BUFFER)");
    }

    private void remarks(TextOut out) {
      for (String each : facts.choice) {
        key(out, InfoFields.VMCOREINFO_CHOICE).line(each);
      }
      for (Finding found : Elfcorehdrs.findings(facts.vmcore)) {
        key(out, InfoFields.ELFCOREHDR).line(found.message());
      }
      for (String warning : facts.warnings) {
        key(out, InfoFields.WARNINGS).line(warning);
      }
    }

    private void cpus(TextOut out) {
      key(out, InfoFields.CPUS).decimal(facts.cpus());
      if (facts.possibleCpus().isPresent()) {
        out.text(" of ").decimal(facts.possibleCpus().getAsInt()).text(" possible");
      }
      out.line();
    }

    private void pages(TextOut out) {
      key(out, InfoFields.PAGES).decimal(facts.frames(PageState.PRESENT)).line(" present");
      missing(PageState.EXCLUDED, " excluded", out);
      missing(PageState.LOST, " lost", out);
    }

    private void missing(PageState state, String what, TextOut out) {
      long count = facts.frames(state);
      if (count > 0) {
        key(out, "missing").count(count, "page").text(what).text(" (");
        out.text(HumanSize.of(count * facts.vmcore.pageSize())).line(")");
      }
    }
  }

  /** Begins the line of {@code field}. */
  static TextOut key(TextOut out, Field field) {
    return key(out, field.title());
  }

  private static TextOut key(TextOut out, String key) {
    return out.text(key).put(':').spaces(KEY_WIDTH - key.length());
  }
}
