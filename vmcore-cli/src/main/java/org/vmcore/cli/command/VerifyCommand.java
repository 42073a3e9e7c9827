package org.vmcore.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.TextOut;
import org.vmcore.convert.filter.EssentialCheck;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore verify}. */
public final class VerifyCommand implements Subcommand {
  private static final Fields FIELDS = Fields.ofDumps();
  private static final Field ALL_OK = FIELDS.flag("ok", "Whether there is no error.");
  private static final Field FINDINGS = FindingFields.addTo(FIELDS);

  private static final String NAME = "verify";

  private final Frame frame = Frame.ofDumps();
  private final ProgressOption progress = new ProgressOption();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            NAME,
            "Check all that can be checked.",
            "One line for each check, SEVERITY CHECK: MESSAGE. The whole dump is read for it. An error"
                + " is damage: exit status 3. Of several dumps, a table: how each is, and the worst"
                + " that was found of it.");
    frame.addDumpTo(spec);
    frame.addTableTo(spec);
    progress.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore verify vmcore",
        "  vmcore verify --json vmcore | jq '.findings[] | select(.severity != \"info\")'");
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    if (!frame.areTabulated(false)) {
      return frame.print(console, NAME, vmcore -> new Verified(verify(console, vmcore)));
    }
    progress.requireEffect(false, "with several dumps");
    return frame.output().isJson()
        ? frame.printEach(console, NAME, own -> vmcore -> new Verified(verify(own, vmcore)))
        : frame.tabulate(console, new VerifyTable(vmcore -> verify(console.silent(), vmcore)));
  }

  private List<Finding> verify(Console console, Vmcore vmcore) throws VmcoreException {
    Progress shown = progress.start(console, vmcore.memorySize(), false);
    try {
      List<Finding> findings = new ArrayList<>(vmcore.verify(shown::add));
      findings.addAll(
          EssentialCheck.of(
              vmcore, Kernel.of(vmcore), Path.of(System.getProperty("java.io.tmpdir"))));
      return findings;
    } finally {
      shown.finish();
    }
  }

  /** What the checks of an open dump found. */
  private record Verified(List<Finding> findings) implements Report {
    @Override
    public void json(Json json) {
      json.put(ALL_OK, errors() == 0);
      FindingFields.put(json.rows(FINDINGS), findings);
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      for (Finding finding : findings) {
        FindingFields.line(out, finding);
      }
      out.text(errors() == 0 ? "ok: " : "damaged: ").count(errors(), "error").text(", ");
      out.count(count(Finding.Severity.WARNING), "warning").line();
    }

    @Override
    public void end(Ending ending) {
      if (errors() > 0) {
        ending.damaged();
      }
    }

    private int errors() {
      return count(Finding.Severity.ERROR);
    }

    private int count(Finding.Severity severity) {
      int count = 0;
      for (Finding finding : findings) {
        count += finding.severity() == severity ? 1 : 0;
      }
      return count;
    }
  }
}
