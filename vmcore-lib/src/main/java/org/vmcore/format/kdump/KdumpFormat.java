package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Format;
import org.vmcore.dump.Input;
import org.vmcore.memory.VmcoreException;

/**
 * Kdump-compressed dumps, header versions 1 to 6, whole and split: what makedumpfile writes by
 * default, and QEMU in its flattened form.
 */
public final class KdumpFormat implements Format {
  @Override
  public String name() {
    return "kdump";
  }

  @Override
  public boolean probe(MemorySegment start) {
    return KdumpFiles.isKdump(start);
  }

  @Override
  public Dump open(Input input) throws VmcoreException {
    return KdumpFiles.open(name(), input.file(), input.parts(), input.pageSize(), input.findings());
  }
}
