package org.vmcore.coresight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.values.FileNames;

/**
 * A snapshot folder's text files, as OpenCSD's {@code trc_pkt_lister -ss_dir} opens them: which
 * buffers there are, which tracers fill them, and how these are set up. What isn't known is a
 * comment that says what has to be filled in.
 *
 * <p>Source: OpenCSD's snapshot parser; FORMATS.md.
 */
public final class TraceSnapshot {
  /** The bytes of a formatter's frame; a buffer has to have whole ones. */
  public static final int FRAME = 16;

  /** The offsets by which the registers are named, too. */
  private static final Map<String, String> OFFSETS =
      Map.of(
          "TRCCONFIGR", "(0x004)",
          "TRCTRACEIDR", "(0x010)",
          "TRCIDR0", "(0x078)",
          "TRCIDR1", "(0x079)",
          "TRCIDR2", "(0x07A)",
          "TRCIDR8", "(0x060)",
          "TRCAUTHSTATUS", "(0x3EE)");

  private static final String CORE = "Cortex-A53";

  /** A tracer whose configuration was saved, and its device's name. */
  private record Tracer(TracerConfig config, String device) {}

  /** A buffer's file, and the CPU whose trace alone is in it, if it is one CPU's. */
  private record Buffer(String file, OptionalInt cpu) {}

  /**
   * A tracer as the source of one buffer, for a source can't have several. Each has a core of its
   * own, whose name no tracer has.
   */
  private record Source(int index, Tracer tracer, int buffer) {
    String core() {
      return "cpu_" + index;
    }

    String name() {
      return tracer.device() + "_" + index;
    }
  }

  private static final Tracer UNKNOWN = new Tracer(new TracerConfig("ETM4", 0, Map.of()), "etm");

  private final List<Tracer> tracers = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();

  /** A snapshot of nothing so far. */
  public TraceSnapshot() {}

  /**
   * Takes a tracer: {@code config} was saved of it. What was saved again of one that is known is
   * left out, for a decoder takes one source of a trace ID.
   */
  public TraceSnapshot tracer(TracerConfig config, Optional<String> device) {
    for (Tracer tracer : tracers) {
      if (tracer.config().isOfTracer(config)) {
        return this;
      }
    }
    String name = device.map(FileNames::safe).filter(each -> !each.isEmpty()).orElse("etm");
    tracers.add(new Tracer(config, name.equalsIgnoreCase("cpu") ? "etm_cpu" : name));
    return this;
  }

  /**
   * Takes a buffer of formatted frames.
   *
   * @param file its name in the folder
   * @param cpu the CPU whose tracer fills it; −1 or empty where all of them may
   */
  public TraceSnapshot buffer(String file, OptionalInt cpu) {
    buffers.add(new Buffer(file, cpu));
    return this;
  }

  /** How many bytes of a trace of {@code size} bytes are whole frames. */
  public static long wholeFrames(long size) {
    return size - size % FRAME;
  }

  /** Whether no tracer's configuration is known: then nothing can be listed. */
  public boolean isIncomplete() {
    return tracers.isEmpty();
  }

  /** The files of the buffers whose tracers' configurations aren't known. */
  public List<String> incomplete() {
    List<String> incomplete = new ArrayList<>();
    for (Buffer buffer : buffers) {
      if (tracersOf(buffer).contains(UNKNOWN)) {
        incomplete.add(buffer.file());
      }
    }
    return incomplete;
  }

  /** The text of each file, by its name. */
  public Map<String, String> files() {
    List<Source> sources = sources();
    Map<String, String> files = new LinkedHashMap<>();
    files.put("snapshot.ini", snapshot(sources));
    files.put("trace.ini", trace(sources));
    for (Source source : sources) {
      files.put(source.core() + ".ini", core(source));
      files.put(source.name() + ".ini", tracer(source));
    }
    return files;
  }

  private List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < buffers.size(); i++) {
      for (Tracer tracer : tracersOf(buffers.get(i))) {
        sources.add(new Source(sources.size(), tracer, i));
      }
    }
    return sources;
  }

  /** The tracers of the buffer's CPU; all where it is no single one's. */
  private List<Tracer> tracersOf(Buffer buffer) {
    int cpu = buffer.cpu().orElse(-1);
    List<Tracer> own = new ArrayList<>();
    for (Tracer tracer : tracers) {
      if (cpu < 0 || tracer.config().cpu() == cpu) {
        own.add(tracer);
      }
    }
    return own.isEmpty() ? List.of(UNKNOWN) : own;
  }

  private static String snapshot(List<Source> sources) {
    StringBuilder text = new StringBuilder("[snapshot]\nversion=1.0\n\n[device_list]\n");
    int device = 0;
    for (Source source : sources) {
      text.append("device").append(device++).append('=').append(source.core()).append(".ini\n");
      text.append("device").append(device++).append('=').append(source.name()).append(".ini\n");
    }
    return text.append("\n[trace]\nmetadata=trace.ini\n").toString();
  }

  private String trace(List<Source> sources) {
    List<String> names = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (Buffer buffer : buffers) {
      String name = "buffer" + names.size();
      names.add(name);
      text.append("\n[").append(name).append("]\nname=").append(name);
      text.append("\nfile=").append(buffer.file()).append("\nformat=coresight\n");
    }
    text.append("\n[core_trace_sources]\n");
    for (Source source : sources) {
      text.append(source.core()).append('=').append(source.name()).append('\n');
    }
    text.append("\n[source_buffers]\n");
    for (Source source : sources) {
      text.append(source.name()).append('=').append(names.get(source.buffer())).append('\n');
    }
    return "[trace_buffers]\nbuffers=" + String.join(",", names) + "\n" + text;
  }

  private static String core(Source source) {
    return "; to fill in: the core's type, which nothing in the dump tells; and, to decode what it\n"
        + "; ran, a section [dump1] with file, address and length of its code\n"
        + "[device]\nname="
        + source.core()
        + "\nclass=core\ntype="
        + CORE
        + "\n\n[regs]\n";
  }

  private static String tracer(Source source) {
    TracerConfig config = source.tracer().config();
    StringBuilder text = new StringBuilder("[device]\nname=").append(source.name());
    text.append("\nclass=trace_source\ntype=").append(type(config)).append("\n\n[regs]\n");
    if (config.registers().isEmpty()) {
      text.append("; to fill in: these registers, of which nothing was saved\n");
      for (String register : TracerConfig.ETM4) {
        text.append(';').append(register).append(OFFSETS.get(register)).append("=0x\n");
      }
    }
    for (Map.Entry<String, Long> register : config.registers().entrySet()) {
      text.append(register.getKey()).append(OFFSETS.getOrDefault(register.getKey(), ""));
      text.append("=0x").append(Long.toHexString(register.getValue())).append('\n');
    }
    if (isEtm4(config)) {
      text.append("; to fill in: TRCIDR9 to TRCIDR13, which aren't saved\n");
      for (int i = 9; i <= 13; i++) {
        text.append("TRCIDR").append(i).append("=0x0\n");
      }
    }
    return text.toString();
  }

  private static boolean isEtm4(TracerConfig config) {
    return config.kind().equals("ETM4");
  }

  private static String type(TracerConfig config) {
    if (isEtm4(config)) {
      return "ETM4";
    }
    return config.isPtm() ? "PTM1.1" : "ETM3.5";
  }
}
