package org.vmcore.format.oldmem;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Input;
import org.vmcore.dump.PageSize;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.envelope.Envelopes;
import org.vmcore.fdt.ChosenNode;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.format.foreign.ForeignFile;
import org.vmcore.format.lime.Lime;
import org.vmcore.format.raw.PcRam;
import org.vmcore.io.ByteSource;
import org.vmcore.io.JoinedSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.oldmem.LiveMemory;
import org.vmcore.oldmem.RestrictedMemory;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;
import org.vmcore.open.Search;
import org.vmcore.open.Spill;
import org.vmcore.scan.SearchBudget;
import org.vmcore.search.ElfcorehdrCandidate;
import org.vmcore.search.ElfcorehdrParser;
import org.vmcore.search.ElfcorehdrSearch;

/** Opens RAM images: reads the map of their RAM and finds their crash headers. */
public final class RamImages {
  private static final String CHECK = "elfcorehdr";

  private final RamImage image;
  private final ByteSource source;
  private final Search search;
  private final List<Finding> findings;

  private RamImages(RamImage image, Input input) {
    this.image = image;
    this.source = input.file();
    this.search = input.search();
    this.findings = input.findings();
  }

  /** Opens {@code image}'s file, out of its envelopes, or the device that is one. */
  public static ByteSource source(RamImage image, Spill spill, List<Finding> findings)
      throws VmcoreException {
    if (!image.more().isEmpty()) {
      return joined(image, spill, findings);
    }
    if (!ByteSource.isDevice(image.file())) {
      return Envelopes.open(image.file(), spill, findings);
    }
    if (image.map().isEmpty()) {
      throw VmcoreException.of(
          image.file().toString(), "a device doesn't tell where its RAM lies: a RAM map must");
    }
    return ByteSource.openDevice(image.file(), image.map().get().fileSize());
  }

  private static ByteSource joined(RamImage image, Spill spill, List<Finding> findings)
      throws VmcoreException {
    if (image.map().isEmpty()) {
      throw VmcoreException.of(
          image.more().getFirst().toString(),
          "several files of RAM: a RAM map must tell what is in which");
    }
    List<ByteSource> files = new ArrayList<>();
    boolean opened = false;
    try {
      files.add(Envelopes.open(image.file(), spill, findings));
      for (Path file : image.more()) {
        files.add(Envelopes.open(file, spill, findings));
      }
      ByteSource joined = JoinedSource.of(files.getFirst(), files.subList(1, files.size()));
      opened = true;
      return joined;
    } finally {
      if (!opened) {
        files.forEach(ByteSource::close);
      }
    }
  }

  /** Opens {@code image}, whose bytes are those of {@code input}'s file. */
  public static Dump open(RamImage image, Input input) throws VmcoreException {
    return new RamImages(image, input).open(input.pageSize());
  }

  private Dump open(OptionalLong pageSize) throws VmcoreException {
    RamMap map = map(image, source, findings);
    FileOldMemory ram = FileOldMemory.of(map, source);
    CrashHeaders headers = headers(ram);
    PageSize page = PageSize.find(pageSize, ram, source.name(), headers, findings);
    int machine = headers.header().machine();
    PcRam.check(source, map, machine, page.vmcoreInfo(), findings);
    OldMemory all =
        image.more().isEmpty() && ByteSource.isDevice(image.file()) ? LiveMemory.of(ram) : ram;
    OldMemory memory =
        image.isRam().map(isRam -> RestrictedMemory.of(all, page.bytes(), isRam)).orElse(all);
    return new Dump("oldmem", source.name(), headers, memory, page, findings);
  }

  /**
   * The RAM of {@code image} in {@code source}, which holds its file's bytes.
   *
   * @param findings where is reported what is wrong with a LiME image
   * @throws VmcoreException when it can't be read
   */
  public static FileOldMemory memory(RamImage image, ByteSource source, List<Finding> findings)
      throws VmcoreException {
    return FileOldMemory.of(map(image, source, findings), source);
  }

  private static RamMap map(RamImage image, ByteSource source, List<Finding> findings)
      throws VmcoreException {
    if (image.map().isPresent()) {
      return image.map().get();
    }
    return Lime.isLime(source) ? Lime.map(source, findings) : RamMap.identity(source.size());
  }

  private CrashHeaders headers(OldMemory ram) throws VmcoreException {
    return switch (image.headers()) {
      case RamImage.Elfcorehdr.At(long address) ->
          ElfcorehdrParser.parse(ram, source.name(), address);
      case RamImage.Elfcorehdr.InFile(var file) -> inFile(file);
      case RamImage.Elfcorehdr.ByDeviceTree(var dtb) ->
          ElfcorehdrParser.parse(ram, source.name(), address(dtb));
      case RamImage.Elfcorehdr.Found() -> ElfcorehdrParser.parse(ram, source.name(), found(ram));
    };
  }

  private static CrashHeaders inFile(Path file) throws VmcoreException {
    try (ByteSource headers = ByteSource.open(file)) {
      return ElfcorehdrParser.parse(FileOldMemory.whole(headers), headers.name(), 0);
    }
  }

  private static long address(Path dtb) throws VmcoreException {
    Optional<AddressRange> range = ChosenNode.elfcorehdr(dtb.toString(), DeviceTree.read(dtb));
    if (range.isEmpty()) {
      throw VmcoreException.of(
          dtb.toString(),
          "/chosen has no " + ChosenNode.ELFCOREHDR + ": not a crash kernel's tree");
    }
    return range.get().start();
  }

  /** At least one. */
  private List<ElfcorehdrCandidate> search(OldMemory ram) throws VmcoreException {
    long size = source.size();
    try (SearchBudget budget = SearchBudget.of(search, CHECK, size)) {
      List<ElfcorehdrCandidate> found = ElfcorehdrSearch.search(ram, source.name(), budget);
      if (found.isEmpty() && budget.unsearched().isPresent()) {
        throw VmcoreException.of(
            source.name(), "no elfcorehdr found; memory is " + budget.unsearched().get());
      }
      if (found.isEmpty()) {
        refuseForeign();
        throw VmcoreException.of(
            source.name(),
            "no elfcorehdr in it: is its RAM elsewhere (--ram-map)? If there was no kdump: prepare"
                + " makes one; opened as DUMP (raw memory with --ram-map) it needs none");
      }
      budget.finding().ifPresent(findings::add);
      return found;
    }
  }

  private void refuseForeign() throws VmcoreException {
    Optional<ForeignFile> foreign =
        image.map().isEmpty() ? ForeignFile.of(source) : Optional.empty();
    if (foreign.isPresent()) {
      throw VmcoreException.at(source.name(), foreign.get().offset(), foreign.get().reason());
    }
  }

  private long found(OldMemory ram) throws VmcoreException {
    List<ElfcorehdrCandidate> candidates = search(ram);
    ElfcorehdrCandidate best = candidates.getFirst();
    findings.add(Finding.info(CHECK, "found at " + best.describe()));
    for (ElfcorehdrCandidate other : candidates.subList(1, candidates.size())) {
      findings.add(
          Finding.info(
              CHECK,
              "not taken: " + other.describe() + "; rather the first: " + best.reasonOver(other)));
    }
    return best.address();
  }
}
