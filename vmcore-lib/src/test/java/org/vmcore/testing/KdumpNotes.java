package org.vmcore.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The notes of a {@link KdumpBuilder}'s file; before header version 4 VMCOREINFO's text alone. */
final class KdumpNotes {
  private final ByteOrder order;
  private final ByteArrayOutputStream notes = new ByteArrayOutputStream();
  private byte[] vmcoreinfo = {};
  private int vmcoreinfoAt;

  KdumpNotes(ByteOrder order) {
    this.order = order;
  }

  void note(String name, int type, byte[] desc) {
    byte[] nul = (name + '\0').getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer header = ByteBuffer.allocate(12).order(order);
    notes.writeBytes(header.putInt(nul.length).putInt(desc.length).putInt(type).array());
    notes.writeBytes(Arrays.copyOf(nul, Segment.align4(nul.length)));
    vmcoreinfoAt = name.equals("VMCOREINFO") ? notes.size() : vmcoreinfoAt;
    notes.writeBytes(Arrays.copyOf(desc, Segment.align4(desc.length)));
  }

  void vmcoreinfo(String... lines) {
    vmcoreinfo = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    note("VMCOREINFO", 0, vmcoreinfo);
  }

  /** The size of all notes in bytes, whatever the version. */
  int size() {
    return notes.size();
  }

  /** What stands in the file of this header version. */
  byte[] bytes(int version) {
    return switch (version) {
      case 0, 1, 2 -> new byte[0];
      case 3 -> vmcoreinfo;
      default -> notes.toByteArray();
    };
  }

  /** Puts the sub header's numbers for notes that stand at file offset {@code at}. */
  void numbers(Map<String, Long> numbers, int version, int at) {
    if (version >= 3 && vmcoreinfo.length > 0) {
      numbers.put("offset_vmcoreinfo", at + (version == 3 ? 0L : vmcoreinfoAt));
      numbers.put("size_vmcoreinfo", (long) vmcoreinfo.length);
    }
    if (version >= 4 && notes.size() > 0) {
      numbers.put("offset_note", (long) at);
      numbers.put("size_note", (long) notes.size());
    }
  }
}
