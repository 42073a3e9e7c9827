package org.vmcore.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The proxy of the environment variables {@code http_proxy}, {@code https_proxy}, {@code all_proxy}
 * and {@code no_proxy}, as other programs have it. The JVM's properties ({@code https.proxyHost})
 * come first.
 */
final class EnvironmentProxy extends ProxySelector {
  private static final int DEFAULT_PORT = 3128;

  private final Optional<ProxySelector> properties = Optional.ofNullable(getDefault());

  @Override
  public List<Proxy> select(URI uri) {
    List<Proxy> known = properties.map(each -> each.select(uri)).orElse(List.of());
    boolean isKnown = known.stream().anyMatch(each -> each.type() != Proxy.Type.DIRECT);
    return isKnown ? known : List.of(proxy(uri));
  }

  private static Proxy proxy(URI uri) {
    String named = variable(uri.getScheme() + "_proxy");
    String value = named.isEmpty() ? variable("all_proxy") : named;
    if (value.isEmpty() || isExcepted(uri.getHost(), variable("no_proxy"))) {
      return Proxy.NO_PROXY;
    }
    try {
      URI proxy = URI.create(value.contains("://") ? value : "http://" + value);
      int port = proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort();
      return proxy.getHost() == null
          ? Proxy.NO_PROXY
          : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port));
    } catch (IllegalArgumentException e) {
      return Proxy.NO_PROXY;
    }
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

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    properties.ifPresent(each -> each.connectFailed(uri, address, failure));
  }
}
