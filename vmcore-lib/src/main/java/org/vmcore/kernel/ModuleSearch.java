package org.vmcore.kernel;

import static org.vmcore.kernel.ModuleList.LAST_STATE;
import static org.vmcore.kernel.ModuleList.LIST;
import static org.vmcore.kernel.ModuleList.NAME;
import static org.vmcore.kernel.ModuleList.NAME_SIZE;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.VmcoreException;

/** Finds the head of the list of modules in the kernel's data, where no symbol tells of it. */
final class ModuleSearch {
  private static final int HEAD = 16; // struct list_head: next, prev
  private static final int PIECE = 1 << 20;

  /** After so many lists that look like it and aren't, the search is given up. */
  private static final int MAX_TRIED = 1000;

  private final Reader in;
  private int tried;

  ModuleSearch(Reader in) {
    this.in = in;
  }

  /** Looks for the head of the list in {@code size} bytes of the kernel's data. */
  OptionalLong in(long start, long size) throws VmcoreException {
    Window window = new Window(in.memory(), PIECE);
    for (long done = 0; done >= 0 && done < size; ) {
      int place = window.at(start + done, HEAD);
      if (place < 0) {
        long hole = in.memory().extentAt(start + done).sizeFrom(start + done);
        done = hole < 0 ? size : done + (Math.max(hole, HEAD) & -LIST);
        continue;
      }
      int length = (int) Math.min(window.left(place), size - done);
      long head = head(window.bytes(), place, length, start + done);
      if (head != 0) {
        return OptionalLong.of(head);
      }
      done += Math.max(length - HEAD + LIST & -LIST, LIST);
    }
    return OptionalLong.empty();
  }

  /** Most words aren't addresses of the kernel's: one byte of each tells. */
  private long head(byte[] bytes, int from, int length, long address) throws VmcoreException {
    int top = in.isBigEndian() ? 0 : LIST - 1;
    for (int at = from; at + HEAD <= from + length; at += LIST) {
      if (bytes[at + top] == -1 && bytes[at + LIST + top] == -1) {
        long head = address + at - from;
        if (isHead(head, in.int64(bytes, at), in.int64(bytes, at + LIST))) {
          return head;
        }
      }
    }
    return 0;
  }

  private boolean isHead(long head, long next, long prev) throws VmcoreException {
    boolean mayBe = next != head && ((next | prev) & (LIST - 1)) == 0;
    if (!mayBe || tried > MAX_TRIED || !isFirst(head, next - LIST)) {
      return false;
    }
    tried++;
    Optional<ModuleList> list = ModuleList.whole(in, head);
    return list.isPresent() && ModuleTables.of(in, list.get().modules()).isFound();
  }

  /** Whether a module at {@code address} leads back to {@code head}: most lists are others. */
  private boolean isFirst(long head, long address) throws VmcoreException {
    byte[] start = in.upTo(address, NAME + NAME_SIZE);
    return start.length == NAME + NAME_SIZE
        && in.int64(start, 2 * LIST) == head
        && in.int32(start, 0) >= 0
        && in.int32(start, 0) <= LAST_STATE
        && start[NAME] > ' ';
  }
}
