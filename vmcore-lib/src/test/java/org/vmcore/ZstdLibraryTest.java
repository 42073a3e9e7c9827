package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.codec.Compression;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.ChildJvm;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Packed;
import org.vmcore.testing.SeekableZstd;

/** Dumps for which zstd's native library is needed, where it can't be loaded as usual. */
class ZstdLibraryTest {
  /** There is no such folder. */
  private static final String NO_FOLDER = "-DZstdTempFolder=/nonexistent/folder";

  /** For which zstd-jni has no library. */
  private static final String NO_SYSTEM = "-Dos.name=Nowhere";

  @TempDir Path folder;
  private Object[] files = {};

  @BeforeEach
  void makeDumps() throws Exception {
    byte[] elf = Files.readAllBytes(elf());
    files =
        new Object[] {
          Files.write(folder.resolve("piped"), Packed.zstd(elf)),
          Files.write(folder.resolve("whole"), Zstd.compress(elf)),
          Files.write(folder.resolve("seekable"), SeekableZstd.of(elf, 100)),
          KdumpBuilder.le64().pages(1, 2, Compression.ZSTD).writeTo(folder.resolve("kdump"))
        };
  }

  private Path elf() throws Exception {
    return DumpBuilder.elf64().load(0x1000, 0x1000).writeTo(folder.resolve("elf"));
  }

  @Test
  void whereThereIsNoFolderForItItIsLoadedFromMemory() throws Exception {
    assertThat(ChildJvm.run(List.of(NO_FOLDER), Reads.class, files))
        .containsExactly("4096", "4096", "4096", "4096");
  }

  @Test
  void whereThereIsNoneItIsSaidInOneLineForEachFile() throws Exception {
    String reason = "zstd: its native library can't be loaded: Failed to open resource ";
    List<String> lines = ChildJvm.run(List.of(NO_SYSTEM), Reads.class, files);
    assertThat(lines).hasSize(files.length);
    for (int i = 0; i < files.length; i++) {
      assertThat(lines.get(i))
          .startsWith(files[i] + ": " + reason)
          .endsWith("; a folder to load it from is given by VMCORE_OPTS=-DZstdTempFolder=DIR");
    }
  }

  /** Without the library, a page costs no attempt to load it again. */
  @Test
  void itIsTriedOnce() throws Exception {
    Path kdump =
        KdumpBuilder.le64().pages(1, 5000, Compression.ZSTD).writeTo(folder.resolve("large"));
    assertThat(ChildJvm.run(List.of(NO_SYSTEM), Verifies.class, kdump)).containsExactly("quick");
  }

  /** Reads a page of each dump. */
  static final class Reads {
    public static void main(String[] args) {
      for (String each : args) {
        try (Vmcore vmcore = Vmcore.open(Path.of(each))) {
          System.out.println(vmcore.physical().read(0x1000, MemorySegment.ofArray(new byte[4096])));
        } catch (VmcoreException e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }

  /** Reads every page of a dump, each of them in vain. */
  static final class Verifies {
    public static void main(String[] args) throws VmcoreException {
      byte[] page = new byte[4096];
      long start = System.nanoTime();
      try (Vmcore vmcore = Vmcore.open(Path.of(args[0]))) {
        for (long at = 0x1000; at < 5001 * 0x1000; at += 0x1000) {
          try {
            vmcore.physical().read(at, MemorySegment.ofArray(page));
            throw new AssertionError(Arrays.toString(page));
          } catch (VmcoreException e) {
            // as it should be
          }
        }
      }
      System.out.println(System.nanoTime() - start < 30e9 ? "quick" : "slow");
    }
  }
}
