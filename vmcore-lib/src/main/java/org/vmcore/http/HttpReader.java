package org.vmcore.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks a server for parts of one file, again where it may help: what broke, was busy or took too
 * long. Redirections are followed once; later parts are asked for where they lead, and from the
 * start again when that fails: what they lead to may be for a while only.
 *
 * <p>It is the client of {@code java.base}: that of {@code java.net.http} starts threads and would
 * need a module of its own, and here one thread waits for one answer.
 */
final class HttpReader {
  private static final int PARTIAL = 206;
  private static final int NO_SUCH_PART = 416;
  private static final int MOST_REDIRECTIONS = 8;

  /** Of an answer that isn't wanted so much is passed over, so that its connection can be kept. */
  private static final int SHORT = 1 << 16;

  private final HttpLocation start;
  private final HttpTiming timing;
  private final EnvironmentProxy proxies = new EnvironmentProxy();
  private HttpLocation location;
  private volatile Optional<HttpURLConnection> open = Optional.empty();
  private volatile boolean closed;

  HttpReader(HttpLocation start, HttpTiming timing) {
    this.start = start;
    this.location = start;
    this.timing = timing;
  }

  /** A part of a file: the first of the bytes that were asked for; none at the file's end. */
  static final class Part {
    private final HttpRange range;
    private final byte[] bytes;

    Part(HttpRange range, byte[] bytes) {
      this.range = range;
      this.bytes = bytes;
    }

    HttpRange range() {
      return range;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /** Asks once. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  /**
   * Asks for {@code length} bytes from {@code offset} on; empty where the server sends whole files
   * alone, or the file isn't that {@code version} any more.
   *
   * @throws HttpFailure when it can't be had
   */
  Optional<Part> read(long offset, int length, Optional<String> version) throws HttpFailure {
    return again(() -> once(offset, length, version));
  }

  /**
   * The whole file, as it comes.
   *
   * @throws HttpFailure when it can't be had
   */
  InputStream stream() throws HttpFailure {
    return again(
        () -> {
          HttpURLConnection answer = ask(Optional.empty(), Optional.empty());
          if (answer.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw refused(answer);
          }
          return new PacedStream(
              answer.getInputStream(), answer.getContentLengthLong(), timing.answer());
        });
  }

  private <T> T again(Question<T> question) throws HttpFailure {
    long pause = timing.pause().toMillis();
    for (int left = timing.tries() - 1; ; left--) {
      boolean isLed = !location.equals(start);
      try {
        return question.ask();
      } catch (IOException e) {
        HttpFailure failure = HttpFailure.of(e);
        boolean mayHelp = isLed || (failure.mayPass() && left > 0);
        if (!mayHelp || closed) {
          throw failure;
        }
      }
      location = start;
      if (isLed) {
        continue; // at once
      }
      sleep(pause);
      pause *= 2;
    }
  }

  private static void sleep(long pause) throws HttpFailure {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpFailure("interrupted");
    }
  }

  private Optional<Part> once(long offset, int length, Optional<String> version)
      throws IOException {
    String wanted = "bytes=" + offset + "-" + (offset + length - 1);
    HttpURLConnection answer = ask(Optional.of(wanted), version);
    int status = answer.getResponseCode();
    if (status == HttpURLConnection.HTTP_OK) {
      pass(answer);
      return Optional.empty();
    }
    if (status != PARTIAL && status != NO_SUCH_PART) {
      throw refused(answer);
    }
    String packed = answer.getContentEncoding();
    if (status == PARTIAL && packed != null && !packed.equalsIgnoreCase("identity")) {
      pass(answer);
      throw new HttpFailure("the server sends parts packed: Content-Encoding " + packed);
    }
    HttpRange range = HttpRange.of(answer);
    if (status == NO_SUCH_PART) {
      pass(answer);
      return Optional.of(new Part(range, new byte[0]));
    }
    if (range.start() != offset || range.end() == offset) {
      pass(answer);
      throw new HttpFailure("the server sends other bytes than those it was asked for");
    }
    long sent = range.end() - offset;
    try (InputStream in = new PacedStream(answer.getInputStream(), sent, timing.answer())) {
      byte[] bytes = in.readNBytes((int) Math.min(sent, length));
      if (sent > length || in.read() >= 0) {
        throw new HttpFailure("the server sends more bytes than those it was asked for");
      }
      return Optional.of(new Part(range, bytes));
    } catch (HttpFailure e) {
      answer.disconnect(); // what is left of it isn't waited for
      throw e;
    }
  }

  private HttpFailure refused(HttpURLConnection answer) throws IOException {
    int status = answer.getResponseCode();
    pass(answer);
    return HttpFailure.ofStatus(status);
  }

  /** Passes over an answer that isn't wanted; hangs up where it is long. */
  private void pass(HttpURLConnection answer) throws IOException {
    boolean isError = answer.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
    InputStream in = isError ? answer.getErrorStream() : answer.getInputStream();
    long length = answer.getContentLengthLong();
    if (in != null && length >= 0 && length <= SHORT) {
      new PacedStream(in, -1, timing.answer()).readNBytes(SHORT);
      in.close();
    } else {
      answer.disconnect();
    }
  }

  /** The answer, after redirections. */
  private HttpURLConnection ask(Optional<String> range, Optional<String> version)
      throws IOException {
    for (int i = 0; i < MOST_REDIRECTIONS; i++) {
      HttpURLConnection answer = connect();
      if (range.isPresent()) {
        answer.setRequestProperty("Range", range.get());
      }
      if (version.isPresent()) {
        answer.setRequestProperty("If-Range", version.get());
      }
      String next = isRedirection(status(answer)) ? answer.getHeaderField("Location") : null;
      if (next == null) {
        return answer;
      }
      pass(answer);
      location = location.redirected(next);
    }
    throw new HttpFailure("redirected more than " + MOST_REDIRECTIONS + " times");
  }

  /** Waits for the head of an answer, for so long as it may take as a whole. */
  private int status(HttpURLConnection answer) throws IOException {
    long most = timing.connect().plus(timing.answer()).toMillis();
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    CompletableFuture<Void> hangUp =
        over.completeOnTimeout(true, most, TimeUnit.MILLISECONDS).thenRun(answer::disconnect);
    try {
      int status = answer.getResponseCode(); // of a head that is cut off, too
      if (over.cancel(false)) {
        return status;
      }
    } catch (IOException e) {
      if (over.cancel(false)) {
        throw proxies.failure(location.uri(), e);
      }
    }
    hangUp.join();
    throw HttpFailure.late();
  }

  private static boolean isRedirection(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private HttpURLConnection connect() throws IOException {
    Proxy proxy = proxies.of(location.uri());
    HttpURLConnection connection = (HttpURLConnection) location.uri().toURL().openConnection(proxy);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) timing.connect().toMillis());
    connection.setReadTimeout((int) timing.answer().toMillis());
    connection.setRequestProperty("User-Agent", "vmcore");
    connection.setRequestProperty("Accept-Encoding", "identity");
    if (location.authorization().isPresent()) {
      connection.setRequestProperty("Authorization", location.authorization().get());
    }
    open = Optional.of(connection);
    if (closed) {
      throw new HttpFailure("it was closed");
    }
    return connection;
  }

  /** Hangs up: whoever waits for an answer fails. */
  void close() {
    closed = true;
    open.ifPresent(HttpURLConnection::disconnect);
  }
}
