package org.vmcore.http;

import java.net.URI;
import java.nio.file.Path;

/** Files on web servers as paths. */
public final class HttpFiles {
  private HttpFiles() {}

  /** Whether {@code url} is one of a web server. */
  public static boolean isWeb(URI url) {
    return "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
  }

  /**
   * The file at {@code url}, a path that shows neither user nor password nor query. Nothing is
   * asked before it is opened.
   *
   * @throws IllegalArgumentException when it names no host
   */
  public static Path path(URI url) {
    return path(url, HttpTiming.DEFAULT);
  }

  static Path path(URI url, HttpTiming timing) {
    return new HttpFileSystem(timing).path(HttpLocation.of(url));
  }
}
