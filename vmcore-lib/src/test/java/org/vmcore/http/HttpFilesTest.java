package org.vmcore.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Packed;

/** Dumps on a web server, and what may be wrong with it. */
class HttpFilesTest {
  private static final HttpTiming QUICK =
      new HttpTiming(Duration.ofSeconds(5), Duration.ofMillis(700), Duration.ofMillis(1), 3);
  private static final int LENGTH = 0x40_0000;

  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private byte[] file = dump();
  private Optional<String> tag = Optional.of("\"1\"");
  private boolean hasRanges = true;
  private int failures;
  private int failure = 503;

  private static byte[] dump() {
    return DumpBuilder.elf64().vmcoreinfo("OSRELEASE=6.1.0").load(0x1000, LENGTH).build();
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/vmcore", this::answer);
    server.createContext("/moved", exchange -> redirect(exchange, "/vmcore"));
    server.createContext("/round", exchange -> redirect(exchange, "/round"));
    server.createContext("/stuck", _ -> {});
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String user = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(range + (user == null ? "" : " " + user));
    if (failures > 0) {
      failures--;
      send(exchange, failure, new byte[0]);
      return;
    }
    tag.ifPresent(value -> exchange.getResponseHeaders().set("ETag", value));
    String wanted = exchange.getRequestHeaders().getFirst("If-Range");
    if (range == null || !hasRanges || (wanted != null && !tag.equals(Optional.of(wanted)))) {
      send(exchange, 200, file);
      return;
    }
    int dash = range.indexOf('-');
    int from = Integer.parseInt(range.substring(6, dash));
    if (from >= file.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + file.length);
      send(exchange, 416, new byte[0]);
      return;
    }
    int to = Math.min(file.length, Integer.parseInt(range.substring(dash + 1)) + 1);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + file.length);
    send(exchange, 206, Arrays.copyOfRange(file, from, to));
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    send(exchange, 302, new byte[100]);
  }

  private static void send(HttpExchange exchange, int status, byte[] bytes) throws IOException {
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    } catch (IOException e) {
      // Who asked hung up.
    }
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private Path at(String path) {
    return HttpFiles.path(URI.create(url(path)), QUICK);
  }

  private static byte[] memory(Vmcore vmcore) throws VmcoreException {
    byte[] bytes = new byte[LENGTH];
    long got = vmcore.physical().read(0x1000, MemorySegment.ofArray(bytes));
    assertThat(got).isEqualTo(LENGTH);
    return bytes;
  }

  private byte[] expected() {
    return Arrays.copyOfRange(file, file.length - LENGTH, file.length);
  }

  private void fails(Path path, String reason) {
    assertThatThrownBy(
            () -> {
              try (Vmcore vmcore = Vmcore.open(path)) {
                memory(vmcore);
              }
            })
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageEndingWith(reason);
  }

  @Test
  void aDumpIsReadInPlace() throws IOException {
    try (Vmcore vmcore = Vmcore.open(at("/vmcore"))) {
      assertThat(vmcore.name()).isEqualTo(url("/vmcore"));
      assertThat(vmcore.envelopes()).isEmpty();
      assertThat(asked).hasSize(1); // its headers
      assertThat(memory(vmcore)).isEqualTo(expected());
    }
    assertThat(asked).hasSizeLessThan(8); // who reads on gets more at once
  }

  @Test
  void whatWasReadIsKept() throws IOException {
    try (Vmcore vmcore = Vmcore.open(at("/vmcore"))) {
      memory(vmcore);
      int before = asked.size();
      memory(vmcore);
      assertThat(asked).hasSize(before);
    }
  }

  @Test
  void byItsUri() throws IOException {
    try (Vmcore vmcore =
        Vmcore.open(URI.create(url("/vmcore")), org.vmcore.open.OpenOptions.DEFAULT)) {
      assertThat(memory(vmcore)).isEqualTo(expected());
    }
  }

  @Test
  void withoutRangesItIsSaved() throws IOException {
    hasRanges = false;
    try (Vmcore vmcore = Vmcore.open(at("/vmcore"))) {
      assertThat(vmcore.envelopes()).containsExactly("stream");
      assertThat(memory(vmcore)).isEqualTo(expected());
    }
  }

  @Test
  void envelopesAreOpened() throws IOException {
    byte[] memory = expected();
    file = Packed.gzip(file);
    try (Vmcore vmcore = Vmcore.open(at("/vmcore"))) {
      assertThat(vmcore.envelopes()).containsExactly("gzip");
      assertThat(memory(vmcore)).isEqualTo(memory);
    }
  }

  @Test
  void redirectionsAreFollowedOnce() throws IOException {
    try (Vmcore vmcore = Vmcore.open(at("/moved"))) {
      assertThat(memory(vmcore)).isEqualTo(expected());
    }
    fails(at("/round"), "redirected more than 8 times");
  }

  @Test
  void userAndPasswordArentShown() throws IOException {
    URI url = URI.create(url("/vmcore?signature=secret").replace("//", "//me:secret@"));
    Path path = HttpFiles.path(url, QUICK);

    try (Vmcore vmcore = Vmcore.open(path)) {
      assertThat(vmcore.name()).isEqualTo(url("/vmcore?..."));
    }
    assertThat(asked.getFirst()).endsWith(" Basic bWU6c2VjcmV0");
    failures = 1;
    failure = 401;
    fails(
        path, "the server answers 401: it wants a user and a password (http://USER:PASSWORD@...)");
  }

  @Test
  void whatMayPassIsAskedAgain() throws IOException {
    failures = 2;
    try (Vmcore vmcore = Vmcore.open(at("/vmcore"))) {
      failures = 2;
      assertThat(memory(vmcore)).isEqualTo(expected());
    }
    failures = 99;
    fails(at("/vmcore"), "the server answers 503");
    assertThat(failures).isEqualTo(96);
  }

  @Test
  void whatStaysSoIsNot() {
    failures = 1;
    failure = 404;
    fails(at("/vmcore"), "the server answers 404: there is no such file");
    failures = 1;
    failure = 403;
    fails(at("/vmcore"), "the server answers 403: access is denied");
  }

  @Test
  void aFileThatChangesIsAnError() throws IOException {
    Path path = at("/vmcore");
    try (Vmcore vmcore = Vmcore.open(path)) {
      tag = Optional.of("\"2\"");
      assertThatThrownBy(() -> memory(vmcore))
          .hasMessageContaining("the file changed on the server while it was read");
      int before = asked.size();
      assertThatThrownBy(() -> memory(vmcore)).hasMessageContaining("changed on the server");
      assertThat(asked).hasSize(before);
    }
  }

  @Test
  void withoutTagItsSizeTells() throws IOException {
    tag = Optional.empty();
    try (Vmcore vmcore = Vmcore.open(at("/vmcore"))) {
      file = Arrays.copyOf(file, file.length + 1);
      assertThatThrownBy(() -> memory(vmcore)).hasMessageContaining("changed on the server");
    }
  }

  @Test
  void aServerThatStallsIsntWaitedForForever() {
    fails(at("/stuck"), "the server doesn't answer in time");
  }

  @Test
  void aServerThatIsntThere() {
    Path path = at("/vmcore");
    server.stop(0);
    fails(path, "the server can't be reached: connection refused");
  }

  @Test
  void anEmptyFileIsNoDump() {
    file = new byte[0];
    fails(at("/vmcore"), "the file is empty");
  }

  @Test
  void noProxyNamesHostsAndDomains() {
    assertThat(EnvironmentProxy.isExcepted("a.example.org", "b,.example.org")).isTrue();
    assertThat(EnvironmentProxy.isExcepted("a.example.org", "example.org")).isTrue();
    assertThat(EnvironmentProxy.isExcepted("an-example.org", "example.org")).isFalse();
    assertThat(EnvironmentProxy.isExcepted("a", "*")).isTrue();
    assertThat(EnvironmentProxy.isExcepted("a", "")).isFalse();
  }
}
