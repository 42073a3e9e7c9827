package org.vmcore.http;

import java.net.HttpURLConnection;
import java.util.Optional;

/**
 * What a server says of the bytes that it sends.
 *
 * @param start the file offset of the first one
 * @param end the file offset behind the last one
 * @param total how many the file has
 * @param version its ETag or, where that is weak or there is none, when it was modified
 */
record HttpRange(long start, long end, long total, Optional<String> version) {
  /**
   * The one of an answer that is a part of a file (206), or says that there is no such part (416).
   *
   * @throws HttpFailure when it doesn't tell
   */
  static HttpRange of(HttpURLConnection answer) throws HttpFailure {
    String header = field(answer, "Content-Range").orElse("");
    int slash = header.indexOf('/');
    int dash = header.indexOf('-');
    try {
      long total = Long.parseLong(header.substring(slash + 1).trim());
      boolean isOfNone = header.startsWith("bytes */");
      long start = isOfNone ? 0 : Long.parseLong(header.substring("bytes ".length(), dash).trim());
      long end = isOfNone ? 0 : Long.parseLong(header.substring(dash + 1, slash).trim()) + 1;
      boolean isInside = start >= 0 && end >= start && end <= total;
      if (!header.startsWith("bytes ") || slash < 0 || !isInside) {
        throw new NumberFormatException(header);
      }
      return new HttpRange(start, end, total, version(answer));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new HttpFailure("the server's Content-Range doesn't tell which bytes it sends", e);
    }
  }

  /** Only a strong ETag says that no byte has changed. */
  private static Optional<String> version(HttpURLConnection answer) {
    return field(answer, "ETag")
        .filter(tag -> tag.startsWith("\""))
        .or(() -> field(answer, "Last-Modified"));
  }

  private static Optional<String> field(HttpURLConnection answer, String name) {
    return Optional.ofNullable(answer.getHeaderField(name));
  }
}
