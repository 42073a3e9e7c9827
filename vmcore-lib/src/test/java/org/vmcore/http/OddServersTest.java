package org.vmcore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.Vmcore;
import org.vmcore.testing.DumpBuilder;

/** Servers that answer as they shouldn't, or otherwise than others do. */
class OddServersTest {
  private static final HttpTiming QUICK =
      new HttpTiming(Duration.ofMillis(300), Duration.ofMillis(500), Duration.ofMillis(1), 2);
  private static final int LENGTH = 0x10_0000;

  private final byte[] file =
      DumpBuilder.elf64().vmcoreinfo("OSRELEASE=6.1.0").load(0x1000, LENGTH).build();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Path at(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          asked.incrementAndGet();
          handler.handle(exchange);
        });
    return at("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static Path at(String url) {
    return HttpFiles.path(URI.create(url), QUICK);
  }

  /** Sends what is asked for, at most {@code most} bytes of it, and says {@code range} of it. */
  private void send(HttpExchange exchange, int most, String range) throws IOException {
    String wanted = exchange.getRequestHeaders().getFirst("Range");
    int dash = wanted.indexOf('-');
    int from = Integer.parseInt(wanted.substring("bytes=".length(), dash));
    int to = Math.min(file.length, Integer.parseInt(wanted.substring(dash + 1)) + 1);
    int end = Math.min(to, from + most);
    String told = "bytes " + from + "-" + (end - 1) + "/" + file.length;
    exchange.getResponseHeaders().set("Content-Range", range.isEmpty() ? told : range);
    exchange.sendResponseHeaders(206, end - from);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(Arrays.copyOfRange(file, from, end));
    }
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void reads(Path path) throws IOException {
    byte[] bytes = new byte[LENGTH];
    try (Vmcore vmcore = Vmcore.open(path)) {
      assertThat(vmcore.physical().read(0x1000, MemorySegment.ofArray(bytes))).isEqualTo(LENGTH);
    }
    assertThat(bytes).isEqualTo(Arrays.copyOfRange(file, file.length - LENGTH, file.length));
  }

  private static void fails(Path path, String reason) {
    assertThatThrownBy(() -> Vmcore.open(path).close()).hasMessage(path + ": " + reason);
  }

  @ParameterizedTest
  @CsvSource({"potatoes", "bytes 0-99/*", "bytes 0-99/-5", "bytes 0-99/50", "bytes 9-0/999999"})
  void rangesThatTellNothingAreAskedForOnce(String range) {
    fails(
        at("/vmcore", exchange -> send(exchange, LENGTH, range)),
        "the server's Content-Range doesn't tell which bytes it sends");
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "file:///etc/passwd, redirected to what is no web server",
    "http://[bad, redirected to no URL of a file",
    "http://127.0.0.1:99999/, redirected to no URL of a file",
  })
  void redirectionsThatLeadNowhereAreAskedForOnce(String to, String reason) {
    fails(at("/vmcore", exchange -> redirect(exchange, to)), reason);
    assertThat(asked).hasValue(1);
  }

  @Test
  void partsMayBeShorterThanWhatIsAskedFor() throws IOException {
    reads(at("/vmcore", exchange -> send(exchange, 100_000, "")));
    assertThat(asked.get()).isGreaterThanOrEqualTo(LENGTH / 100_000);
  }

  @Test
  void packedPartsAreNamed() {
    Path path =
        at(
            "/vmcore",
            exchange -> {
              exchange.getResponseHeaders().set("Content-Encoding", "gzip");
              send(exchange, LENGTH, "");
            });
    fails(path, "the server sends parts packed: Content-Encoding gzip");
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatARedirectionLedToMayExpire() throws IOException {
    AtomicInteger signature = new AtomicInteger();
    AtomicInteger uses = new AtomicInteger();
    at(
        "/signed",
        exchange -> {
          if (uses.incrementAndGet() % 2 == 0) {
            signature.incrementAndGet();
          }
          if (exchange.getRequestURI().getQuery().equals("" + signature)) {
            send(exchange, LENGTH, "");
          } else {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
          }
        });
    reads(at("/vmcore", exchange -> redirect(exchange, "/signed?" + signature)));
    assertThat(signature.get()).isPositive();
  }

  @Test
  void aServerThatTricklesIsGivenUpOn() {
    Path path =
        at(
            "/vmcore",
            exchange -> {
              exchange
                  .getResponseHeaders()
                  .set("Content-Range", "bytes 0-" + (file.length - 1) + "/" + file.length);
              exchange.sendResponseHeaders(206, file.length);
              trickle(exchange.getResponseBody());
            });
    fails(path, "the server doesn't answer in time");
  }

  @Test
  void soIsOneWhoseHeadersTrickle() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      Thread trickling = Thread.ofPlatform().daemon().start(() -> trickle(socket));
      fails(
          at("http://127.0.0.1:" + socket.getLocalPort() + "/vmcore"),
          "the server doesn't answer in time");
      assertThat(trickling.isAlive()).isTrue();
    }
  }

  private static void trickle(ServerSocket socket) {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        OutputStream out = client.getOutputStream();
        out.write("HTTP/1.1 206 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
        trickle(out);
      } catch (IOException e) {
        // who asked hung up
      }
    }
  }

  private static void trickle(OutputStream out) throws IOException {
    for (int i = 0; i < 600; i++) {
      out.write('x');
      out.flush();
      sleep();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Proxy proxy(Map<String, String> variables) throws HttpFailure {
    return EnvironmentProxy.proxy(
        URI.create("http://host/vmcore"), name -> variables.getOrDefault(name, ""));
  }

  @Test
  void theProxyOfTheEnvironment() throws HttpFailure {
    assertThat(proxy(Map.of())).isEqualTo(Proxy.NO_PROXY);
    assertThat(proxy(Map.of("all_proxy", "cache:8080")).address())
        .isEqualTo(InetSocketAddress.createUnresolved("cache", 8080));
    assertThat(proxy(Map.of("all_proxy", "http://[bad", "no_proxy", "host")))
        .isEqualTo(Proxy.NO_PROXY);
    assertThatThrownBy(() -> proxy(Map.of("http_proxy", "http://[bad")))
        .hasMessage("the environment's http_proxy names no proxy");
    assertThatThrownBy(() -> proxy(Map.of("all_proxy", "http://cache:99999")))
        .hasMessage("the environment's all_proxy names no proxy");
  }
}
