package org.vmcore.memory;

import java.io.Serial;
import java.util.OptionalLong;
import org.vmcore.values.Hex;

/**
 * Bytes that were asked for, and that can't be had: names the address of the first one, and why.
 */
public final class UnreadableException extends VmcoreException {
  @Serial private static final long serialVersionUID = 1L;

  private final long address;
  private final PageState state;

  private UnreadableException(
      String source, OptionalLong offset, String reason, long address, PageState state) {
    super(source, offset, reason);
    this.address = address;
    this.state = state;
  }

  /**
   * The fault of the byte of {@code memory} at {@code address}, at which a read came back short.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static UnreadableException at(Memory memory, long address) throws VmcoreException {
    PageState state = Extent.unread(memory, address).state();
    OptionalLong offset = OptionalLong.empty();
    String why =
        switch (state) {
          case EXCLUDED -> "is excluded from the dump";
          case NOT_RAM -> "isn't RAM: " + memory.absenceAt(address);
          default -> "is lost";
        };
    if (state == PageState.LOST) {
      Finding loss = memory.lossAt(address).orElse(null);
      if (loss != null) {
        offset = loss.offset();
        why += ": " + loss.message();
      }
    }
    String reason = Hex.of(address) + " " + why;
    return new UnreadableException(memory.source(), offset, reason, address, state);
  }

  /** The address of the first byte that can't be read, in the memory that was asked. */
  public long address() {
    return address;
  }

  /** The state of that byte. */
  public PageState state() {
    return state;
  }

  @Override
  public boolean isLoss() {
    return state == PageState.LOST;
  }
}
