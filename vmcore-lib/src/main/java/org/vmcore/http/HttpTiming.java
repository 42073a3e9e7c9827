package org.vmcore.http;

import java.time.Duration;

/**
 * How long a server is waited for, and how often it is asked again.
 *
 * @param connect until it is connected
 * @param answer until an answer begins, and between each 64 KiB of it
 * @param pause before it is asked again, the first time; then twice as long
 * @param tries how often it is asked for the same bytes
 */
record HttpTiming(Duration connect, Duration answer, Duration pause, int tries) {
  static final HttpTiming DEFAULT =
      new HttpTiming(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMillis(250), 4);
}
