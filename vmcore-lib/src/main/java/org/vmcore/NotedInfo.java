package org.vmcore;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.dump.Dump;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.image.Image;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.search.KeptInfo;
import org.vmcore.search.VmcoreInfoSearch;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;

/**
 * The VMCOREINFO that a dump is opened with: that of its own notes, or the one at a physical
 * address that was asked for; where there is none, that whose address the kernel keeps at a fixed
 * place.
 */
final class NotedInfo {
  private final Dump dump;
  private final Image image;
  private final Optional<VmcoreInfoNote> chosen;
  private volatile @Nullable Looked looked;

  private NotedInfo(Dump dump, Image image, Optional<VmcoreInfoNote> chosen) {
    this.dump = dump;
    this.image = image;
    this.chosen = chosen;
  }

  /**
   * What was found when it was looked for.
   *
   * @param keptAt the physical address at which the kernel keeps it, when it isn't a note's
   */
  private record Looked(Optional<VmcoreInfo> found, OptionalLong keptAt) {}

  /**
   * VMCOREINFO of {@code dump}, which {@code image} shows.
   *
   * @param at the physical address of the one to take; empty for the dump's own
   * @throws VmcoreException when there is none at that address, or the dump's file fails
   */
  static NotedInfo of(Dump dump, Image image, OptionalLong at) throws VmcoreException {
    if (at.isEmpty()) {
      return new NotedInfo(dump, image, Optional.empty());
    }
    VmcoreInfoNote chosen =
        VmcoreInfoSearch.require(image.physical(), dump.source(), at.getAsLong());
    return new NotedInfo(dump, image, Optional.of(chosen));
  }

  /** The physical address of the one that was asked for. */
  OptionalLong chosenAt() {
    return chosen.isEmpty() ? OptionalLong.empty() : OptionalLong.of(chosen.get().area().start());
  }

  /** The physical address at which the kernel keeps it; empty where a note or an option tells. */
  OptionalLong keptAt() throws VmcoreException {
    return looked().keptAt();
  }

  /** VMCOREINFO, which is parsed once. */
  Optional<VmcoreInfo> info() throws VmcoreException {
    return looked().found();
  }

  private Looked looked() throws VmcoreException {
    Looked known = looked;
    if (known == null) {
      looked = known = look();
    }
    return known;
  }

  private Looked look() throws VmcoreException {
    Optional<VmcoreInfo> noted = chosen.isPresent() ? chosen.map(VmcoreInfoNote::info) : noted();
    Optional<VmcoreInfoNote> kept = noted.isPresent() ? Optional.empty() : kept();
    return kept.isEmpty()
        ? new Looked(noted, OptionalLong.empty())
        : new Looked(kept.map(VmcoreInfoNote::info), OptionalLong.of(kept.get().area().start()));
  }

  private Optional<VmcoreInfo> noted() throws VmcoreException {
    for (NoteSegment segment : image.noteSegments()) {
      for (Note note : segment.notes()) {
        if (note.isVmcoreInfo()) {
          Optional<VmcoreInfo> parsed = dump.page().vmcoreInfo();
          return parsed.isPresent() ? parsed : Optional.of(note.vmcoreInfo());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<VmcoreInfoNote> kept() throws VmcoreException {
    Optional<Architecture> its = Architectures.of(image.machine().machine());
    return its.isEmpty()
        ? Optional.empty()
        : KeptInfo.of(image.physical(), dump.source(), its.get());
  }

  /** Whether a part of it is lost or, where there is none, anything is, it perhaps among that. */
  boolean isLost() throws VmcoreException {
    if (chosen.isPresent() || keptAt().isPresent()) {
      return false;
    }
    for (Note note : image.notes()) {
      if (note.isVmcoreInfo()) {
        return isLost(note);
      }
    }
    return image.findings().stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR);
  }

  private boolean isLost(Note note) throws VmcoreException {
    long end = note.descOffset() + note.descsz();
    for (long at = note.descOffset(); at < end; at = image.extentAt(at).end()) {
      if (image.extentAt(at).state() == PageState.LOST) {
        return true;
      }
    }
    return false;
  }
}
