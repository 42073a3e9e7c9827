package org.vmcore.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The proxy of the environment variables {@code http_proxy}, {@code https_proxy}, {@code all_proxy}
 * and {@code no_proxy}, as other programs have it. The JVM's properties ({@code https.proxyHost})
 * come first.
 */
final class EnvironmentProxy {
  private static final int DEFAULT_PORT = 3128;

  private final Optional<ProxySelector> properties =
      Optional.ofNullable(ProxySelector.getDefault());

  /**
   * By what {@code uri} is asked for.
   *
   * @throws HttpFailure when a variable names no proxy
   */
  Proxy of(URI uri) throws HttpFailure {
    List<Proxy> known = properties.map(each -> each.select(uri)).orElse(List.of());
    boolean isKnown = known.stream().anyMatch(each -> each.type() != Proxy.Type.DIRECT);
    return isKnown ? known.getFirst() : proxy(uri, EnvironmentProxy::variable);
  }

  static Proxy proxy(URI uri, UnaryOperator<String> variables) throws HttpFailure {
    String own = uri.getScheme() + "_proxy";
    String name = variables.apply(own).isEmpty() ? "all_proxy" : own;
    String value = variables.apply(name);
    if (value.isEmpty() || isExcepted(uri.getHost(), variables.apply("no_proxy"))) {
      return Proxy.NO_PROXY;
    }
    try {
      URI proxy = URI.create(value.contains("://") ? value : "http://" + value);
      int port = proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort();
      if (proxy.getHost() != null) {
        return new Proxy(
            Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port));
      }
    } catch (IllegalArgumentException e) {
      // it may hold a password, and isn't shown
    }
    throw new HttpFailure("the environment's " + name + " names no proxy");
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    String upper = value == null ? System.getenv(name.toUpperCase(Locale.ROOT)) : value;
    return upper == null ? "" : upper;
  }

  /** {@code no_proxy} has names of hosts and, with or without a dot in front, of domains. */
  static boolean isExcepted(String host, String exceptions) {
    for (String each : exceptions.split(",", -1)) {
      String name = each.trim().startsWith(".") ? each.trim().substring(1) : each.trim();
      if (name.equals("*")
          || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name)))) {
        return true;
      }
    }
    return false;
  }

  /** What came of asking for {@code uri}: where a proxy was asked, it may be the proxy's fault. */
  IOException failure(URI uri, IOException failure) throws HttpFailure {
    return of(uri).address() instanceof InetSocketAddress proxy
        ? HttpFailure.ofProxy(proxy.getHostString() + ":" + proxy.getPort(), failure)
        : failure;
  }
}
