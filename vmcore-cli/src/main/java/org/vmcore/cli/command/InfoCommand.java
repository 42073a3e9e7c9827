package org.vmcore.cli.command;

import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.CrashTime;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;
import org.vmcore.kernel.UtsName;
import org.vmcore.memory.PageState;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore info}. */
public final class InfoCommand implements Subcommand {
  private static final int KEY_WIDTH = 14;

  private final Report.Options options = new Report.Options();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "info",
            "Print what the dump is and what is in it.",
            "What file it is, and what can be had of its kernel: where it has no VMCOREINFO note that"
                + " is searched for, in up to 4 GiB of memory. On a damaged dump the exit status is"
                + " 3.");
    options.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore info vmcore",
        "  vmcore info --json vmcore | jq -r .release",
        "  vmcore info --part vmcore2 --part vmcore3 vmcore1",
        "  vmcore info --ram-map 0x40000000+384MiB@0 arm.ram");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return options.run(console, "info", vmcore -> new Overview(new DumpFacts(vmcore)));
  }

  /** The facts of an open dump. */
  private record Overview(DumpFacts facts) implements Report {
    @Override
    public void json(Json json) {
      Vmcore vmcore = facts.vmcore;
      json.text("format", vmcore.format());
      if (!vmcore.envelopes().isEmpty()) {
        json.array("envelopes");
        vmcore.envelopes().forEach(json::element);
        json.end();
      }
      json.text("arch", vmcore.architecture());
      json.text("byte_order", facts.byteOrder()).number("elf_class", facts.bits());
      json.hex("page_size", vmcore.pageSize()).hex("size", vmcore.size());
      json.hex("memory_size", vmcore.memorySize()).number("cpus", facts.cpus());
      if (facts.possibleCpus().isPresent()) {
        json.number("possible_cpus", facts.possibleCpus().getAsInt());
      }
      json.number("segments", vmcore.segments().size());
      json.number("chunks", vmcore.chunks().size()).object("pages");
      for (PageState state : PageState.values()) {
        json.number(state.label(), facts.frames(state));
      }
      json.end();
      if (facts.release().isPresent()) {
        json.text("release", facts.release().get());
      }
      facts.kernel.json(json);
      if (facts.crashTime().isPresent()) {
        json.decimal("crash_time", facts.crashTime().getAsLong());
      }
      json.array("warnings");
      for (String warning : facts.warnings) {
        json.element(warning);
      }
      json.end();
      List<Finding> found = Elfcorehdrs.findings(vmcore);
      if (!found.isEmpty()) {
        json.array("elfcorehdr");
        found.forEach(each -> json.element(each.message()));
      }
      json.finish();
    }

    @Override
    public int status(Console console) {
      return facts.isDamaged() ? ExitStatus.DAMAGED : ExitStatus.OK;
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      Vmcore vmcore = facts.vmcore;
      key(out, "format").text(vmcore.format());
      vmcore.envelopes().reversed().forEach(each -> out.text(" in ").text(each));
      out.line();
      key(out, "architecture").text(vmcore.architecture()).text(", ").decimal(facts.bits());
      out.text(" bits, ").text(facts.byteOrder()).line(" endian");
      if (facts.release().isPresent()) {
        key(out, "kernel").line(facts.release().get());
      }
      if (facts.uts().isPresent()) {
        UtsName uts = facts.uts().get();
        key(out, "version").line(uts.version());
        key(out, "machine").line(uts.machine());
        key(out, "node name").line(uts.nodename());
      }
      if (facts.crashTime().isPresent()) {
        key(out, "crash time").line(CrashTime.text(facts.crashTime().getAsLong()));
      }
      if (facts.kernel.panic().isPresent()) {
        key(out, "panic").line(facts.kernel.panic().get());
      }
      facts.kernel.text(out);
      cpus(out);
      key(out, "page size").line(HumanSize.exact(vmcore.pageSize()));
      key(out, "image size").line(HumanSize.exact(vmcore.size()));
      key(out, "memory").line(HumanSize.exact(vmcore.memorySize()));
      key(out, "segments").decimal(vmcore.segments().size()).line();
      key(out, "chunks").decimal(vmcore.chunks().size()).text(" (");
      out.decimal(facts.oldMemChunks()).text(" OLDMEM, ");
      out.decimal(facts.bufferChunks()).line(" BUFFER)");
      pages(out);
      for (Finding found : Elfcorehdrs.findings(vmcore)) {
        key(out, "elfcorehdr").line(found.message());
      }
      for (String warning : facts.warnings) {
        key(out, "warning").line(warning);
      }
    }

    private void cpus(TextOut out) {
      key(out, "CPUs").decimal(facts.cpus());
      if (facts.possibleCpus().isPresent()) {
        out.text(" of ").decimal(facts.possibleCpus().getAsInt()).text(" possible");
      }
      out.line();
    }

    private void pages(TextOut out) {
      key(out, "pages").decimal(facts.frames(PageState.PRESENT)).line(" present");
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

  /** Begins a line. */
  public static TextOut key(TextOut out, String key) {
    return out.text(key).put(':').spaces(KEY_WIDTH - key.length());
  }
}
