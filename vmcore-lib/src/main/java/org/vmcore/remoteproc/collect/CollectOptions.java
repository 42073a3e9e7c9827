package org.vmcore.remoteproc.collect;

import java.time.Clock;
import java.time.InstantSource;

/**
 * How dumps are collected.
 *
 * @param release whether a dump that was read to its end is released
 * @param clock tells the time in files' names
 */
public record CollectOptions(boolean release, InstantSource clock) {
  /** What was read to its end is released. */
  public static final CollectOptions DEFAULT = new CollectOptions(true, Clock.systemUTC());

  /** The same, but whether dumps are released. */
  public CollectOptions withRelease(boolean value) {
    return new CollectOptions(value, clock);
  }
}
