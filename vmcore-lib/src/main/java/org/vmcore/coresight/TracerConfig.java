package org.vmcore.coresight;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.values.Described;
import org.vmcore.values.Hex;

/**
 * A tracer's configuration, without which its trace can't be decoded. It is saved as perf has it
 * for its own traces: words of 64 bits, the first of them a magic number.
 *
 * <p>Source: tools/perf/util/cs-etm.h.
 *
 * @param kind {@code ETM4} or {@code ETM3}, which a PTM is, too
 * @param cpu the CPU that it says to be of
 * @param registers by name, in the order in which they are saved
 */
public record TracerConfig(String kind, long cpu, Map<String, Long> registers) {
  private static final long MAGIC_ETM4 = 0x4040_4040_4040_4040L;
  private static final long MAGIC_ETM3 = 0x3030_3030_3030_3030L;
  static final List<String> ETM4 =
      List.of(
          "TRCCONFIGR", "TRCTRACEIDR", "TRCIDR0", "TRCIDR1", "TRCIDR2", "TRCIDR8", "TRCAUTHSTATUS");
  private static final List<String> ETM3 = List.of("ETMCR", "ETMTRACEIDR", "ETMCCER", "ETMIDR");

  /** ETMIDR's bits 11:8; 2 is ETMv3, 3 is PFT. */
  private static final long ETMIDR_MAJOR = 0xf00;

  private static final long PFT = 0x300;

  /** The most bytes that are looked at. */
  static final int LARGEST = 256;

  /** In the version with a count of parameters no more than this are counted. */
  private static final int MOST_PARAMETERS = 16;

  /** The registers keep their order. */
  public TracerConfig {
    registers = Collections.unmodifiableMap(new LinkedHashMap<>(registers));
  }

  /** The configuration in {@code bytes}; empty where there is none. */
  static Optional<TracerConfig> parse(KernelReader in, byte[] bytes) {
    int count = bytes.length / Long.BYTES;
    long[] words = new long[count];
    for (int i = 0; i < count; i++) {
      words[i] = in.int64(bytes, i * Long.BYTES);
    }
    long magic = count == 0 ? 0 : words[0];
    boolean isEtm4 = magic == MAGIC_ETM4;
    List<String> names = isEtm4 ? ETM4 : ETM3;
    // Later versions count the parameters; a count differs from TRCCONFIGR only where all fit.
    boolean isCounted = count > names.size() + 2 && isCount(words[2], names.size(), count - 3);
    int start = isCounted ? 3 : 2;
    if ((!isEtm4 && magic != MAGIC_ETM3) || count < start + names.size()) {
      return Optional.empty();
    }
    Map<String, Long> registers = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      registers.put(names.get(i), words[start + i]);
    }
    return Optional.of(new TracerConfig(isEtm4 ? "ETM4" : "ETM3", words[1], registers));
  }

  /** Whether it is a PTM's: the major version of its architecture, in ETMIDR, is that of PFT. */
  boolean isPtm() {
    return kind.equals("ETM3") && (registers.getOrDefault("ETMIDR", 0L) & ETMIDR_MAJOR) == PFT;
  }

  /** Whether both are of one tracer: of one CPU, and of the trace ID of which a source has one. */
  boolean isOfTracer(TracerConfig other) {
    return cpu == other.cpu && Objects.equals(traceId(), other.traceId());
  }

  private @Nullable Long traceId() {
    return registers.get(kind.equals("ETM4") ? "TRCTRACEIDR" : "ETMTRACEIDR");
  }

  private static boolean isCount(long word, int least, int most) {
    return word >= least && word <= Math.min(most, MOST_PARAMETERS);
  }

  /** In what this isn't {@code present}, which may have only some of the registers. */
  List<String> differences(Map<String, Long> present) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Long> saved : registers.entrySet()) {
      Long now = present.get(saved.getKey());
      if (now != null && now.longValue() != saved.getValue()) {
        lines.add(saved.getKey() + " was " + Hex.of(saved.getValue()) + ", is now " + Hex.of(now));
      }
    }
    return lines;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("TracerConfig")
        .add("kind", kind)
        .add("cpu", cpu)
        .hex("registers", registers)
        .toString();
  }
}
