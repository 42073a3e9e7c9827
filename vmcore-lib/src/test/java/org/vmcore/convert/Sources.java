package org.vmcore.convert;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.elf.ElfClass;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;

/** Dumps of every format, each of a few pages. */
enum Sources {
  ELF64 {
    @Override
    Vmcore open(Path folder) throws IOException {
      return Vmcore.open(elf(DumpBuilder.elf64()).writeTo(folder.resolve("source")));
    }
  },
  ELF32 {
    @Override
    Vmcore open(Path folder) throws IOException {
      return Vmcore.open(elf(DumpBuilder.elf32()).writeTo(folder.resolve("source")));
    }
  },
  ELF64_BIG_ENDIAN {
    @Override
    Vmcore open(Path folder) throws IOException {
      DumpBuilder dump = DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN);
      return Vmcore.open(elf(dump).writeTo(folder.resolve("source")));
    }
  },
  ELF32_BIG_ENDIAN {
    @Override
    Vmcore open(Path folder) throws IOException {
      DumpBuilder dump = DumpBuilder.of(ElfClass.ELF32, ByteOrder.BIG_ENDIAN);
      return Vmcore.open(elf(dump).writeTo(folder.resolve("source")));
    }
  },
  /** Pages of 64 KiB, of which some are RAM in parts alone. */
  LARGE_PAGES {
    @Override
    Vmcore open(Path folder) throws IOException {
      return Vmcore.open(
          DumpBuilder.elf64()
              .machine(183)
              .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=65536", "NUMBER(VA_BITS)=48")
              .load(0x1_0000, 0x2_8000)
              .load(0x5_3000, 0x4800)
              .writeTo(folder.resolve("source")));
    }
  },
  /** It ends in the middle of a page. */
  TRUNCATED {
    @Override
    Vmcore open(Path folder) throws IOException {
      byte[] whole = elf(DumpBuilder.elf64()).load(0x8_0000, 0x4000).build();
      Path file = folder.resolve("source");
      return Vmcore.open(Files.write(file, Arrays.copyOf(whole, whole.length - 0x1800)));
    }
  },
  /** Three page frames are in it in part: at the end of a PT_LOAD, and where two of them meet. */
  PARTS {
    @Override
    Vmcore open(Path folder) throws IOException {
      return Vmcore.open(
          DumpBuilder.elf64()
              .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
              .load(0x1_0000, 0x2800)
              .memsz(0x4000)
              .load(0x3_0000, 0x1100)
              .memsz(0x3900)
              .load(0x3_3900, 0x2700)
              .writeTo(folder.resolve("source")));
    }
  },
  OVERLAPPING {
    @Override
    Vmcore open(Path folder) throws IOException {
      return Vmcore.open(
          DumpBuilder.elf64()
              .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
              .load(0x3000, 0x2000)
              .vaddr(0xffff_ffff_8000_3000L)
              .load(0x1000, 0x8000)
              .vaddr(0xffff_8880_0000_1000L)
              .writeTo(folder.resolve("source")));
    }
  },
  KDUMP {
    @Override
    Vmcore open(Path folder) throws IOException {
      return Vmcore.open(kdump(KdumpBuilder.le64()).writeTo(folder.resolve("source")));
    }
  },
  KDUMP32 {
    @Override
    Vmcore open(Path folder) throws IOException {
      return Vmcore.open(kdump(KdumpBuilder.le32()).writeTo(folder.resolve("source")));
    }
  },
  KDUMP32_PADDED {
    @Override
    Vmcore open(Path folder) throws IOException {
      KdumpBuilder dump = KdumpBuilder.le32().padded().machine("armv7l");
      return Vmcore.open(kdump(dump).writeTo(folder.resolve("source")));
    }
  },
  KDUMP_BIG_ENDIAN {
    @Override
    Vmcore open(Path folder) throws IOException {
      KdumpBuilder dump = KdumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN).machine("ppc64");
      return Vmcore.open(kdump(dump).writeTo(folder.resolve("source")));
    }
  },
  /** Of one page it shows when it is read that it is lost, of another its descriptor tells. */
  DAMAGED {
    @Override
    Vmcore open(Path folder) throws IOException {
      KdumpBuilder dump = kdump(KdumpBuilder.le64()).set("page[3].offset", 0);
      dump.stored(5, new byte[] {1, 2, 3}, Compression.ZLIB);
      return Vmcore.open(dump.writeTo(folder.resolve("source")));
    }
  },
  LIME {
    @Override
    Vmcore open(Path folder) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (long[] range : new long[][] {{0x1000, 0x4fff}, {0x8000, 0x97ff}}) {
        ByteBuffer header = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x4c69_4d45).putInt(1).putLong(range[0]).putLong(range[1]);
        out.write(header.array());
        out.write(DumpBuilder.pattern(range[0], (int) (range[1] + 1 - range[0])));
      }
      return Vmcore.open(Files.write(folder.resolve("source"), out.toByteArray()));
    }
  },
  RAW {
    @Override
    Vmcore open(Path folder) throws IOException {
      Path file = Files.write(folder.resolve("source"), DumpBuilder.pattern(0, 0x8000));
      RamMap map = RamMap.parse("0-0x2fff@0,0x5000-0x7fff@0x5000");
      return Vmcore.open(file, OpenOptions.builder().ramMap(map).build());
    }
  },
  OLDMEM {
    @Override
    Vmcore open(Path folder) throws IOException {
      Path ram = Files.write(folder.resolve("ram"), DumpBuilder.pattern(0, 0x8000));
      Path headers =
          DumpBuilder.elf64()
              .load(0x1100, 0x2f80)
              .field("p_offset", 0x1100)
              .load(0x5000, 0x2000)
              .field("p_offset", 0x5000)
              .writeTo(folder.resolve("headers"));
      RamImage image = RamImage.of(ram).withHeaders(new RamImage.Elfcorehdr.InFile(headers));
      return Vmcore.open(image, OpenOptions.DEFAULT);
    }
  },
  NO_MEMORY {
    @Override
    Vmcore open(Path folder) throws IOException {
      DumpBuilder dump = DumpBuilder.elf64().vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096");
      return Vmcore.open(dump.writeTo(folder.resolve("source")));
    }
  };

  /** Opens it, its files in {@code folder}. */
  abstract Vmcore open(Path folder) throws IOException;

  /** Notes, whole pages, pages of zeros, fractional pages, excluded ones. */
  static DumpBuilder elf(DumpBuilder dump) {
    return dump.prstatus(4711, 11)
        .prstatus(0, 0)
        .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096", "CRASHTIME=1700000000")
        .note("ERASEINFO", 0, "erase jiffies".getBytes(StandardCharsets.US_ASCII))
        .load(0x1000, 0x3000)
        .load(0x4000, new byte[0x5000])
        .load(0x9800, 0x1234)
        .load(0x1_0000, 0x2000)
        .memsz(0x6000)
        .excluded(0x2_0000, 0x3000);
  }

  /** Pages in each compression, of zeros, and excluded ones. */
  static KdumpBuilder kdump(KdumpBuilder dump) {
    return dump.vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
        .set("dump_level", 16)
        .pages(0, 8, Compression.ZLIB)
        .page(9, new byte[4096], Compression.RAW)
        .page(10, Compression.SNAPPY)
        .excluded(11, 12)
        .pages(0x30, 20, Compression.LZO1X);
  }
}
