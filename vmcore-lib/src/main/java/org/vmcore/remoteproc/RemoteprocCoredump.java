package org.vmcore.remoteproc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.elf.ElfClass;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * The coredump of a remote processor, made without holding it in memory: an ELF core of its
 * segments, whose headers come from a small buffer and whose other bytes come from the device's
 * memory when they are read.
 *
 * {@snippet :
 * RemoteprocCoredump coredump =
 *     RemoteprocCoredump.builder("remoteproc0")
 *         .elfClass(ElfClass.ELF32)
 *         .memory(new Carveouts().add(0x10000000, text))
 *         .segment(DumpSegment.of(0x10000000, text.byteSize()).named("text"))
 *         .build();
 * coredump.setMode(CoredumpMode.INLINE);
 * coredump.dump(devcoredumps); // returns when the dump was released
 * }
 *
 * <p>Source: the kernel's {@code drivers/remoteproc/remoteproc_coredump.c}. What the kernel cuts
 * off, device addresses and file offsets that ELF32 can't hold, is refused here. Segments may
 * overlap, as the kernel doesn't look; {@link #findings} tells of it.
 */
public final class RemoteprocCoredump {
  private final CoreLayout layout;
  private final LiveSegments live;
  private final CoredumpListener listener;
  private final List<Finding> findings;
  private CoredumpMode mode = CoredumpMode.DISABLED;
  private int crashes;

  private RemoteprocCoredump(
      CoreLayout layout, DeviceMemory memory, CoredumpListener listener, List<Finding> findings) {
    this.layout = layout;
    this.live = new LiveSegments(layout, memory, listener);
    this.listener = listener;
    this.findings = findings;
  }

  /** A core of the processor that is called {@code device}, {@code remoteproc0}. */
  public static Builder builder(String device) {
    return new Builder(device);
  }

  /** The name of the device whose dump it is. */
  public String device() {
    return layout.name();
  }

  /** The segments in the order of the file. */
  public List<DumpSegment> segments() {
    return layout.segments();
  }

  /** The size of the file in bytes. */
  public long size() {
    return layout.size();
  }

  /** The size of all that is in front of the first segment, in bytes. */
  public long headerSize() {
    return layout.headers().byteSize();
  }

  /** What is unusual about it: segments whose device addresses overlap. */
  public List<Finding> findings() {
    return findings;
  }

  /**
   * The core as it is now, whether there was a crash or not; addresses are file offsets. It is what
   * an inline dump reads, see {@link PendingCoredump#read}, but nothing ends it.
   */
  public Memory image() {
    return new CoreImage(layout, live);
  }

  /** What a crash does. */
  public synchronized CoredumpMode mode() {
    return mode;
  }

  /**
   * Sets what the next crash does.
   *
   * @throws VmcoreException while a crash is handled, an inline dump waits for its reader, or
   *     recovery is off after a crash: EBUSY. The kernel looks only whether the processor's state
   *     is <em>crashed</em>, which during an inline dump it isn't.
   */
  public synchronized void setMode(CoredumpMode mode) throws VmcoreException {
    if (crashes > 0) {
      throw VmcoreException.of(
          device(), "its coredump mode can't be changed while a crash is handled (EBUSY)");
    }
    this.mode = mode;
  }

  /** From now on a crash is handled: the mode stays. */
  synchronized void beginCrash() {
    crashes++;
  }

  /** The crash is handled. */
  synchronized void endCrash() {
    crashes--;
  }

  /**
   * Makes a dump as the mode says, and offers it in {@code devcoredumps}. With {@link
   * CoredumpMode#INLINE} it returns only when that dump has ended. Without segments there is no
   * dump, nor if the device's last one is still there: then the listener is told.
   *
   * @return whether a dump was made
   * @throws InterruptedException when interrupted while it waits; the dump has ended then
   */
  public boolean dump(Devcoredumps devcoredumps) throws InterruptedException {
    beginCrash();
    try {
      return switch (segments().isEmpty() ? CoredumpMode.DISABLED : mode()) {
        case DISABLED -> false;
        case ENABLED -> offerCopy(devcoredumps);
        case INLINE -> offerInline(devcoredumps);
      };
    } finally {
      endCrash();
    }
  }

