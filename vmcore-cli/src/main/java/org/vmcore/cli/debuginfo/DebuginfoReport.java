package org.vmcore.cli.debuginfo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.debuginfo.DebugFile;
import org.vmcore.debuginfo.DebugInfo.Modules;
import org.vmcore.debuginfo.terms.LeftOut;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.memory.Finding;

/**
 * Tells of a debug file.
 *
 * @param dump the dump's name
 * @param output the file
 * @param made what came of it; empty where one was there and was left
 * @param folder where the files of modules are, if they are wanted
 * @param modules what came of these
 */
record DebuginfoReport(
    String dump,
    Path output,
    Purpose purpose,
    Optional<DebugFile> made,
    Optional<Path> folder,
    Optional<Modules> modules) {
  private static final int LABEL = 12;

  void json(Json json) {
    json.put(DebuginfoFields.OUTPUT, output.toString());
    json.put(DebuginfoFields.FOR, purpose.label());
    json.put(DebuginfoFields.WRITTEN, made.isPresent());
    made.ifPresent(file -> json(json, file));
    modules.ifPresent(all -> json.put(DebuginfoFields.MODULES, all.files()));
    if (made.isPresent() || modules.isPresent()) {
      findings(json);
    }
    json.finish();
  }

  private List<Finding> findings() {
    List<Finding> all = new ArrayList<>();
    made.ifPresent(file -> all.addAll(file.findings()));
    modules.ifPresent(each -> all.addAll(each.findings()));
    return all;
  }

  private static void json(Json json, DebugFile file) {
    json.put(DebuginfoFields.SIZE, file.bytes());
    file.buildId().ifPresent(id -> json.put(DebuginfoFields.BUILD_ID, id));
    json.put(DebuginfoFields.SYMBOLS, file.symbols());
    json.put(DebuginfoFields.TYPES, file.types());
    json.put(DebuginfoFields.FUNCTIONS, file.functions());
    json.put(DebuginfoFields.VARIABLES, file.variables());
    json.put(DebuginfoFields.MISSING, file.missing().total());
    Row left = json.rows(DebuginfoFields.LEFT_OUT);
    for (LeftOut each : file.leftOut()) {
      left.set(DebuginfoFields.NAME, each.name()).set(DebuginfoFields.REASON, each.reason()).end();
    }
    json.end();
  }

  private void findings(Json json) {
    Row findings = json.rows(DebuginfoFields.FINDINGS);
    for (Finding each : findings()) {
      findings.set(DebuginfoFields.CHECK, each.check());
      findings.set(DebuginfoFields.SEVERITY, each.severity().name().toLowerCase(Locale.ROOT));
      findings.set(DebuginfoFields.MESSAGE, each.message()).end();
    }
    json.end();
  }

  void text(TextOut out, boolean isVerbose) {
    label(out, "output").text(output.toString()).text(", ");
    if (made.isEmpty()) {
      out.line("there already: left as it is (--force replaces it)");
    } else {
      out.line(HumanSize.of(made.get().bytes()));
      text(out, made.get(), isVerbose);
    }
    if (modules.isPresent() && folder.isPresent()) {
      label(out, "modules").count(modules.get().files(), "file").text(" in ");
      out.line(folder.get().toString());
    }
    label(out, "use").line(use());
  }

  private void text(TextOut out, DebugFile file, boolean isVerbose) {
    label(out, "for").line(purpose.label());
    label(out, "build ID").line(file.buildId().orElse("unknown"));
    label(out, "symbols").decimal(file.symbols()).line();
    label(out, "types").decimal(file.types()).text(", ").count(file.functions(), "function");
    out.text(", ").count(file.variables(), "variable").line();
    if (!file.leftOut().isEmpty()) {
      label(out, "left out").count(file.leftOut().size(), "variable");
      out.line(isVerbose ? "" : " (--verbose tells why)");
    }
    for (LeftOut each : isVerbose ? file.leftOut() : List.<LeftOut>of()) {
      out.text("  ").text(each.name()).text(": ").line(each.reason());
    }
  }

  private static TextOut label(TextOut out, String name) {
    return out.text(name).put(':').spaces(LABEL - 1 - name.length());
  }

  /** A command line to go on with. */
  private String use() {
    return switch (purpose) {
      case CRASH_DRGN -> "crash " + output + " " + dump + ", or drgn -c " + dump + " -s " + output;
      case GDB -> "vmcore core -o core " + dump + ", then gdb " + output + " core";
    };
  }

  /** What is worth knowing and no more is told only when that is asked for. */
  void end(Ending ending, boolean isVerbose) {
    for (Finding each : findings()) {
      if (isVerbose || each.severity() != Finding.Severity.INFO) {
        ending.gap("", each);
      }
    }
  }
}
