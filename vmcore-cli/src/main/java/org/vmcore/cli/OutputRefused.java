package org.vmcore.cli;

import java.io.IOException;

/**
 * Stdout takes no more bytes. Unchecked, since text is also written from within the library's
 * callbacks.
 */
final class OutputRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final IOException reason;

  OutputRefused(IOException reason) {
    super(reason);
    this.reason = reason;
  }

  IOException reason() {
    return reason;
  }
}
