package org.vmcore.kernel.objects;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/**
 * Members of a structure of which there are many objects: the types are asked once, and of each
 * object one piece of memory is read.
 */
public final class Members {
  /** The place of a member that the kernel's structure doesn't have. */
  public static final int NONE = -1;

  /** Larger than any structure. */
  private static final long MAX_SIZE = 1 << 20;

  private final KernelObjects objects;
  private final String struct;
  private final List<Place> places = new ArrayList<>();
  private long start = Long.MAX_VALUE;
  private long end;

  /** Where a member lies, in bytes and bits. */
  private record Place(long offset, int size, int shift, int bits, boolean isSigned) {}

  /** Members of {@code struct}. */
  public Members(KernelObjects objects, String struct) {
    this.objects = objects;
    this.struct = struct;
  }

  /**
   * Takes a member: the first of {@code paths} that there is.
   *
   * @return its place in {@link Values}; {@link #NONE} when there is none of them
   * @throws VmcoreException when the table of types is damaged
   */
  public int find(String... paths) throws VmcoreException {
    for (String path : paths) {
      Optional<Field> field = objects.field(struct, path);
      if (field.isPresent()) {
        return add(field.get());
      }
    }
    return NONE;
  }

  /**
   * Takes a member that there must be.
   *
   * @throws VmcoreException when there is none of them
   */
  public int get(String... paths) throws VmcoreException {
    int place = find(paths);
    if (place == NONE) {
      throw objects.missing("member " + struct + "." + paths[0]);
    }
    return place;
  }

  private int add(Field field) throws VmcoreException {
    Type plain = field.type().plain();
    boolean isSigned =
        plain instanceof IntType integer
            ? integer.isSigned()
            : plain instanceof EnumType values && values.isSigned();
    int shift = (int) (field.bitOffset() & 7);
    int bits = field.bitfieldSize();
    long size = bits == 0 ? plain.size() : (shift + bits + 7) / 8;
    long last = field.offset() + size;
    if (size > MAX_SIZE || last < 0 || last > MAX_SIZE) {
      throw objects.missing("member of " + struct + " at a place within it");
    }
    start = Math.min(start, field.offset());
    end = Math.max(end, last);
    places.add(new Place(field.offset(), (int) size, shift, bits, isSigned));
    return places.size() - 1;
  }

  /**
   * Those of the object at this kernel virtual address.
   *
   * @throws VmcoreException when they can't be read
   */
  public Values read(long address) throws VmcoreException {
    KernelReader in = objects.reader();
    return new Values(in.bytes(address + start, (int) (end - start), struct), in.isBigEndian());
  }

  /** The members of one object. */
  public final class Values {
    private final byte[] bytes;
    private final boolean isBig;

    private Values(byte[] bytes, boolean isBig) {
      this.bytes = bytes;
      this.isBig = isBig;
    }

    /** A number, signed or unsigned as its type says; 0 of a member that isn't there. */
    public long number(int member) {
      if (member == NONE) {
        return 0;
      }
      Place place = places.get(member);
      Bits value = new Bits(bytes(place), isBig);
      return place.bits() == 0
          ? value.number(place.isSigned())
          : value.number(place.shift(), place.bits(), place.isSigned());
    }

    /** Text up to its NUL, each byte one character. */
    public String text(int member) {
      byte[] text = bytes(places.get(member));
      int length = 0;
      while (length < text.length && text[length] != 0) {
        length++;
      }
      return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }

    private byte[] bytes(Place place) {
      int from = (int) (place.offset() - start);
      return Arrays.copyOfRange(bytes, from, from + place.size());
    }
  }
}
