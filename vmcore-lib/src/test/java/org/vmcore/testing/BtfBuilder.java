package org.vmcore.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes BTF, a table of types: each method adds one and gives its id, those of structures and
 * enumerations something to add their members to.
 *
 * <p>Source: Documentation/bpf/btf.rst.
 */
public final class BtfBuilder {
  private static final int INT = 1;
  private static final int PTR = 2;
  private static final int ARRAY = 3;
  private static final int STRUCT = 4;
  private static final int UNION = 5;
  private static final int ENUM = 6;
  private static final int FWD = 7;
  private static final int TYPEDEF = 8;
  private static final int VOLATILE = 9;
  private static final int CONST = 10;
  private static final int RESTRICT = 11;
  private static final int FUNC = 12;
  private static final int FUNC_PROTO = 13;
  private static final int VAR = 14;
  private static final int DATASEC = 15;
  private static final int FLOAT = 16;
  private static final int DECL_TAG = 17;
  private static final int TYPE_TAG = 18;
  private static final int ENUM64 = 19;

  private static final int SIGNED = 1 << 24;
  private static final int BOOL = 4 << 24;

  private final ByteOrder order;
  private final ByteArrayOutputStream types = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> names = new HashMap<>();
  private final int stringsFrom;
  private int nextId;
  private int headerSize = 24;

  /** A little-endian table. */
  public BtfBuilder() {
    this(ByteOrder.LITTLE_ENDIAN);
  }

  /** A table of this byte order. */
  public BtfBuilder(ByteOrder order) {
    this.order = order;
    this.nextId = 1;
    this.stringsFrom = 0;
    strings.write(0);
  }

  /** A table that is split from {@code base}. */
  public BtfBuilder(BtfBuilder base) {
    this.order = base.order;
    this.nextId = base.nextId;
    this.stringsFrom = base.strings.size();
  }

  /** The header's size: 24, or 32 as in 7.3. */
  public BtfBuilder headerSize(int size) {
    headerSize = size;
    return this;
  }

  /** How many strings' bytes there are, those of the base included. */
  public int stringsEnd() {
    return stringsFrom + strings.size();
  }

  /** The id that the next type gets. */
  public int nextId() {
    return nextId;
  }

  private int name(String name) {
    if (name.isEmpty()) {
      return 0;
    }
    return names.computeIfAbsent(
        name,
        _ -> {
          int at = stringsEnd();
          strings.writeBytes((name + "\0").getBytes(StandardCharsets.UTF_8));
          return at;
        });
  }

  private void words(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(order);
    for (int word : words) {
      bytes.putInt(word);
    }
    types.writeBytes(bytes.array());
  }

  private int type(int name, int kind, int vlen, boolean flag, int sizeOrType, int... more) {
    words(name, kind << 24 | vlen | (flag ? 1 << 31 : 0), sizeOrType);
    words(more);
    return nextId++;
  }

  /** Any type at all: {@code info} as it stands in the table. */
  public int raw(int nameOffset, int info, int sizeOrType, int... more) {
    words(nameOffset, info, sizeOrType);
    words(more);
    return nextId++;
  }

  public int unsigned(String name, int size) {
    return type(name(name), INT, 0, false, size, size * 8);
  }

  public int signed(String name, int size) {
    return type(name(name), INT, 0, false, size, SIGNED | size * 8);
  }

  public int bool() {
    return type(name("_Bool"), INT, 0, false, 1, BOOL | 8);
  }

  public int floating(String name, int size) {
    return type(name(name), FLOAT, 0, false, size);
  }

  public int pointer(int to) {
    return type(0, PTR, 0, false, to);
  }

  public int array(int element, int count) {
    return type(0, ARRAY, 0, false, 0, element, 1, count);
  }

  public int typedef(String name, int of) {
    return type(name(name), TYPEDEF, 0, false, of);
  }

  public int constant(int of) {
    return type(0, CONST, 0, false, of);
  }

  public int volatiles(int of) {
    return type(0, VOLATILE, 0, false, of);
  }

  public int restrict(int of) {
    return type(0, RESTRICT, 0, false, of);
  }

