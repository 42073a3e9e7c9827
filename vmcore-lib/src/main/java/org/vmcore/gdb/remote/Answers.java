package org.vmcore.gdb.remote;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.vmcore.gdb.KernelThreads;
import org.vmcore.gdb.remote.Arguments.Malformed;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/** Answers to one client's packets (gdb's manual, Packets and General Query Packets). */
final class Answers {
  private static final String READ_ONLY = "a dump can't be changed";
  private static final String DEAD = "the kernel has crashed: it doesn't run any more";

  /** All of memory, which can't be written; a size of 2^64 can't be told. */
  private static final String MEMORY_MAP =
      """
      <?xml version="1.0"?>
      <!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN"
       "http://sourceware.org/gdb/gdb-memory-map.dtd">
      <memory-map>
      <memory type="rom" start="0x0" length="0x8000000000000000"/>
      <memory type="rom" start="0x8000000000000000" length="0x8000000000000000"/>
      </memory-map>
      """;

  private final Target target;
  private final ByteOrder order;
  private final KernelThreads threads;
  private final ThreadAnswers onThreads;
  private final MemoryAnswers onMemory;
  private final FileAnswers onFiles;
  private final Optional<ServedFile> file;

  Answers(
      Target target,
      ByteOrder order,
      KernelThreads threads,
      Memory memory,
      Optional<ServedFile> file) {
    this.target = target;
    this.order = order;
    this.threads = threads;
    this.onThreads = new ThreadAnswers(threads);
    this.onMemory = new MemoryAnswers(memory);
    this.onFiles = new FileAnswers(file);
    this.file = file;
  }

  /** The answer to a packet. */
  Reply to(byte[] packet) {
    if (packet.length == 0) {
      return Reply.UNKNOWN;
    }
    String text = new String(packet, 1, packet.length - 1, StandardCharsets.ISO_8859_1);
    try {
      return to((char) (packet[0] & 0xff), text);
    } catch (Malformed e) {
      return Reply.error(String.valueOf(e.getMessage()));
    } catch (VmcoreException e) {
      return Reply.error(e.reason());
    }
  }

  private Reply to(char kind, String text) throws Malformed, VmcoreException {
    return switch (kind) {
      case '?' -> onThreads.stopped();
      case 'g' -> Reply.text(target.values(threads.registers(onThreads.current()), order));
      case 'p' -> register(new Arguments(text));
      case 'm' -> onMemory.digits(new Arguments(text));
      case 'x' -> onMemory.binary(new Arguments(text));
      case 'H' ->
          text.isEmpty()
              ? Reply.UNKNOWN
              : onThreads.choose(text.substring(0, 1), new Arguments(text.substring(1)));
      case 'T' -> onThreads.isAlive(new Arguments(text));
      case 'q' -> query(text);
      case 'v' -> named(text);
      case 'D' -> Reply.OK;
      case 'M', 'X', 'G', 'P', 'Z', 'z' -> Reply.error(READ_ONLY);
      case 'c', 'C', 's', 'S', 'i', 'I', 'b' -> Reply.error(DEAD);
      default -> Reply.UNKNOWN;
    };
  }

  private Reply register(Arguments arguments) throws Malformed, VmcoreException {
    int index = arguments.size(';');
    return index < target.count()
        ? Reply.text(target.value(index, threads.registers(onThreads.current()), order))
        : Reply.error("no such register");
  }

  private Reply named(String text) throws Malformed {
    if (text.startsWith("File:")) {
      return onFiles.answer(new Arguments(text.substring("File:".length())));
    }
    if (text.startsWith("Cont;") || text.startsWith("Run;") || text.startsWith("Attach;")) {
      return Reply.error(DEAD);
    }
    return text.startsWith("Kill;") ? Reply.OK : Reply.UNKNOWN;
  }

  private Reply query(String text) throws Malformed {
    Arguments arguments = new Arguments(text);
    String name = arguments.word(text.startsWith("ThreadExtraInfo,") ? ',' : ':');
    return switch (name) {
      case "Supported" -> Reply.text(supported());
      case "C" -> onThreads.ofCurrent();
      case "fThreadInfo" -> onThreads.first();
      case "sThreadInfo" -> onThreads.more();
      case "ThreadExtraInfo" -> onThreads.extra(arguments);
      case "Attached" -> Reply.text("1");
      case "Symbol" -> Reply.OK;
      case "Offsets" -> Reply.text("Text=0;Data=0;Bss=0");
      case "Xfer" -> transfer(arguments);
      default -> Reply.UNKNOWN;
    };
  }

  private String supported() {
    return "PacketSize="
        + Integer.toHexString(PacketReader.MOST)
        + ";QStartNoAckMode+;qXfer:features:read+;qXfer:threads:read+;qXfer:memory-map:read+"
        + (file.isPresent() ? ";qXfer:exec-file:read+" : "")
        + ";binary-upload+";
  }

  /** {@code qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH}. */
  private Reply transfer(Arguments arguments) throws Malformed {
    String object = arguments.word(':');
    if (!arguments.word(':').equals("read")) {
      return Reply.error(READ_ONLY);
    }
    String annex = arguments.word(':');
    byte[] bytes;
    switch (object) {
      case "features" -> {
        if (!annex.equals("target.xml")) {
          return Reply.error("no such description");
        }
        bytes = target.xml().getBytes(StandardCharsets.US_ASCII);
      }
      case "threads" -> bytes = onThreads.xml();
      case "memory-map" -> bytes = MEMORY_MAP.getBytes(StandardCharsets.US_ASCII);
      case "exec-file" -> {
        if (file.isEmpty()) {
          return Reply.error("no symbols can be had");
        }
        file.get().await();
        bytes = file.get().name().getBytes(StandardCharsets.US_ASCII);
      }
      default -> {
        return Reply.UNKNOWN;
      }
    }
    return part(bytes, arguments.size(','), arguments.size(','));
  }

  private static Reply part(byte[] bytes, int offset, int most) {
    int from = Math.min(offset, bytes.length);
    int n = Reply.room(bytes, from, most);
    boolean isLast = from + n == bytes.length;
    return Reply.binary(isLast ? "l" : "m", Arrays.copyOfRange(bytes, from, from + n));
  }
}
