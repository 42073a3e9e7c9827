package org.vmcore.cli.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The output of one of several that run at a time, held back until its turn comes; from then on it
 * goes through. Whoever has much to say before waits for that.
 */
public final class Turn {
  private static final int MOST_HELD = 1 << 18;

  private final OutputStream stdout;
  private final PrintStream stderr;
  private final ByteArrayOutputStream heldOut = new ByteArrayOutputStream(0);
  private final ByteArrayOutputStream heldErr = new ByteArrayOutputStream(0);
  private boolean hasCome;
  private boolean isOver;

  Turn(OutputStream stdout, PrintStream stderr) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** What is written to it. */
  OutputStream out() {
    return new Held(stdout, heldOut);
  }

  PrintStream err() {
    return new PrintStream(new Held(stderr, heldErr), true, StandardCharsets.UTF_8);
  }

  /** Its turn has come. */
  public synchronized void come() {
    hasCome = true;
    try {
      heldOut.writeTo(stdout);
      heldErr.writeTo(stderr);
      stderr.flush();
    } catch (IOException e) {
      isOver = true;
      throw new OutputRefused(e);
    } finally {
      heldOut.reset();
      heldErr.reset();
      notifyAll();
    }
  }

  /** Nobody will see it any more. */
  public synchronized void forgo() {
    isOver = true;
    notifyAll();
  }

  private synchronized void write(
      OutputStream through, ByteArrayOutputStream held, byte[] bytes, int offset, int length)
      throws IOException {
    while (!hasCome && !isOver && held.size() + length > MOST_HELD && held.size() > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    if (isOver) {
      throw new Forgone();
    }
    if (hasCome) {
      through.write(bytes, offset, length);
    } else {
      held.write(bytes, offset, length);
    }
  }

  /** Why is told elsewhere. */
  static final class Forgone extends IOException {
    private static final long serialVersionUID = 1L;

    Forgone() {
      super("nobody reads it");
    }
  }

  /** One of the two streams. */
  private final class Held extends OutputStream {
    private final OutputStream through;
    private final ByteArrayOutputStream held;

    Held(OutputStream through, ByteArrayOutputStream held) {
      this.through = through;
      this.held = held;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Turn.this.write(through, held, bytes, offset, length);
    }
  }
}