  /** {@code __attribute__((btf_type_tag(tag)))}. */
  public int tagged(String tag, int of) {
    return type(name(tag), TYPE_TAG, 0, false, of);
  }

  /** {@code __attribute__((btf_decl_tag(tag)))} of a type or, −1, none of its members. */
  public int declared(String tag, int of, int member) {
    return type(name(tag), DECL_TAG, 0, false, of, member);
  }

  public int forward(String name, boolean isUnion) {
    return type(name(name), FWD, 0, isUnion, 0);
  }

  /** The type of a function: parameters as name and type, one behind the other. */
  public int prototype(int result, Object... parameters) {
    int[] more = new int[parameters.length];
    for (int i = 0; i < parameters.length; i++) {
      more[i] = parameters[i] instanceof String text ? name(text) : (Integer) parameters[i];
    }
    return type(0, FUNC_PROTO, parameters.length / 2, false, result, more);
  }

  public int function(String name, int prototype) {
    return type(name(name), FUNC, 0, false, prototype);
  }

  public int variable(String name, int type) {
    return type(name(name), VAR, 0, false, type, 1);
  }

  /** The variables of a section: each its id, offset and size. */
  public int section(String name, int... variables) {
    return type(name(name), DATASEC, variables.length / 3, false, 0, variables);
  }

  public Members struct(String name, int size) {
    return new Members(name, STRUCT, size);
  }

  public Members union(String name, int size) {
    return new Members(name, UNION, size);
  }

  public Values enumeration(String name, boolean isSigned) {
    return new Values(name, ENUM, 4, isSigned);
  }

  public Values enumeration64(String name, boolean isSigned) {
    return new Values(name, ENUM64, 8, isSigned);
  }

  /** The members of a structure. */
  public final class Members {
    private final String name;
    private final int kind;
    private final int size;
    private final ByteArrayOutputStream members = new ByteArrayOutputStream();
    private int count;
    private boolean hasBitfields;

    private Members(String name, int kind, int size) {
      this.name = name;
      this.kind = kind;
      this.size = size;
    }

    /** A member at this offset in bytes. */
    public Members member(String member, int type, int offset) {
      return at(member, type, 8 * offset);
    }

    /** A bit-field: from here on offsets have sizes. */
    public Members bits(String member, int type, int bitOffset, int bits) {
      hasBitfields = true;
      return at(member, type, bits << 24 | bitOffset);
    }

    private Members at(String member, int type, int offset) {
      ByteBuffer bytes = ByteBuffer.allocate(12).order(order);
      bytes.putInt(name(member)).putInt(type).putInt(offset);
      members.writeBytes(bytes.array());
      count++;
      return this;
    }

    /** Ends it and gives its id. */
    public int end() {
      int id = type(name(name), kind, count, hasBitfields, size);
      types.writeBytes(members.toByteArray());
      return id;
    }
  }

  /** The values of an enumeration. */
  public final class Values {
    private final String name;
    private final int kind;
    private final int size;
    private final boolean isSigned;
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private int count;

    private Values(String name, int kind, int size, boolean isSigned) {
      this.name = name;
      this.kind = kind;
      this.size = size;
      this.isSigned = isSigned;
    }

    public Values value(String value, long number) {
      ByteBuffer bytes = ByteBuffer.allocate(kind == ENUM ? 8 : 12).order(order);
      bytes.putInt(name(value)).putInt((int) number);
      if (kind == ENUM64) {
        bytes.putInt((int) (number >> 32));
      }
      values.writeBytes(bytes.array());
      count++;
      return this;
    }

    /** Ends it and gives its id. */
    public int end() {
      int id = type(name(name), kind, count, isSigned, size);
      types.writeBytes(values.toByteArray());
      return id;
    }
  }

  /** The table. */
  public byte[] build() {
    ByteBuffer bytes = ByteBuffer.allocate(headerSize + types.size() + strings.size()).order(order);
    bytes.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(headerSize);
    bytes.putInt(0).putInt(types.size()).putInt(types.size()).putInt(strings.size());
    bytes.position(headerSize).put(types.toByteArray()).put(strings.toByteArray());
    return bytes.array();
  }
}