  private boolean offerCopy(Devcoredumps devcoredumps) {
    if (devcoredumps.refusal(device()).isPresent()) {
      return dropped(devcoredumps);
    }
    CopiedSegments copies;
    try {
      copies = CopiedSegments.of(layout, live);
    } catch (OutOfMemoryError e) {
      listener.dropped(device(), "there is no memory for a copy of " + size() + " bytes");
      return false;
    }
    return devcoredumps.offer(device(), new CoreImage(layout, copies), 0, copies::close).isPresent()
        || dropped(devcoredumps);
  }

  private boolean offerInline(Devcoredumps devcoredumps) throws InterruptedException {
    PendingCoredump dump =
        devcoredumps
            .offer(device(), new CoreImage(layout, live), headerSize(), () -> {})
            .orElse(null);
    if (dump == null) {
      return dropped(devcoredumps);
    }
    try {
      dump.awaitEnd();
    } finally {
      dump.end("nobody waited for it any more");
    }
    return true;
  }

  private boolean dropped(Devcoredumps devcoredumps) {
    String why = devcoredumps.refusal(device()).orElse("its last dump was still there");
    listener.dropped(device(), why);
    return false;
  }

  /** Collects what a core is made of; {@link #build} checks it. */
  public static final class Builder {
    private final String device;
    private final List<DumpSegment> segments = new ArrayList<>();
    private @Nullable ElfClass elfClass;
    private int machine;
    private long entry;
    private boolean sections;
    private DeviceMemory memory = DeviceMemory.NOWHERE;
    private CoredumpListener listener = CoredumpListener.NONE;

    private Builder(String device) {
      this.device = device;
    }

    /** EI_CLASS. Without it there is no core. */
    public Builder elfClass(ElfClass value) {
      elfClass = value;
      return this;
    }

    /** e_machine, 16 bits; 0 without. */
    public Builder machine(int value) {
      machine = value;
      return this;
    }

    /** e_entry: the boot address of the processor; 0 without. */
    public Builder entry(long value) {
      entry = value;
      return this;
    }

    /** The form with sections, which have names, in place of program headers. */
    public Builder sections() {
      sections = true;
      return this;
    }

    /** Where segments are read that have no callback; nothing is mapped without. */
    public Builder memory(DeviceMemory value) {
      memory = value;
      return this;
    }

    /** Adds a segment behind the others. */
    public Builder segment(DumpSegment segment) {
      segments.add(segment);
      return this;
    }

    /** Who is told what the kernel would log. */
    public Builder listener(CoredumpListener value) {
      listener = value;
      return this;
    }

    /**
     * Makes it.
     *
     * @throws VmcoreException when it has no class, or something in it can't be written into an ELF
     *     file of that class; it names the segment
     */
    public RemoteprocCoredump build() throws VmcoreException {
      if (elfClass == null) {
        throw VmcoreException.of(device, "its ELF class is not set: ELF32 or ELF64 is needed");
      }
      CoreHeaders headers = new CoreHeaders(elfClass, machine, entry, sections);
      CoreLayout layout = CoreLayout.of(device, List.copyOf(segments), headers);
      return new RemoteprocCoredump(layout, memory, listener, overlaps(layout));
    }

    private static List<Finding> overlaps(CoreLayout layout) {
      List<DumpSegment> ascending =
          layout.segments().stream()
              .filter(segment -> segment.size() > 0)
              .sorted(Comparator.comparing(DumpSegment::deviceAddress, Long::compareUnsigned))
              .toList();
      List<Finding> findings = new ArrayList<>();
      DumpSegment furthest = DumpSegment.of(0, 0);
      for (DumpSegment segment : ascending) {
        long offset = segment.deviceAddress() - furthest.deviceAddress();
        boolean overlaps = Long.compareUnsigned(offset, furthest.size()) < 0;
        if (overlaps) {
          findings.add(
              new Finding(
                  "device_addresses",
                  Finding.Severity.WARNING,
                  OptionalLong.empty(),
                  segment + " overlaps " + furthest));
        }
        if (!overlaps || segment.size() > furthest.size() - offset) {
          furthest = segment;
        }
      }
      return List.copyOf(findings);
    }
  }
}
