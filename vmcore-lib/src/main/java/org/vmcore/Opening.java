package org.vmcore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Input;
import org.vmcore.dump.PageSize;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.envelope.Envelopes;
import org.vmcore.format.Formats;
import org.vmcore.format.oldmem.RamImages;
import org.vmcore.format.raw.RamDump;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Faults;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;

/** The way from files to a vmcore: envelopes, format, image. What fails leaves nothing open. */
final class Opening {
  private final OpenOptions options;
  private final List<Finding> findings = new ArrayList<>();
  private final List<ByteSource> sources = new ArrayList<>();

  Opening(OpenOptions options) {
    this.options = options;
  }

  /** Makes a dump of a file's bytes. */
  private interface Opener {
    Dump open(ByteSource file) throws VmcoreException;
  }

  /** The file, out of its envelopes, and the other parts. */
  private ByteSource source(Path file) throws VmcoreException {
    return Envelopes.open(ByteSource.open(file), options.spill(), findings);
  }

  /** Opens a dump whose format is probed, or raw memory when there is a RAM map. */
  Vmcore dump(Path file) throws VmcoreException {
    boolean opened = false;
    try {
      List<ByteSource> parts = new ArrayList<>();
      for (Path part : options.parts()) {
        parts.add(source(part));
        sources.add(parts.getLast());
      }
      sources.addFirst(source(file));
      Vmcore vmcore = open(source -> dump(new Input(source, parts, options.pageSize(), findings)));
      opened = true;
      return vmcore;
    } finally {
      close(opened);
    }
  }

  private Dump dump(Input input) throws VmcoreException {
    if (options.ramMap().isEmpty()) {
      return Formats.open(input);
    }
    input.requireWhole("raw memory");
    RamMap map = options.ramMap().get();
    return RamDump.open("raw", input.file(), map, input.pageSize(), input.findings());
  }

  /** Opens RAM with crash headers. */
  Vmcore ram(RamImage image) throws VmcoreException {
    boolean opened = false;
    try {
      sources.add(RamImages.source(image, options.spill(), findings));
      Vmcore vmcore = open(source -> RamImages.open(image, source, options.pageSize(), findings));
      opened = true;
      return vmcore;
    } finally {
      close(opened);
    }
  }

  /** Opens memory that is the caller's. */
  Vmcore memory(String name, CrashHeaders headers, OldMemory memory) throws VmcoreException {
    PageSize page = PageSize.find(options.pageSize(), memory, name, headers, findings);
    Dump dump = new Dump("oldmem", name, headers, memory, page, findings);
    return Vmcore.of(dump, options, new OpenFiles(List.of()));
  }

  private Vmcore open(Opener opener) throws VmcoreException {
    ByteSource file = sources.getFirst();
    try {
      return Faults.guard(
          file.name(), () -> Vmcore.of(opener.open(file), options, new OpenFiles(sources)));
    } catch (OutOfMemoryError e) {
      throw VmcoreException.of(
          file.name(), "its headers and notes don't fit into the memory there is (-Xmx)", e);
    }
  }

  private void close(boolean opened) {
    if (!opened) {
      sources.forEach(ByteSource::close);
    }
  }
}
