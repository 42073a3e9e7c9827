package org.vmcore.testing;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.vmcore.Vmcore;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.VmcoreException;

/** Opens and maps a dump, and prints what that cost in lines {@code NAME=NUMBER}. */
public final class HugeDump {
  private static final int LOOKS = 100_000;
  private static final int READS = 20;

  private HugeDump() {}

  /** Measures the dump {@code args[0]}; a second argument keeps it from being mapped. */
  public static void main(String[] args) throws IOException {
    long start = HugeKdump.cpuNanos();
    try (Vmcore vmcore = Vmcore.open(Path.of(args[0]))) {
      print("openMillis", cpuMillisSince(start));
      print("size", vmcore.size());
      print("chunks", vmcore.chunks().size());
      read(vmcore);
      if (args.length == 1 && vmcore.chunks().size() < 10) {
        vmcore.map(0, vmcore.pageSize()).close(); // loads the classes
        map(vmcore);
      }
    }
  }

  /** Looks at many places, and reads few: a touched page of a hole is one of the page cache. */
  private static void read(Vmcore vmcore) throws VmcoreException {
    long start = HugeKdump.cpuNanos();
    MemorySegment dst = MemorySegment.ofArray(new byte[16]);
    long step = vmcore.size() / LOOKS & -16;
    long found = 0;
    for (int i = 0; i < LOOKS; i++) {
      found += vmcore.extentAt(i * step).contains(i * step) ? 1 : 0;
      found += i % (LOOKS / READS) == 0 ? vmcore.read(i * step, dst) : 0;
    }
    print("found", found);
    print("findMillis", cpuMillisSince(start));
  }

  private static void map(Vmcore vmcore) throws IOException {
    long before = Reading.residentBytes();
    try (Mapping mapping = vmcore.map(0, vmcore.size())) {
      print("residentBytes", Reading.residentBytes() - before);
      print("mappedBytes", mapping.bytes().byteSize());
      print("zeroCopy", mapping.kind() == Mapping.Kind.ZERO_COPY ? 1 : 0);
    }
  }

  private static long cpuMillisSince(long nanos) {
    return (HugeKdump.cpuNanos() - nanos) / 1_000_000;
  }

  private static void print(String name, long value) {
    System.out.println(name + "=" + value);
  }
}
