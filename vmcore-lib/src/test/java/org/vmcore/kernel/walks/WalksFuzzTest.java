package org.vmcore.kernel.walks;

import static org.vmcore.testing.LinkedKernel.HEAD;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.FuzzTarget;
import org.vmcore.testing.LinkedKernel;

/** Walks over nodes that lead anywhere. The input is pairs of a place and what it leads to. */
class WalksFuzzTest extends FuzzTarget {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());
  private static final int NODES = 0x2000;
  private static final int PAIR = 4;

  @Override
  protected List<byte[]> seeds() {
    byte[] ring = {0, 0, 2, 0, 2, 0, 4, 0, 4, 0, 0, 0, 1, 0, 4, 0, 3, 0, 0, 0, 5, 0, 2, 0};
    return List.of(new byte[0], ring, new byte[] {1, 0, 2, 2, 3, 0, 2, 6, 2, 0, 3, 1});
  }

  @Override
  protected void fuzz(byte[] input) throws IOException {
    LinkedKernel kernel = new LinkedKernel();
    ByteBuffer in = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    while (in.remaining() >= PAIR) {
      long place = place(in.getShort());
      int to = in.getShort() & 0xffff;
      kernel.memory().u64(place & -8, place(to) + (to >> 8 & 7));
    }
    Path file = kernel.dump().writeTo(FILES.getPath("linked"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      KernelObjects objects = Kernel.of(vmcore).objects();
      for (WalkKind kind : WalkKind.values()) {
        walk(Walks.of(objects), kind);
      }
    } finally {
      Files.delete(file);
    }
  }

  /** The head's words come first, then those of nodes. */
  private static long place(int word) {
    long at = word & 0x3ff;
    return at < 4 ? HEAD + 8 * at : LinkedKernel.ITEMS + 8 * at;
  }

  private static void walk(Walks walks, WalkKind kind) {
    try {
      Walked walked = walks.walk(kind, HEAD, NODES);
      if (walked.isMore()) {
        throw new AssertionError(kind + ": more than memory can hold");
      }
      walks.backwards(HEAD, NODES);
    } catch (VmcoreException e) {
      throw new AssertionError(kind + " is refused as a whole", e);
    }
  }
}
