package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.StacksKernel.FAULT;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.StacksKernel;

@Timeout(60)
class GdbCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Path dump = Path.of("");

  @BeforeEach
  void makeADump() throws IOException {
    StacksKernel kernel = new StacksKernel();
    kernel.tasks().running(0, kernel.tasks().process(9, "culprit"));
    dump = kernel.dump(9, FAULT + 3, 0).writeTo(folder.resolve("vmcore"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private static String ask(int port, String packets) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(packets.getBytes(StandardCharsets.US_ASCII));
        socket.shutdownOutput();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      } catch (ConnectException e) {
        assertThat(Instant.now()).isBefore(end);
        Thread.sleep(20);
      }
    }
  }

  @Test
  void oneClient() throws Exception {
    int port = freePort();
    CompletableFuture<Run> run =
        CompletableFuture.supplyAsync(() -> Run.of("gdb", "--once", "--port", port, dump));

    assertThat(ask(port, "$qC#b4$?#3f")).isEqualTo("+$QC9#cd+$T05thread:9;core:0;#2d");
    assertThat(run.get().lines()).containsExactly("listening: target remote 127.0.0.1:" + port);
    assertThat(run.get().status()).isZero();
  }

  @Test
  void aPortThatSomebodyHas() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();

      Run run = Run.of("gdb", "--port", port, dump);

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).startsWith("vmcore: " + dump + ": port " + port + ": ");
    }
  }

  @Test
  void optionsThatDontGoTogether() {
    Run.of("gdb", "--stdio", "--port", "1", dump)
        .misused("vmcore gdb", "--port has no effect with --stdio");
    Run.of("gdb", "--stdio", "--once", dump)
        .misused("vmcore gdb", "--once has no effect with --stdio");
    assertThat(Run.of("gdb", "--port", "65536", dump).status()).isEqualTo(2);
  }
}
