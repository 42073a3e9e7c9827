package org.vmcore.cli.command;

import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.TextOut;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore verify}. */
public final class VerifyCommand implements Subcommand {
  private final Report.Options options = new Report.Options();
  private final ProgressOption progress = new ProgressOption();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "verify",
            "Check all that can be checked.",
            "One line for each check, SEVERITY CHECK: MESSAGE. The whole dump is read for it. An error"
                + " is damage: exit status 3.");
    options.addTo(spec);
    progress.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore verify vmcore",
        "  vmcore verify --json vmcore | jq '.findings[] | select(.severity != \"info\")'");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return options.run(console, "verify", vmcore -> new Verified(verify(console, vmcore)));
  }

  private List<Finding> verify(Console console, Vmcore vmcore) throws VmcoreException {
    Progress shown = progress.start(console, vmcore.memorySize(), false);
    try {
      return vmcore.verify(shown::add);
    } finally {
      shown.finish();
    }
  }

  /** What the checks of an open dump found. */
  private record Verified(List<Finding> findings) implements Report {
    @Override
    public void json(Json json) {
      json.bool("ok", errors() == 0).array("findings");
      for (Finding finding : findings) {
        json.object().text("check", finding.check()).text("severity", severity(finding));
        if (finding.offset().isPresent()) {
          json.hex("offset", finding.offset().getAsLong());
        }
        json.text("message", finding.message()).end();
      }
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      for (Finding finding : findings) {
        out.text(severity(finding)).put(' ').text(finding.check()).text(": ");
        if (finding.offset().isPresent()) {
          out.text("offset ").hex(finding.offset().getAsLong()).text(": ");
        }
        out.line(finding.message());
      }
      out.text(errors() == 0 ? "ok: " : "damaged: ").count(errors(), "error").text(", ");
      out.count(count(Finding.Severity.WARNING), "warning").line();
    }

    @Override
    public int status(Console console) {
      return errors() == 0 ? ExitStatus.OK : ExitStatus.DAMAGED;
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

    private static String severity(Finding finding) {
      return switch (finding.severity()) {
        case INFO -> "info";
        case WARNING -> "warning";
        case ERROR -> "error";
      };
    }
  }
}
