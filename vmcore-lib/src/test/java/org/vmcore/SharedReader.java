package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.vmcore.elf.Note;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

/** One thread's random operations on dumps that others use, close and interrupt, too. */
final class SharedReader implements AutoCloseable {
  private static final int MOST_HELD = 8;

  /** The second is said where a file is opened. */
  private static final List<String> INTERRUPTED = List.of("interrupted");

  private final Random random;

  /** Mappings that outlive their dumps, and what they must show. */
  private final Deque<Held> held = new ArrayDeque<>();

  private record Held(Mapping mapping, SharedDump dump, int offset, int size) {
    void check() {
      byte[] bytes = mapping.bytes().toArray(ValueLayout.JAVA_BYTE);
      assertThat(bytes).isEqualTo(dump.mapped(offset, size));
    }
  }

  SharedReader(Random random) {
    this.random = random;
  }

  /** Does something with {@code dump}; it may be closed meanwhile, or this thread interrupted. */
  void one(SharedDump dump) {
    Vmcore vmcore = dump.vmcore();
    try {
      operation(dump, vmcore);
    } catch (VmcoreException e) {
      boolean isClosed = e.reason().equals("the dump is closed") && dump.vmcore() != vmcore;
      boolean isInterrupted =
          INTERRUPTED.contains(e.reason()) && Thread.currentThread().isInterrupted();
      if (!isClosed && !isInterrupted) {
        throw new AssertionError("refused: " + e.getMessage(), e);
      }
    } finally {
      Thread.interrupted();
    }
  }

  private void operation(SharedDump dump, Vmcore vmcore) throws VmcoreException {
    switch (random.nextInt(20)) {
      case 0 -> dump.reopen();
      case 1, 2, 3 -> map(dump, vmcore);
      case 4, 5 -> extent(dump, vmcore);
      case 6 -> notes(vmcore);
      case 7 -> vmcore.pages(_ -> {});
      case 8, 9, 10, 11, 12 -> physical(dump, vmcore);
      default -> image(dump, vmcore);
    }
  }

  private int size() {
    return 1 + random.nextInt(random.nextInt(4) == 0 ? 0x20000 : 0x1800);
  }

  private void image(SharedDump dump, Vmcore vmcore) throws VmcoreException {
    int offset = random.nextInt(dump.size());
    int size = Math.min(size(), dump.size() - offset);
    assertThat(Reading.bytes(vmcore, offset, size)).isEqualTo(dump.read(offset, size));
  }

  private void physical(SharedDump dump, Vmcore vmcore) throws VmcoreException {
    long address = random.nextLong(dump.plain().end() + 0x1000);
    int size = size();
    byte[] expected = dump.plain().read(address, size);
    assertThat(Reading.bytes(vmcore.physical(), address, size)).isEqualTo(expected);
  }

  private void extent(SharedDump dump, Vmcore vmcore) throws VmcoreException {
    int offset = random.nextInt(dump.size());
    Extent extent = vmcore.extentAt(offset);
    assertThat(extent.isPresent()).isEqualTo(dump.isPresent(offset));
    assertThat(extent.start() <= offset && offset < extent.end()).isTrue();
    int last = (int) Math.min(extent.end(), dump.size()) - 1;
    assertThat(dump.isPresent(last)).isEqualTo(extent.isPresent());
  }

  private void notes(Vmcore vmcore) throws VmcoreException {
    for (Note each : vmcore.notes()) {
      each.descriptor(1 << 16);
    }
    vmcore.vmcoreInfo();
  }

  private void map(SharedDump dump, Vmcore vmcore) throws VmcoreException {
    int offset = random.nextInt(dump.size());
    int size = Math.min(size(), dump.size() - offset);
    held.add(new Held(vmcore.map(offset, size), dump, offset, size));
    Held one = held.getFirst();
    one.check();
    if (held.size() > MOST_HELD || random.nextBoolean()) {
      held.remove().mapping().close();
    }
  }

  @Override
  public void close() {
    held.forEach(each -> each.check());
    held.forEach(each -> each.mapping().close());
  }
}
