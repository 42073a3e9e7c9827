package org.vmcore.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.commons.io.input.ProxyInputStream;

/**
 * What a server sends, which must come as a whole and at a pace: a server that sends a byte now and
 * then would be waited for forever.
 */
final class PacedStream extends ProxyInputStream {
  /** How many bytes must come in each span of time, as long as there are so many left. */
  private static final int PACE = 1 << 16;

  private final long length;
  private final long span;
  private long done;
  private long paced;
  private long since = System.nanoTime();

  /**
   * @param length of what is sent in bytes; −1 when nobody knows
   * @param span in which 64 KiB must come
   */
  PacedStream(InputStream in, long length, Duration span) {
    super(in);
    this.length = length;
    this.span = span.toNanos();
  }

  @Override
  protected void afterRead(int n) throws IOException {
    if (n < 0) {
      if (done < length) {
        throw HttpFailure.brokenOff();
      }
      return;
    }
    done += n;
    long now = System.nanoTime();
    if (done - paced >= PACE) {
      paced = done;
      since = now;
    } else if (now - since > span && done != length) {
      throw HttpFailure.late();
    }
  }

  @Override
  protected void handleIOException(IOException e) throws IOException {
    throw HttpFailure.of(e);
  }
}
