package org.vmcore.kernel;

import static org.vmcore.testing.KernelDump.BASE;

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
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.FuzzTarget;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;

/**
 * Any words in a small kernel's memory and in its VMCOREINFO: each of the input's records is three
 * bytes of file offset, one that chooses how many bytes are written, and their value.
 */
class KernelFuzzTest extends FuzzTarget {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());
  private static final int WORD = 12;
  private static final int DESCRIPTORS = 16;
  private static final byte[] DUMP = dump();

  private static byte[] dump() {
    long text = BASE + 0x1000;
    long name = BASE + 0x5000;
    long modules = BASE + 0x5800;
    KernelDump dump = new KernelDump().infoSymbol("_stext", text).infoSymbol("init_uts_ns", name);
    dump.info("OFFSET(uts_namespace.name)=0");
    dump.text(name, "Linux").text(name + 130, "6.1.0-test").text(name + 260, "x86_64");
    dump.u64(modules, modules).u64(modules + 8, modules);
    new KallsymsBytes(Scheme.PERCPU_SIGNED)
        .add(text, 'T', "_stext")
        .add(text + 0x10, 'T', "panic")
        .functions(text + 0x400, 300)
        .add(modules, 'D', "modules")
        .writeTo(dump);
    new PrintkRingBytes(dump, 4, 10, 0)
        .add(0, 5, "Linux version 6.1.0-test")
        .add(1_234_567_000L, 6, "sysrq: Trigger a crash")
        .add(1_234_600_000L, 0, "Kernel panic - not syncing: sysrq triggered crash");
    try {
      Path file = FILES.getPath("dump");
      dump.truncatedTo(PrintkRingBytes.DATA + 0x1000).dump().writeTo(file);
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected List<byte[]> seeds() {
    int ring = DUMP.length - (int) (PrintkRingBytes.DATA + 0x1000 - PrintkRingBytes.RING);
    int offsets = DUMP.length - 0x1000;
    return List.of(new byte[0], word(ring, 2, 27), word(ring + 24, 3, -1), word(offsets, 3, -1));
  }

  private static byte[] word(int offset, int size, long value) {
    ByteBuffer out = ByteBuffer.allocate(WORD).order(ByteOrder.LITTLE_ENDIAN);
    return out.putInt(size << 24 | offset).putLong(value).array();
  }

  @Override
  protected void fuzz(byte[] input) throws IOException {
    byte[] bytes = DUMP.clone();
    ByteBuffer in = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    while (in.remaining() >= WORD) {
      int head = in.getInt();
      int at = (head & 0xff_ffff) % bytes.length;
      int size = 1 << (head >>> 24 & 3);
      long value = in.getLong();
      for (int i = 0; i < size && at + i < bytes.length; i++) {
        bytes[at + i] = (byte) (value >>> (8 * i));
      }
    }
    Path file = Files.write(FILES.getPath("mutated"), bytes);
    try (Vmcore vmcore = Vmcore.open(file)) {
      ask(Kernel.of(vmcore));
    }
  }

  private interface Question {
    void ask() throws VmcoreException;
  }

  private static void ask(Kernel kernel) {
    int[] records = new int[1];
    refusable(() -> kernel.log().records(_ -> records[0]++));
    if (records[0] > DUMP.length / DESCRIPTORS) {
      throw new AssertionError(records[0] + " records");
    }
    refusable(() -> kernel.log().panic());
    refusable(kernel::uts);
    refusable(kernel::banner);
    refusable(() -> kernel.symbols().first("panic"));
    refusable(() -> kernel.symbols().find("*s*"));
    refusable(() -> kernel.symbols().nearest(BASE + 0x1014));
    refusable(() -> kernel.symbols().count());
    refusable(() -> kernel.symbols().gaps());
  }

  private static void refusable(Question question) {
    try {
      question.ask();
    } catch (VmcoreException e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("no reason", e);
      }
    }
  }
}
