package org.vmcore.cli;

import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore verify}. */
final class VerifyCommand implements Subcommand {
  private final DumpOptions dump = new DumpOptions();
  private final OutputOptions output = new OutputOptions();
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
    dump.addTo(spec);
    output.addTo(spec);
    progress.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore verify vmcore",
        "  vmcore verify --json vmcore | jq '.findings[] | select(.severity != \"info\")'");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean json = output.isJson();
    try (Vmcore vmcore = dump.open()) {
      List<Finding> findings = verify(console, vmcore);
      int errors = count(findings, Finding.Severity.ERROR);
      if (json) {
        json(findings, errors == 0, output.document(console, "verify", vmcore));
      } else {
        text(findings, errors, console.out());
      }
      return errors == 0 ? ExitStatus.OK : ExitStatus.DAMAGED;
    }
  }

  private List<Finding> verify(Console console, Vmcore vmcore) throws VmcoreException {
    Progress shown = progress.start(console, vmcore.memorySize(), false);
    try {
      return vmcore.verify(shown::add);
    } finally {
      shown.finish();
    }
  }

  private static int count(List<Finding> findings, Finding.Severity severity) {
    int count = 0;
    for (Finding finding : findings) {
      count += finding.severity() == severity ? 1 : 0;
    }
    return count;
  }

  private static void json(List<Finding> findings, boolean ok, Json json) {
    json.bool("ok", ok).array("findings");
    for (Finding finding : findings) {
      json.object().text("check", finding.check()).text("severity", severity(finding));
      if (finding.offset().isPresent()) {
        json.hex("offset", finding.offset().getAsLong());
      }
      json.text("message", finding.message()).end();
    }
    json.finish();
  }

  private static void text(List<Finding> findings, int errors, TextOut out) {
    for (Finding finding : findings) {
      out.text(severity(finding)).put(' ').text(finding.check()).text(": ");
      if (finding.offset().isPresent()) {
        out.text("offset ").hex(finding.offset().getAsLong()).text(": ");
      }
      out.line(finding.message());
    }
    int warnings = count(findings, Finding.Severity.WARNING);
    out.text(errors == 0 ? "ok: " : "damaged: ").count(errors, "error").text(", ");
    out.count(warnings, "warning").line();
  }

  private static String severity(Finding finding) {
    return switch (finding.severity()) {
      case INFO -> "info";
      case WARNING -> "warning";
      case ERROR -> "error";
    };
  }
}
