package org.vmcore.gdb.remote;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.gdb.KernelThread;
import org.vmcore.gdb.KernelThreads;
import org.vmcore.gdb.remote.Arguments.Malformed;
import org.vmcore.values.Printable;

/** Answers to packets on threads: which there are, and which of them packets are about. */
final class ThreadAnswers {
  /** Longer than a number and its comma. */
  private static final int NUMBER = 10;

  private final List<KernelThread> all;
  private final KernelThreads threads;
  private KernelThread current;

  /** The next thread that {@code qsThreadInfo} tells. */
  private int next;

  private byte @Nullable [] xml;

  ThreadAnswers(KernelThreads threads) {
    this.threads = threads;
    this.all = threads.all();
    this.current = all.getFirst();
  }

  /** The thread whose registers are asked for. */
  KernelThread current() {
    return current;
  }

  /** {@code ?}: a thread has stopped, the one that crashed. */
  Reply stopped() {
    KernelThread first = all.getFirst();
    return Reply.text("T05thread:" + hex(first) + ";" + core(first));
  }

  private static String core(KernelThread thread) {
    return thread.cpu().isPresent()
        ? "core:" + Integer.toHexString(thread.cpu().getAsInt()) + ";"
        : "";
  }

  private static String hex(KernelThread thread) {
    return Integer.toHexString(thread.id());
  }

  /** {@code H g THREAD}: from now on packets are about it. */
  Reply choose(String operation, Arguments arguments) throws Malformed {
    int id = arguments.thread();
    Optional<KernelThread> chosen = id <= 0 ? Optional.of(all.getFirst()) : threads.find(id);
    if (chosen.isEmpty()) {
      return none();
    }
    if (operation.equals("g")) {
      current = chosen.get();
    }
    return Reply.OK;
  }

  private static Reply none() {
    return Reply.error("no such thread");
  }

  /** {@code T THREAD}: whether there is one. */
  Reply isAlive(Arguments arguments) throws Malformed {
    return threads.find(arguments.thread()).isPresent() ? Reply.OK : none();
  }

  /** {@code qC}. */
  Reply ofCurrent() {
    return Reply.text("QC" + hex(current));
  }

  /** {@code qfThreadInfo}: the first threads' numbers. */
  Reply first() {
    next = 0;
    return more();
  }

  /** {@code qsThreadInfo}: the next ones. */
  Reply more() {
    if (next == all.size()) {
      return Reply.text("l");
    }
    StringBuilder numbers = new StringBuilder();
    while (next < all.size() && numbers.length() < PacketReader.MOST - NUMBER) {
      numbers.append(numbers.isEmpty() ? 'm' : ',').append(hex(all.get(next++)));
    }
    return Reply.text(numbers.toString());
  }

  /** {@code qThreadExtraInfo,THREAD}: what people are told of it. */
  Reply extra(Arguments arguments) throws Malformed {
    Optional<KernelThread> thread = threads.find(arguments.thread());
    if (thread.isEmpty()) {
      return none();
    }
    String told = Printable.utf8(thread.get().name()) + " (" + thread.get().describe() + ")";
    return Reply.hex(told.getBytes(StandardCharsets.UTF_8));
  }

  /** All of them as XML (gdb's manual, Thread List Format). */
  byte[] xml() {
    byte[] known = xml;
    if (known == null) {
      StringBuilder text = new StringBuilder("<?xml version=\"1.0\"?>\n<threads>\n");
      for (KernelThread thread : all) {
        text.append("<thread id=\"").append(hex(thread)).append('"');
        thread.cpu().ifPresent(cpu -> text.append(" core=\"").append(cpu).append('"'));
        text.append(" name=\"").append(escaped(Printable.utf8(thread.name()))).append("\">");
        text.append(escaped(thread.describe())).append("</thread>\n");
      }
      known = text.append("</threads>\n").toString().getBytes(StandardCharsets.UTF_8);
      xml = known;
    }
    return known;
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '"' -> escaped.append("&quot;");
        case '\ufffe', '\uffff' -> escaped.append('?'); // no characters of XML
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
