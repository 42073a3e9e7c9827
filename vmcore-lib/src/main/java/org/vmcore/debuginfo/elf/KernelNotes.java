package org.vmcore.debuginfo.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.VmcoreException;

/**
 * The notes in a kernel's image, its build ID among them.
 *
 * @param bytes what lies from {@code __start_notes} on; empty where that can't be had
 * @param buildId VMCOREINFO's BUILD-ID, else that of the notes
 */
public record KernelNotes(Optional<byte[]> bytes, Optional<byte[]> buildId) {
  private static final int MAX_SIZE = 1 << 16;
  private static final int HEADER = 12;
  private static final int GNU_BUILD_ID = 3;
  private static final int GNU = 0x47_4e_55_00;
  private static final int MIN_ID = 8;
  private static final int MAX_ID = 64;

  /**
   * Those of {@code layout}'s kernel.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static KernelNotes of(KernelLayout layout) throws VmcoreException {
    Kernel kernel = layout.kernel();
    KernelReader in = kernel.objects().reader();
    Optional<byte[]> bytes = read(layout, in);
    Optional<byte[]> told =
        kernel.info().flatMap(info -> info.get("BUILD-ID")).flatMap(KernelNotes::parse);
    return new KernelNotes(
        bytes, told.isPresent() ? told : bytes.flatMap(notes -> find(in, notes)));
  }

  private static Optional<byte[]> read(KernelLayout layout, KernelReader in)
      throws VmcoreException {
    OptionalLong start = layout.address("__start_notes");
    OptionalLong end = layout.address("__stop_notes");
    long size = start.isEmpty() || end.isEmpty() ? 0 : end.getAsLong() - start.getAsLong();
    if (size <= 0 || size > MAX_SIZE) {
      return Optional.empty();
    }
    try {
      return Optional.of(in.bytes(start.getAsLong(), (int) size, "__start_notes"));
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> parse(String hex) {
    boolean isId = hex.length() >= 2 * MIN_ID && hex.length() <= 2 * MAX_ID;
    try {
      return isId ? Optional.of(HexFormat.of().parseHex(hex)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The descriptor of the note that has the build ID. */
  private static Optional<byte[]> find(KernelReader in, byte[] notes) {
    long at = 0;
    while (at + HEADER <= notes.length) {
      int start = (int) at;
      long nameSize = in.int32(notes, start) & 0xffff_ffffL;
      long size = in.int32(notes, start + 4) & 0xffff_ffffL;
      long content = at + HEADER + aligned(nameSize);
      if (content + size > notes.length) {
        return Optional.empty();
      }
      boolean isGnu = nameSize == 4 && bigEndian(notes, start + HEADER) == GNU;
      if (isGnu && in.int32(notes, start + 8) == GNU_BUILD_ID && size <= MAX_ID) {
        byte[] id = new byte[(int) size];
        System.arraycopy(notes, (int) content, id, 0, id.length);
        return size < MIN_ID ? Optional.empty() : Optional.of(id);
      }
      at = content + aligned(size);
    }
    return Optional.empty();
  }

  private static long aligned(long size) {
    return (size + 3) & -4;
  }

  private static int bigEndian(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).getInt(at);
  }

  /** The build ID in small hexadecimal digits. */
  public Optional<String> buildIdText() {
    return buildId.map(HexFormat.of()::formatHex);
  }

  /** A note with the build ID alone. */
  static byte[] note(byte[] id, ByteOrder order) {
    ByteBuffer note = ByteBuffer.allocate(HEADER + 4 + (int) aligned(id.length)).order(order);
    note.putInt(4).putInt(id.length).putInt(GNU_BUILD_ID);
    return note.order(ByteOrder.BIG_ENDIAN).putInt(GNU).put(id).array();
  }
}
