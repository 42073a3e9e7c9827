package org.vmcore.debuginfo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.debuginfo.dwarf.DebugSections;
import org.vmcore.debuginfo.dwarf.Dwarf;
import org.vmcore.debuginfo.dwarf.Frames;
import org.vmcore.debuginfo.elf.KernelFile;
import org.vmcore.debuginfo.elf.KernelFile.Written;
import org.vmcore.debuginfo.elf.KernelNotes;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.debuginfo.modules.ModuleFiles;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.io.IoReason;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.Missing;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import org.vmcore.values.Hex;

/**
 * Makes a vmlinux out of a dump: an ELF file with the kernel's symbols, its types as DWARF, and its
 * bytes, by which crash, drgn and gdb work as with the one that was built.
 *
 * {@snippet :
 * DebugFile made = DebugInfo.of(vmcore, kernel).purpose(Purpose.GDB).write(Path.of("vmlinux"));
 * }
 */
public final class DebugInfo {
  private static final String CHECK = "debuginfo";

  private final Vmcore vmcore;
  private final Kernel kernel;
  private Purpose purpose = Purpose.CRASH_DRGN;
  private boolean withText = true;
  private boolean force;
  private boolean sync = true;
  private FileCheck check = file -> {};
  private LongConsumer progress = bytes -> {};

  private DebugInfo(Vmcore vmcore, Kernel kernel) {
    this.vmcore = vmcore;
    this.kernel = kernel;
  }

  /** That of {@code vmcore}'s kernel, for crash and drgn. Nothing is read before it is written. */
  public static DebugInfo of(Vmcore vmcore, Kernel kernel) {
    return new DebugInfo(vmcore, kernel);
  }

  /** For which debuggers it is. */
  public DebugInfo purpose(Purpose wanted) {
    purpose = wanted;
    return this;
  }

  /** Leaves out the bytes of text, constants and data, which debuggers read from the dump. */
  public DebugInfo withoutText() {
    withText = false;
    return this;
  }

  /** Whether an existing file may be replaced; false if not set. */
  public DebugInfo force(boolean may) {
    force = may;
    return this;
  }

  /** Whether it is on the disk when it is written; true if not set. */
  public DebugInfo sync(boolean waits) {
    sync = waits;
    return this;
  }

  /** Whether a file may be written. */
  @FunctionalInterface
  public interface FileCheck {
    /** Throws when it may not. */
    void check(Path file) throws VmcoreException;
  }

  /** Is asked of each file whose name isn't given but made: of a store's, and of modules'. */
  public DebugInfo checking(FileCheck asked) {
    check = asked;
    return this;
  }

  /** Is told how many bytes of the kernel's image more are written. */
  public DebugInfo progress(LongConsumer listener) {
    progress = listener;
    return this;
  }

  private KernelLayout layout() throws VmcoreException {
    Machine machine = KernelMachine.of(vmcore.header(), vmcore.notes(), kernel.info()).machine();
    if (machine.number() != Machine.X86_64 && machine.number() != Machine.ARM64) {
      throw VmcoreException.of(
          vmcore.name(), "a kernel of " + machine + ": a vmlinux is made of x86_64's and arm64's");
    }
    return KernelLayout.of(vmcore, kernel, purpose);
  }

  /**
   * Writes it.
   *
   * @throws VmcoreException when nothing tells where the kernel's image lies, it is of a machine
   *     that isn't known here, the dump is closed, its file fails, or the output can't be written;
   *     then there is none
   */
  public DebugFile write(Path target) throws VmcoreException {
    KernelLayout layout = layout();
    return write(target, layout, KernelNotes.of(layout));
  }

  private DebugFile write(Path target, KernelLayout layout, KernelNotes notes)
      throws VmcoreException {
    Optional<DebugSections> dwarf = Dwarf.of(layout);
    List<Finding> gaps = new ArrayList<>();
    Optional<ByteBuffer> frames = purpose == Purpose.GDB ? frames(layout, gaps) : Optional.empty();
    try (OutputFile out = OutputFile.create(target, new OutputFile.Options(force, sync))) {
      Written written =
          KernelFile.write(out, layout, kernel.order(), notes, withText, dwarf, frames, progress);
      out.commit();
      if (purpose == Purpose.GDB) {
        gaps.addAll(layout.moduleGaps());
      }
      return made(notes, dwarf, written, gaps);
    }
  }

  /** Where a file was stored, and what came of it; empty where one of that build was there. */
  public record Stored(Path file, Optional<DebugFile> made) {}

