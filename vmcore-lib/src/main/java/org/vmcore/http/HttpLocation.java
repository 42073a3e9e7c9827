package org.vmcore.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a file is: its URL without what must not be shown, and how its server is asked.
 *
 * @param uri what is asked for; it has no user and no fragment
 * @param authorization the value of the header of that name
 */
record HttpLocation(URI uri, Optional<String> authorization) {
  private static final int MOST_PORT = 0xffff;

  /**
   * The location of {@code url}, whose user and password are for Basic authentication.
   *
   * @throws IllegalArgumentException when it names no host, or a port that can't be
   */
  static HttpLocation of(URI url) {
    if (url.getHost() == null) {
      throw new IllegalArgumentException(
          "no host can be told (in users and passwords @ / ? # are %40 %2F %3F %23)");
    }
    requirePort(url);
    Optional<String> user = Optional.ofNullable(url.getUserInfo());
    return new HttpLocation(plain(url), user.map(HttpLocation::basic));
  }

  private static void requirePort(URI url) {
    if (url.getPort() > MOST_PORT) {
      throw new IllegalArgumentException("a port above " + MOST_PORT);
    }
  }

  private static String basic(String user) {
    return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  private static URI plain(URI url) {
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return URI.create(origin(url) + path + query);
  }

  private static String origin(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme().toLowerCase(Locale.ROOT) + "://" + url.getHost() + port;
  }

  /** The URL without user, password and query: any of them may be a secret. */
  String shown() {
    return origin(uri) + uri.getPath() + (uri.getRawQuery() == null ? "" : "?...");
  }

  /**
   * Where {@code header} of a redirection leads. Who else may know the password isn't asked with
   * it.
   *
   * @throws HttpFailure when it leads nowhere, or from https to http
   */
  HttpLocation redirected(String header) throws HttpFailure {
    try {
      URI next = uri.resolve(header);
      String scheme = String.valueOf(next.getScheme()).toLowerCase(Locale.ROOT);
      boolean isWeb = scheme.equals("https") || scheme.equals("http");
      if (!isWeb || next.getHost() == null) {
        throw new HttpFailure("redirected to what is no web server");
      }
      if (scheme.equals("http") && uri.getScheme().equals("https")) {
        throw new HttpFailure("redirected from https to http: refused");
      }
      requirePort(next);
      boolean isSame = origin(next).equals(origin(uri));
      return new HttpLocation(plain(next), isSame ? authorization : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new HttpFailure("redirected to no URL of a file", e);
    }
  }
}
