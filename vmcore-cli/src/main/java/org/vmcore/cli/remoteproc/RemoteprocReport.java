package org.vmcore.cli.remoteproc;

import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.remoteproc.kernel.RemoteProcessors;

/**
 * What is printed of remote processors.
 *
 * @param mayExtract whether files were asked for
 */
record RemoteprocReport(
    Kernel kernel,
    RemoteProcessors found,
    Extraction extraction,
    boolean mayExtract,
    boolean hasDetails)
    implements Report {
  @Override
  public void json(Json json) {
    new RemoteprocJson(json, extraction).put(found.all());
    json.finish();
  }

  @Override
  public void text(TextOut out, OutputOptions output) throws VmcoreException {
    if (found.all().isEmpty()) {
      return;
    }
    RemoteprocText text = new RemoteprocText(out, output, extraction);
    text.write(found.all());
    if (hasDetails) {
      new RemoteprocDetails(out, output, kernel.symbols()).write(found.all());
    }
  }

  @Override
  public void end(Ending ending) throws VmcoreException {
    for (Finding gap : found.gaps()) {
      ending.gap("", gap);
    }
    extraction.end(ending);
    if (found.all().isEmpty()) {
      ending.nothing(found.absence());
    } else if (mayExtract && extraction.isEmpty()) {
      ending.failed("no coredump of a remote processor is left to be extracted");
    }
  }
}
