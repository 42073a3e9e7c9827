package org.vmcore.gdb.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.gdb.KernelThreads;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;

/**
 * A crashed kernel as a target of gdb's {@code target remote}. Its tasks are threads, memory is the
 * kernel's, by virtual addresses; what the dump hasn't can't be accessed. Nothing can be changed,
 * and nothing runs.
 */
public final class GdbStub {
  private static final String NO_ACK = "QStartNoAckMode";

  private final Kernel kernel;
  private final Target target;
  private final KernelThreads threads;
  private final Optional<ServedFile> file;

  private GdbStub(Kernel kernel, Target target, KernelThreads threads, Optional<ServedFile> file) {
    this.kernel = kernel;
    this.target = target;
    this.threads = threads;
    this.file = file;
  }

  /**
   * The target that {@code vmcore}'s kernel is.
   *
   * @param file what gdb may load symbols and types from
   * @throws VmcoreException when there is no thread, gdb can't be told of the machine, the dump is
   *     closed, or its file fails
   */
  public static GdbStub of(Vmcore vmcore, Kernel kernel, Optional<ServedFile> file)
      throws VmcoreException {
    Machine machine = KernelMachine.of(vmcore.header(), vmcore.notes(), kernel.info()).machine();
    Optional<Target> target = Target.of(machine);
    if (target.isEmpty()) {
      throw VmcoreException.of(
          vmcore.name(), "gdb can't be told of the registers of " + machine.label() + " yet");
    }
    return new GdbStub(kernel, target.get(), KernelThreads.of(kernel), file);
  }

  /** Its threads. */
  public KernelThreads threads() {
    return threads;
  }

  /**
   * Serves one client until it goes: it detaches, kills the target, or hangs up.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   * @throws IOException when the client can't be read from or written to
   */
  public void serve(InputStream in, OutputStream out) throws IOException {
    Answers answers = new Answers(target, kernel.order(), threads, kernel.memory(), file);
    PacketReader reader = new PacketReader(in);
    PacketWriter writer = new PacketWriter(out);
    boolean isAcknowledged = true;
    while (true) {
      switch (reader.next()) {
        case Incoming.Gone() -> {
          return;
        }
        case Incoming.Again() -> writer.again();
        case Incoming.Damaged() -> {
          if (isAcknowledged) {
            writer.acknowledge(false);
          }
        }
        case Incoming.Packet(byte[] content) -> {
          if (isAcknowledged) {
            writer.acknowledge(true);
          }
          String text = new String(content, StandardCharsets.ISO_8859_1);
          if (text.equals("k")) {
            return;
          }
          boolean isQuiet = text.equals(NO_ACK);
          isAcknowledged &= !isQuiet;
          writer.write(isQuiet ? Reply.OK : answers.to(content));
          if (text.equals("D") || text.startsWith("D;") || text.startsWith("vKill;")) {
            return;
          }
        }
      }
    }
  }
}
