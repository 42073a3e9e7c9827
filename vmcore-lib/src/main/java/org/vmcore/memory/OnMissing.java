package org.vmcore.memory;

/** What a stream or channel does at bytes that can't be read. */
public enum OnMissing {
  /**
   * Reading fails there, with an {@link UnreadableException}; what stands in front of them is given
   * first. The position stays: to go on behind them is to skip, or to set the position.
   */
  FAIL,
  /** They read as zeros. */
  ZEROS
}
