package org.vmcore.envelope;

import java.util.Arrays;

/**
 * Cuts records that overlap, so that of each byte only the record is left that was written last:
 * the one with the greatest file offset.
 *
 * <p>Records that overlap nothing are passed on as they are. In a cluster of k that do, a sweep
 * with a heap takes k log k steps and leaves less than 2k pieces.
 */
final class Overlaps {
  private final Records in;
  private final Records out = new Records();

  /** The records that are open at the place of the sweep; the latest is the first. */
  private int[] heap = new int[16];

  private int open;

  private Overlaps(Records in) {
    this.in = in;
  }

  /** The records of {@code in}, which are sorted by target, without overlaps. */
  static Records resolve(Records in) {
    for (int i = 1; i < in.count(); i++) {
      if (in.target(i) < in.end(i - 1)) {
        return new Overlaps(in).resolve();
      }
    }
    return in;
  }

  private Records resolve() {
    for (int first = 0; first < in.count(); ) {
      long end = in.end(first);
      int next = first + 1;
      while (next < in.count() && in.target(next) < end) {
        end = Math.max(end, in.end(next));
        next++;
      }
      cluster(first, next, end);
      first = next;
    }
    return out;
  }

  private void cluster(int first, int behind, long end) {
    int next = first;
    open = 0;
    for (long at = in.target(first); at < end; ) {
      while (next < behind && in.target(next) <= at) {
        push(next++);
      }
      while (in.end(heap[0]) <= at) {
        pop(); // never the last one: the records of a cluster leave no gap
      }
      int latest = heap[0];
      long until = next < behind ? Math.min(in.end(latest), in.target(next)) : in.end(latest);
      out.add(at, in.file(latest) + (at - in.target(latest)), until - at);
      at = until;
    }
  }

  private void push(int record) {
    if (open == heap.length) {
      heap = Arrays.copyOf(heap, open * 2);
    }
    int i = open++;
    while (i > 0 && isLater(record, heap[(i - 1) / 2])) {
      heap[i] = heap[(i - 1) / 2];
      i = (i - 1) / 2;
    }
    heap[i] = record;
  }

  private void pop() {
    int record = heap[--open];
    int i = 0;
    for (int child = laterChild(0); child < open && isLater(heap[child], record); ) {
      heap[i] = heap[child];
      i = child;
      child = laterChild(i);
    }
    heap[i] = record;
  }

  /** The later one of the two children; behind the heap's end when there is none. */
  private int laterChild(int parent) {
    int child = 2 * parent + 1;
    return child + 1 < open && isLater(heap[child + 1], heap[child]) ? child + 1 : child;
  }

  private boolean isLater(int a, int b) {
    return in.file(a) > in.file(b);
  }
}
