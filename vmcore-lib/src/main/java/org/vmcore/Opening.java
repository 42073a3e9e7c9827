package org.vmcore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Input;
import org.vmcore.dump.PageSize;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.envelope.Envelopes;
import org.vmcore.format.Formats;
import org.vmcore.format.elf.ElfFormat;
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

/**
 * The way from files to a dump: envelopes, format, crash headers. What fails leaves nothing open.
 *
 * @param <T> what is made of the dump
 */
final class Opening<T> {
  private final OpenOptions options;
  private final Maker<T> maker;
  private final List<Finding> findings = new ArrayList<>();
  private final List<ByteSource> sources = new ArrayList<>();

  Opening(OpenOptions options, Maker<T> maker) {
    this.options = options;
    this.maker = maker;
  }

  /** Makes something of a dump, with which its files will be closed. */
  interface Maker<T> {
    T make(Dump dump, OpenFiles files) throws VmcoreException;
  }

  /** Makes a dump of a file's bytes. */
  private interface Opener {
    Dump open(ByteSource file) throws VmcoreException;
  }

  /** A file out of its envelopes. */
  private ByteSource source(Path file) throws VmcoreException {
    return Envelopes.open(file, options.spill(), findings);
  }

  /** Opens a dump whose format is probed, or raw memory when there is a RAM map. */
  T dump(Path file) throws VmcoreException {
    boolean opened = false;
    try {
      List<ByteSource> parts = new ArrayList<>();
      for (Path part : options.parts()) {
        parts.add(source(part));
        sources.add(parts.getLast());
      }
      sources.addFirst(source(file));
      T made = open(source -> dump(input(source, parts)));
      opened = true;
      return made;
    } finally {
      close(opened);
    }
  }

  private Input input(ByteSource file, List<ByteSource> parts) {
    return new Input(
        file, parts, options.pageSize(), options.vmcoreInfo(), options.search(), findings);
  }

  private Dump dump(Input input) throws VmcoreException {
    if (options.ramMap().isEmpty()) {
      return Formats.open(input);
    }
    RamMap map = options.ramMap().get();
    Optional<Dump> unfinished = ElfFormat.unfinished(input, map);
    if (unfinished.isPresent()) {
      input.requireWhole("an ELF dump");
      return unfinished.get();
    }
    return RamDump.open("raw", input.joined(), map);
  }

  /** Opens RAM with crash headers. */
  T ram(RamImage image) throws VmcoreException {
    boolean opened = false;
    try {
      sources.add(RamImages.source(image, options.spill(), findings));
      T made = open(source -> RamImages.open(image, input(source, List.of())));
      opened = true;
      return made;
    } finally {
      close(opened);
    }
  }

  /** Opens memory that is the caller's. */
  T memory(String name, CrashHeaders headers, OldMemory memory) throws VmcoreException {
    PageSize page = PageSize.find(options.pageSize(), memory, name, headers, findings);
    Dump dump = new Dump("oldmem", name, headers, memory, page, findings);
    return maker.make(dump, new OpenFiles(List.of()));
  }

  private T open(Opener opener) throws VmcoreException {
    ByteSource file = sources.getFirst();
    try {
      return Faults.guard(file.name(), () -> maker.make(opener.open(file), new OpenFiles(sources)));
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
