package org.vmcore.testing;

import java.util.ArrayList;
import java.util.List;

/** A C structure of a kdump file: where its fields stand. */
final class KdumpStruct {
  /**
   * struct disk_dump_header. A size of W is a word: 4 bytes on 32-bit machines, 8 on 64-bit ones;
   * one of T that of a time.
   */
  private static final String HEADER =
      "signature:8 header_version:4 utsname:390 tv_sec:T tv_usec:T status:4 block_size:4"
          + " sub_hdr_size:4 bitmap_blocks:4 max_mapnr:4 total_ram_blocks:4 device_blocks:4"
          + " written_blocks:4 current_cpu:4 nr_cpus:4";

  /** struct kdump_sub_header, with the header version that each field came with. */
  private static final String SUB_HEADER =
      "phys_base:W@1 dump_level:4@1 split:4@2 start_pfn:W@2 end_pfn:W@2 offset_vmcoreinfo:8@3"
          + " size_vmcoreinfo:W@3 offset_note:8@4 size_note:W@4 offset_eraseinfo:8@5"
          + " size_eraseinfo:W@5 start_pfn_64:8@6 end_pfn_64:8@6 max_mapnr_64:8@6";

  /** struct page_desc. */
  private static final String DESCRIPTOR = "offset:8 size:4 flags:4 page_flags:8";

  private final List<DumpBuilder.Field> fields = new ArrayList<>();

  /**
   * @param align to how many bytes numbers of 64 bits are aligned
   */
  private KdumpStruct(
      String layout, String prefix, long start, int word, int time, int align, int version) {
    long at = 0;
    for (String field : layout.split(" ", -1)) {
      String[] parts = field.split("[:@]", -1);
      int size =
          switch (parts[1]) {
            case "W" -> word;
            case "T" -> time;
            default -> Integer.parseInt(parts[1]);
          };
      int own = parts[0].equals("utsname") ? 1 : Math.min(size, align);
      at = (at + own - 1) / own * own;
      if (parts.length < 3 || Integer.parseInt(parts[2]) <= version) {
        fields.add(new DumpBuilder.Field(prefix + parts[0], start + at, size));
      }
      at += size;
    }
  }

  /**
   * @param time the size of a time in bytes
   */
  static KdumpStruct header(int word, int time, int align) {
    return new KdumpStruct(HEADER, "", 0, word, time, align, 0);
  }

  static KdumpStruct subHeader(long start, int word, int align, int version) {
    return new KdumpStruct(SUB_HEADER, "", start, word, word, align, version);
  }

  static KdumpStruct descriptor(long start, long pfn) {
    return new KdumpStruct(
        DESCRIPTOR, "page[" + pfn + "].", start, Long.BYTES, Long.BYTES, Long.BYTES, 0);
  }

  List<DumpBuilder.Field> fields() {
    return fields;
  }
}
