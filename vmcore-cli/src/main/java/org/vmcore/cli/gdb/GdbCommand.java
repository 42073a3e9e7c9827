package org.vmcore.cli.gdb;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channels;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.output.Cleaner;
import org.vmcore.cli.output.Console;
import org.vmcore.gdb.remote.GdbStub;
import org.vmcore.gdb.remote.ServedFile;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore gdb}. */
public final class GdbCommand implements Subcommand {
  /** gdbremote of the IANA's list of ports. */
  private static final int PORT = 2159;

  private static final int LAST_PORT = 0xffff;

  private final Frame frame = Frame.ofDump();
  private final Opt<Boolean> stdio =
      Opt.flag(
          "Speak to gdb over stdin and stdout: target remote | vmcore gdb --stdio DUMP.",
          "--stdio");
  private final Opt<Integer> port =
      Opt.of(
          Integer.class,
          GdbCommand::port,
          "N",
          "The TCP port of the loopback interface that is listened on (default: 2159); 0 is any.",
          "--port");
  private final Opt<Boolean> once = Opt.flag("End when the first client has gone.", "--once");
  private final KernelOptions kernelOptions = new KernelOptions();

  private static int port(String text) {
    long number = Numbers.parse(text);
    if (number < 0 || number > LAST_PORT) {
      throw new TypeConversionException("'" + text + "' is no port: 0 to " + LAST_PORT);
    }
    return (int) number;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "gdb",
            "Be the target of gdb's 'target remote': tasks are threads.",
            "gdb finds symbols and types in the target itself, without debuginfo. A thread's number"
                + " is its pid, that of CPU n's idle task 10000000 + n; a sleeping task has the"
                + " registers that it saved. Memory is the kernel's, by virtual addresses; what is"
                + " excluded from the dump or lost can't be accessed. Nothing can be written, and"
                + " nothing runs. Clients are served one after the other. Everybody on this machine"
                + " may connect to a port; --stdio is for gdb alone.");
    frame.addDumpTo(spec);
    stdio.addTo(spec);
    port.addTo(spec);
    once.addTo(spec);
    kernelOptions.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore gdb vmcore",
        "  gdb -ex 'target remote :2159'",
        "  vmcore gdb --port 0 --once vmcore",
        "  gdb -ex 'target remote | vmcore gdb --stdio vmcore'");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    port.requireEffect(!stdio.isGiven(), "with --stdio");
    once.requireEffect(!stdio.isGiven(), "with --stdio");
    frame.tellName(console);
    return frame.run(console, (vmcore, ending) -> serve(console, vmcore, ending));
  }

  private void serve(Console console, Vmcore vmcore, Ending ending) throws VmcoreException {
    Kernel kernel = kernelOptions.kernel(vmcore);
    Cleaner.install();
    try (ServedFile file = ServedFile.of(vmcore, kernel)) {
      GdbStub stub = GdbStub.of(vmcore, kernel, Optional.of(file));
      stub.threads().gaps().forEach(gap -> ending.gap("", gap));
      if (stdio.isGiven()) {
        serve(console, vmcore, stub);
      } else {
        file.failure().ifPresent(why -> console.say("gdb finds no symbols: " + why.getMessage()));
        listen(console, vmcore, stub);
      }
    }
  }

  private static void serve(Console console, Vmcore vmcore, GdbStub stub) throws VmcoreException {
    try (OutputStream out = Channels.newOutputStream(console.bytes())) {
      stub.serve(System.in, out);
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw VmcoreException.of(vmcore.name(), "gdb is gone: " + e.getMessage(), e);
    }
  }

  private void listen(Console console, Vmcore vmcore, GdbStub stub) throws VmcoreException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int wanted = port.or(PORT);
    try (ServerSocket server = new ServerSocket()) {
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(loopback, wanted), 1);
      console
          .out()
          .line(
              "listening: target remote "
                  + loopback.getHostAddress()
                  + ":"
                  + server.getLocalPort());
      console.out().flush();
      do {
        accept(console, vmcore, stub, server);
      } while (!once.isGiven());
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw VmcoreException.of(vmcore.name(), "port " + wanted + ": " + e.getMessage(), e);
    }
  }

  private static void accept(Console console, Vmcore vmcore, GdbStub stub, ServerSocket server)
      throws IOException {
    try (Socket client = server.accept()) {
      client.setTcpNoDelay(true);
      serve(console, vmcore, stub, client);
    }
  }

  private static void serve(Console console, Vmcore vmcore, GdbStub stub, Socket client)
      throws VmcoreException {
    try {
      stub.serve(client.getInputStream(), client.getOutputStream());
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      console.say(vmcore.name(), "a client is gone: " + e.getMessage());
    }
  }
}
