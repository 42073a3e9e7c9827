package org.vmcore.cli.note;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Kind;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Printable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore vmcoreinfo}. */
public final class VmcoreinfoCommand implements Subcommand {
  private static final Fields FIELDS = Fields.ofDump();
  private static final Field VALUES =
      FIELDS.add("values", Kind.NAMED_TEXTS, "The lines KEY=VALUE; of equal keys the first.");

  private final Frame frame = Frame.ofDump();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "vmcoreinfo",
            "Print the VMCOREINFO text.",
            "The lines KEY=VALUE in which the crashed kernel tells of itself, as they are; control"
                + " characters, and bytes that aren't UTF-8, are escaped.");
    frame.addDumpTo(spec);
    frame.addOutputTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore vmcoreinfo vmcore | grep OSRELEASE",
        "  vmcore vmcoreinfo --json vmcore | jq -r .values.KERNELOFFSET");
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return frame.print(console, "vmcoreinfo", vmcore -> new Text(vmcore, vmcore.vmcoreInfo()));
  }

  /** VMCOREINFO of an open dump. */
  private record Text(Vmcore vmcore, Optional<VmcoreInfo> info) implements Report {
    @Override
    public void json(Json json) {
      Map<String, String> values = new LinkedHashMap<>();
      info.map(VmcoreInfo::values)
          .orElse(Map.of())
          .forEach((key, value) -> values.putIfAbsent(decoded(key), decoded(value)));
      json.put(VALUES, values).finish();
    }

    /** UTF-8, whose bytes are the characters of {@code bytes}. */
    private static String decoded(String bytes) {
      return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      String text = info.map(VmcoreInfo::text).orElse("");
      for (int start = 0; start < text.length(); ) {
        int end = text.indexOf('\n', start);
        String line = text.substring(start, end < 0 ? text.length() : end);
        out.line(Printable.utf8(line));
        start += line.length() + 1;
      }
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      boolean isLost = vmcore.isVmcoreInfoLost();
      if (info.isEmpty() && !isLost) {
        ending.nothing("no VMCOREINFO note");
      } else if (isLost) {
        ending.lost(
            info.isEmpty()
                ? "no VMCOREINFO note: parts of the dump are lost"
                : "a part of VMCOREINFO is lost");
      }
    }
  }
}
