package org.vmcore.format.lime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Format;
import org.vmcore.dump.Input;
import org.vmcore.format.raw.RamDump;
import org.vmcore.memory.VmcoreException;

/** RAM in LiME's format: its crash headers are made from its ranges. */
public final class LimeFormat implements Format {
  private static final ValueLayout.OfInt MAGIC =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public String name() {
    return "lime";
  }

  @Override
  public boolean probe(MemorySegment start) {
    return start.byteSize() >= 4 && start.get(MAGIC, 0) == Lime.MAGIC;
  }

  @Override
  public Dump open(Input input) throws VmcoreException {
    input.requireWhole("a LiME image");
    return RamDump.open(name(), input, Lime.map(input.file(), input.findings()));
  }
}
