package org.vmcore.gdb.remote;

/** What a client sends. */
sealed interface Incoming {
  /**
   * A packet whose checksum is right.
   *
   * @param content without framing and escapes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Packet(byte[] content) implements Incoming {}

  /** A packet that is damaged, or longer than any may be. */
  record Damaged() implements Incoming {}

  /** The last answer didn't get there well. */
  record Again() implements Incoming {}

  /** The client is gone. */
  record Gone() implements Incoming {}
}
