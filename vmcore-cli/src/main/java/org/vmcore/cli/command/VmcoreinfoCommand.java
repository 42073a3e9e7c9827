package org.vmcore.cli.command;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.Note;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.VmcoreException;
import org.vmcore.values.Printable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore vmcoreinfo}. */
public final class VmcoreinfoCommand implements Subcommand {
  private final Report.Options options = new Report.Options();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "vmcoreinfo",
            "Print the VMCOREINFO text.",
            "The lines KEY=VALUE in which the crashed kernel tells of itself, as they are; control"
                + " characters are escaped.");
    options.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore vmcoreinfo vmcore | grep OSRELEASE",
        "  vmcore vmcoreinfo --json vmcore | jq -r .values.KERNELOFFSET");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return options.run(console, "vmcoreinfo", vmcore -> new Text(vmcore, vmcore.vmcoreInfo()));
  }

  /** VMCOREINFO of an open dump. */
  private record Text(Vmcore vmcore, Optional<VmcoreInfo> info) implements Report {
    @Override
    public void json(Json json) {
      json.object("values");
      if (info.isPresent()) {
        for (Map.Entry<String, String> each : info.get().values().entrySet()) {
          json.text(each.getKey(), each.getValue());
        }
      }
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      String text = info.map(VmcoreInfo::text).orElse("");
      for (int start = 0; start < text.length(); ) {
        int end = text.indexOf('\n', start);
        String line = text.substring(start, end < 0 ? text.length() : end);
        out.bytes(Printable.text(line).getBytes(StandardCharsets.ISO_8859_1)).line();
        start += line.length() + 1;
      }
    }

    @Override
    public int status(Console console) throws VmcoreException {
      if (info.isEmpty()) {
        throw VmcoreException.of(vmcore.name(), "no VMCOREINFO note");
      }
      if (isLost()) {
        console.say(vmcore.name(), "a part of VMCOREINFO is lost");
        return ExitStatus.DAMAGED;
      }
      return ExitStatus.OK;
    }

    private boolean isLost() throws VmcoreException {
      for (Note note : vmcore.notes()) {
        if (note.isVmcoreInfo()) {
          return NoteBytes.areLost(vmcore, note);
        }
      }
      return false;
    }
  }
}
