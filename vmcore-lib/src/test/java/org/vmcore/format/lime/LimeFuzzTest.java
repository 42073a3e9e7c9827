package org.vmcore.format.lime;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.RamMap;
import org.vmcore.testing.FuzzTarget;

/** Any bytes as a LiME image. */
class LimeFuzzTest extends FuzzTarget {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());

  @Override
  protected List<byte[]> seeds() {
    ByteBuffer image = ByteBuffer.allocate(112).order(ByteOrder.LITTLE_ENDIAN);
    range(image, 0x1000, "sixteen bytes...");
    range(image, 0x8000_0000L, "a longer range of thirty-two ...");
    ByteBuffer overlapping = ByteBuffer.allocate(144).order(ByteOrder.LITTLE_ENDIAN);
    range(overlapping, 0x1008, "sixteen bytes...");
    range(overlapping, 0x1000, "a longer range of thirty-two ...");
    range(overlapping, 0x1010, "");
    return List.of(image.array(), Arrays.copyOf(image.array(), 100), overlapping.array());
  }

  private static void range(ByteBuffer image, long address, String bytes) {
    image.putInt(Lime.MAGIC).putInt(1).putLong(address).putLong(address + bytes.length() - 1);
    image.putLong(0).put(bytes.getBytes(US_ASCII));
  }

  @Override
  protected void fuzz(byte[] input) throws IOException {
    try (ByteSource file = ByteSource.open(Files.write(FILES.getPath("lime"), input))) {
      RamMap map = Lime.map(file, new ArrayList<>());
      Memory memory = FileOldMemory.of(map, file);
      for (RamMap.Range range : map.ranges()) {
        read(memory, range.from());
        read(memory, range.to());
        read(memory, range.to() + 1);
      }
    }
  }

  /** What can be read is what is said to be present. */
  private static void read(Memory memory, long address) throws VmcoreException {
    long got = memory.read(address, MemorySegment.ofArray(new byte[1]));
    if ((got == 1) != memory.extentAt(address).isPresent()) {
      throw new AssertionError("0x" + Long.toHexString(address) + ": " + got);
    }
  }
}