  /**
   * Writes it to the place below {@code folder} where debuggers look for the debug file of a build:
   * {@code .build-id/xx/yyyy.debug}, xx being the first two digits of the build ID. One that is
   * there serves as well and is left as it is, unless it may be replaced.
   *
   * @throws VmcoreException when nothing tells the build ID, a folder can't be created, and as
   *     {@link #write} does
   */
  public Stored store(Path folder) throws VmcoreException {
    KernelLayout layout = layout();
    KernelNotes notes = KernelNotes.of(layout);
    Optional<String> id = notes.buildIdText();
    if (id.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "nothing tells the kernel's build ID");
    }
    Path parent = folder.resolve(".build-id").resolve(id.get().substring(0, 2));
    Path file = parent.resolve(id.get().substring(2) + ".debug");
    if (!force && Files.exists(file)) {
      return new Stored(file, Optional.empty());
    }
    try {
      Files.createDirectories(parent);
    } catch (IOException e) {
      throw VmcoreException.of(parent.toString(), "cannot create: " + IoReason.of(e), e);
    }
    check.check(file);
    return new Stored(file, Optional.of(write(file, layout, notes)));
  }

  /**
   * What was written of modules.
   *
   * @param files how many files
   * @param findings what is to be said of them, and of modules that have none
   */
  public record Modules(int files, List<Finding> findings) {
    /** An unmodifiable copy of the findings is kept. */
    public Modules {
      findings = List.copyOf(findings);
    }
  }

  /**
   * Writes a file {@code NAME.ko} into {@code folder} for each module that is loaded: what crash's
   * {@code mod -S} and drgn take for its own debug file. They serve all purposes alike.
   *
   * @throws VmcoreException when the folder can't be created, the dump is closed, its file fails,
   *     or a file can't be written
   */
  public Modules modules(Path folder) throws VmcoreException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw VmcoreException.of(folder.toString(), "cannot create: " + IoReason.of(e), e);
    }
    ModuleFiles.Written written =
        ModuleFiles.write(
            kernel,
            layout().machine(),
            kernel.order(),
            folder,
            new OutputFile.Options(force, sync),
            check::check);
    return new Modules(written.files(), written.findings());
  }

  /** The unwind table; what can't be had of it isn't worth more than a gap. */
  private static Optional<ByteBuffer> frames(KernelLayout layout, List<Finding> gaps)
      throws VmcoreException {
    try {
      return Frames.of(layout);
    } catch (BrokenStack e) {
      gaps.add(
          new Finding(
              CHECK,
              e.finding().severity(),
              OptionalLong.empty(),
              "no .debug_frame: " + e.finding().message()));
      return Optional.empty();
    }
  }

  private DebugFile made(
      KernelNotes notes, Optional<DebugSections> dwarf, Written written, List<Finding> gaps)
      throws VmcoreException {
    List<Finding> findings = new ArrayList<>(kernel.symbols().gaps());
    if (kernel.symbols().lacksData()) {
      findings.add(warning("without them the file is of use to drgn and gdb, and not to crash"));
    }
    findings.addAll(gaps);
    if (dwarf.isPresent()) {
      findings.addAll(dwarf.get().gaps());
    } else {
      findings.addAll(kernel.types().gaps());
      findings.add(
          error("the file has no types: it is of use for symbols alone, and not to crash"));
    }
    missing(written.missing(), findings);
    leftOut(written.outside(), "in no section", findings);
    leftOut(written.unprintable(), "under a name that is none", findings);
    leftOut(written.spare(), "behind as many of modules as a file has", findings);
    return new DebugFile(
        written.bytes(),
        notes.buildIdText(),
        written.symbols(),
        dwarf.map(DebugSections::types).orElse(0),
        dwarf.map(DebugSections::functions).orElse(0),
        dwarf.map(DebugSections::variables).orElse(0),
        dwarf.map(DebugSections::leftOut).orElse(List.of()),
        written.missing(),
        findings);
  }

  private static void leftOut(int symbols, String where, List<Finding> findings) {
    if (symbols > 0) {
      String count = symbols == 1 ? "1 symbol lies " : symbols + " symbols lie ";
      findings.add(Finding.info(CHECK, count + where + ": left out"));
    }
  }

  private static void missing(Missing missing, List<Finding> findings) {
    if (missing.lost() > 0) {
      String why = missing.loss().map(loss -> ": " + loss.message()).orElse("");
      findings.add(
          error(
              Hex.of(missing.lost())
                  + " bytes of the kernel's image are lost, zeros in the file"
                  + why));
    }
    long absent = missing.excluded() + missing.notRam();
    if (absent > 0) {
      findings.add(
          warning(
              Hex.of(absent)
                  + " bytes of the kernel's image aren't in the dump: zeros in the file"));
    }
  }

  private static Finding error(String message) {
    return new Finding(CHECK, Severity.ERROR, OptionalLong.empty(), message);
  }

  private static Finding warning(String message) {
    return new Finding(CHECK, Severity.WARNING, OptionalLong.empty(), message);
  }
}
