package org.vmcore.kernel.btf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.EnumType.Enumerator;
import org.vmcore.kernel.types.FloatType;
import org.vmcore.kernel.types.ForwardType;
import org.vmcore.kernel.types.FunctionType;
import org.vmcore.kernel.types.FunctionType.Parameter;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.Member;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.QualifiedType;
import org.vmcore.kernel.types.QualifiedType.Qualifier;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.TypeTable;
import org.vmcore.kernel.types.TypedefType;
import org.vmcore.kernel.types.Variable;
import org.vmcore.kernel.types.VoidType;
import org.vmcore.memory.VmcoreException;

/**
 * One table of types in BTF: the kernel's or, split from it, a module's. Opening it goes over the
 * types once to know where each begins; each is decoded when it is asked for.
 *
 * <p>Ids of a split table go on behind those of its base, offsets of strings behind the base's
 * strings. Source: Documentation/bpf/btf.rst.
 */
final class Btf implements TypeTable {
  private static final int KIND_FLAG = 1 << 31;
  private static final int FIRST_COUNT = 1 << 10;

  /** Types gone over at once. */
  private static final int BLOCK = 32;

  /** Bytes that a type takes on average, or fewer. */
  private static final int TYPICAL = 24;

  /** Longer than any name, in bytes: what is longer is cut. */
  static final int MAX_NAME = 1 << 10;

  private final String origin;
  private final byte[] bytes;
  private final BtfHeader header;
  private final boolean isBig;
  private final @Nullable Btf base;
  private final int firstId;
  private final int stringsFrom;
  private final int pointerSize;
  private final Map<Integer, Type> decoded = new ConcurrentHashMap<>();
  private int[] places = new int[0];

  /** How many types there are of each kind. */
  private final int[] kinds = new int[32];

  private int count;
  private Optional<String> damage = Optional.empty();
  private @Nullable BtfNames names;

  private Btf(
      String origin,
      byte[] bytes,
      BtfHeader header,
      @Nullable Btf base,
      int firstId,
      int stringsFrom,
      int pointerSize) {
    this.origin = origin;
    this.bytes = bytes;
    this.header = header;
    this.isBig = header.isBigEndian();
    this.base = base;
    this.firstId = firstId;
    this.stringsFrom = stringsFrom;
    this.pointerSize = pointerSize;
  }

  /**
   * The table in {@code bytes}. What is behind a place where it is damaged isn't there; {@link
   * #damage} tells of it.
   *
   * @param origin named in errors
   * @param pointerSize in bytes
   * @throws VmcoreException when it isn't BTF
   */
  static Btf parse(String origin, byte[] bytes, int pointerSize) throws VmcoreException {
    Btf btf = new Btf(origin, bytes, header(origin, bytes), null, 1, 0, pointerSize);
    btf.index();
    return btf;
  }

  /**
   * The table in {@code bytes} that is split from {@code base}.
   *
   * @throws VmcoreException when it isn't BTF
   */
  static Btf split(String origin, byte[] bytes, Btf base) throws VmcoreException {
    Btf btf =
        new Btf(
            origin,
            bytes,
            header(origin, bytes),
            base,
            base.firstId + base.count,
            base.stringsFrom + base.header.stringsSize(),
            base.pointerSize);
    btf.index();
    return btf;
  }

  /** Whether the table in {@code bytes} goes on where another one ends. */
  static boolean isSplit(byte[] bytes) {
    Optional<BtfHeader> header = BtfHeader.at(bytes, 0);
    return header.isPresent()
        && header.get().stringsSize() > 0
        && header.get().strings() < bytes.length
        && bytes[header.get().strings()] != 0; // the first string is the empty one, of the base
  }

  private static BtfHeader header(String origin, byte[] bytes) throws VmcoreException {
    Optional<BtfHeader> header = BtfHeader.at(bytes, 0);
    if (header.isEmpty()) {
      throw VmcoreException.at(origin, 0, "not BTF: no such header");
    }
    return header.get();
  }

  private void index() {
    int at = header.types();
    int end = bytes.length;
    if (end < (long) at + header.typesSize()) {
      long claimed = (long) at + header.typesSize();
      damage = Optional.of(origin + ": the types end at " + end + " of " + claimed + " bytes");
    } else {
      end = at + header.typesSize();
    }
    places = new int[Math.max(FIRST_COUNT, (end - at) / TYPICAL)];
    while (end - at >= BtfKind.COMMON) {
      at = index(at, end);
    }
  }

  /**
   * Goes over some types: of over 100,000 in all, and a method that is called often is compiled
   * soon. For the same reason bytes aren't looked at through other methods here.
   *
   * @return where the next one begins; {@code end} where the table is damaged
   */
  private int index(int from, int end) {
    int kindByte = isBig ? 4 : 7;
    int high = isBig ? 6 : 5;
    int low = isBig ? 7 : 4;
    int at = from;
    for (int i = 0; i < BLOCK && end - at >= BtfKind.COMMON; i++) {
      int kind = bytes[at + kindByte] & 0x1f;
      int vlen = (bytes[at + high] & 0xff) << 8 | (bytes[at + low] & 0xff);
      int more = BtfKind.FIXED[kind] + BtfKind.EACH[kind] * vlen;
      if (more < 0 || end - at - BtfKind.COMMON < more) {
        String reason = more < 0 ? "of kind " + kind + ", which isn't known" : "is cut off";
        damage = Optional.of(origin + ": type " + (firstId + count) + " " + reason);
        return end;
      }
      if (count == places.length) {
        places = Arrays.copyOf(places, 4 * count);
      }
      kinds[kind]++;
      places[count++] = at;
      at += BtfKind.COMMON + more;
    }
    return at;
  }

  private int int32(int at) {
    return BtfBytes.int32(bytes, at, isBig);
  }

  private int kind(int at) {
    return bytes[at + (isBig ? 4 : 7)] & 0x1f;
  }

  private int vlen(int at) {
    return int32(at + 4) & 0xffff;
  }

  private boolean hasKindFlag(int at) {
    return (int32(at + 4) & KIND_FLAG) != 0;
  }

  @Override
  public int pointerSize() {
    return pointerSize;
  }

  boolean isBigEndian() {
    return isBig;
  }

  /** How many types there are, those of the base left out. */
  int count() {
    return count;
  }

  int firstId() {
    return firstId;
  }

  /** What of the table is damaged, so that types are missing. */
  Optional<String> damage() {
    return damage;
  }

  @Override
  public VmcoreException fault(int id, String reason) {
    return VmcoreException.of(origin, "type " + id + ": " + reason);
  }

  /** How many of these kinds there are, bits {@code 1 << kind}. */
  int count(int ofKinds) {
    int sum = 0;
    for (int kind = 0; kind < kinds.length; kind++) {
      sum += (1 << kind & ofKinds) != 0 ? kinds[kind] : 0;
    }
    return sum;
  }

  /** The kind of the {@code index}th type of this table itself. */
  int kindAt(int index) {
    return kind(places[index]);
  }

  /** The offset of its name. */
  int nameAt(int index) {
    return int32(places[index]);
  }

  /** The first type of this name and one of these kinds, bits {@code 1 << kind}. */
  Optional<Type> find(String name, int kinds) throws VmcoreException {
    int id = idOf(name, kinds);
    return id == 0 ? Optional.empty() : Optional.of(type(id));
  }

  /** The same type's id; 0 when there is none. */
  int idOf(String name, int kinds) {
    int index = name.isEmpty() ? -1 : names().find(name, kinds);
    return index < 0 ? 0 : firstId + index;
  }

  /** The table that this one is split from. */
  Optional<Btf> base() {
    return Optional.ofNullable(base);
  }

  /** The {@code index}th word of the {@code type}th type of this table itself, signed. */
  int word(int type, int index) {
    return int32(places[type] + 4 * index);
  }

  /** Where its own strings begin, as offsets of names count. */
  int stringsFrom() {
    return stringsFrom;
  }

  /** Its own strings, as far as they are there. */
  byte[] strings() {
    int from = Math.min(header.strings(), bytes.length);
    return Arrays.copyOfRange(bytes, from, Math.max(from, stringsEnd()));
  }

  private synchronized BtfNames names() {
    BtfNames known = names;
    if (known == null) {
      known = BtfNames.of(this);
      names = known;
    }
    return known;
  }

  /** The type with this id, of this table or its base. */
  @Override
  public Type type(int id) throws VmcoreException {
    if (id == 0) {
      return VoidType.VOID;
    }
    if (base != null && id > 0 && id < firstId) {
      return base.type(id);
    }
    if (id < firstId || id - firstId >= count) {
      throw fault(id, damage.isPresent() ? damage.get() : "there is no such type");
    }
    Type known = decoded.get(id);
    if (known == null) {
      known = decode(id, places[id - firstId]);
      decoded.put(id, known);
    }
    return known;
  }

  private Type decode(int id, int at) throws VmcoreException {
    int sizeOrType = int32(at + 8);
    long size = sizeOrType & 0xffff_ffffL;
    int kind = kind(at);
    return switch (kind) {
      case BtfKind.INT -> integer(name(at), size, int32(at + BtfKind.COMMON));
      case BtfKind.FLOAT -> new FloatType(name(at), size);
      case BtfKind.PTR -> new PointerType(this, sizeOrType);
      case BtfKind.ARRAY -> new ArrayType(this, int32(at + 12), int32(at + 20) & 0xffff_ffffL);
      case BtfKind.STRUCT, BtfKind.UNION ->
          new StructType(name(at), kind == BtfKind.UNION, size, members(at));
      case BtfKind.ENUM, BtfKind.ENUM64 ->
          new EnumType(name(at), size, hasKindFlag(at), enumerators(at, kind == BtfKind.ENUM64));
      case BtfKind.FWD -> new ForwardType(name(at), hasKindFlag(at));
      case BtfKind.TYPEDEF -> new TypedefType(this, name(at), sizeOrType);
      case BtfKind.CONST -> new QualifiedType(this, Qualifier.CONST, "", sizeOrType);
      case BtfKind.VOLATILE -> new QualifiedType(this, Qualifier.VOLATILE, "", sizeOrType);
      case BtfKind.RESTRICT -> new QualifiedType(this, Qualifier.RESTRICT, "", sizeOrType);
      case BtfKind.TYPE_TAG -> new QualifiedType(this, Qualifier.TAG, name(at), sizeOrType);
      case BtfKind.FUNC_PROTO -> function(at, sizeOrType);
      case BtfKind.FUNC, BtfKind.VAR -> type(sizeOrType, id);
      default -> throw fault(id, "of kind " + kind + ", which is no type of a value");
    };
  }

  /** The type of a function or variable, which may not be one in turn. */
  private Type type(int target, int of) throws VmcoreException {
    if (target >= firstId && target - firstId < count) {
      int kind = kindAt(target - firstId);
      if (kind == BtfKind.FUNC || kind == BtfKind.VAR) {
        throw fault(of, "refers to type " + target + ", which is no type of a value");
      }
    }
    return type(target);
  }

  private static IntType integer(String name, long size, int how) {
    int encoding = how >>> 24;
    return new IntType(
        name, size, how & 0xff, how >>> 16 & 0xff, (encoding & 1) != 0, (encoding & 4) != 0);
  }

  private List<Member> members(int at) {
    boolean hasBitfields = hasKindFlag(at);
    int vlen = vlen(at);
    List<Member> members = new ArrayList<>(vlen);
    for (int i = 0, from = at + BtfKind.COMMON; i < vlen; i++, from += 12) {
      long offset = int32(from + 8) & 0xffff_ffffL;
      members.add(
          hasBitfields
              ? member(from, offset & 0xff_ffff, (int) (offset >>> 24))
              : member(from, offset, 0));
    }
    return members;
  }

  private Member member(int from, long bitOffset, int bitfieldSize) {
    return new Member(this, string(int32(from)), int32(from + 4), bitOffset, bitfieldSize);
  }

  private List<Enumerator> enumerators(int at, boolean isLong) {
    boolean isSigned = hasKindFlag(at);
    int vlen = vlen(at);
    List<Enumerator> values = new ArrayList<>(vlen);
    for (int i = 0, from = at + BtfKind.COMMON; i < vlen; i++, from += isLong ? 12 : 8) {
      long low = int32(from + 4);
      long value = isSigned ? low : low & 0xffff_ffffL;
      if (isLong) {
        value = (low & 0xffff_ffffL) | ((long) int32(from + 8) << 32);
      }
      values.add(new Enumerator(string(int32(from)), value));
    }
    return values;
  }

  private FunctionType function(int at, int result) {
    int vlen = vlen(at);
    List<Parameter> parameters = new ArrayList<>(vlen);
    boolean isVariadic = false;
    for (int i = 0, from = at + BtfKind.COMMON; i < vlen; i++, from += 8) {
      int type = int32(from + 4);
      isVariadic = i == vlen - 1 && type == 0;
      if (!isVariadic) {
        parameters.add(new Parameter(this, string(int32(from)), type));
      }
    }
    return new FunctionType(this, result, parameters, isVariadic);
  }

  /** The type of the function {@code name}. */
  Optional<FunctionType> function(String name) throws VmcoreException {
    int hash = BtfNames.hash(name);
    for (int index = 0; index < count; index++) {
      int at = places[index];
      if (kind(at) == BtfKind.FUNC
          && hash(int32(at)) == hash
          && name(at).equals(name)
          && type(int32(at + 8)) instanceof FunctionType function) {
        return Optional.of(function);
      }
    }
    return Optional.empty();
  }

  /** The value of the first enumerator {@code name}. */
  OptionalLong enumerator(String name) throws VmcoreException {
    int hash = BtfNames.hash(name);
    for (int index = 0; index < count; index++) {
      int at = places[index];
      int kind = kind(at);
      if (kind == BtfKind.ENUM || kind == BtfKind.ENUM64) {
        int size = kind == BtfKind.ENUM ? 8 : 12;
        int end = at + BtfKind.COMMON + vlen(at) * size;
        for (int from = at + BtfKind.COMMON; from < end; from += size) {
          if (hash(int32(from)) == hash && name(from).equals(name)) {
            return value(firstId + index, name);
          }
        }
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong value(int id, String name) throws VmcoreException {
    for (Enumerator each :
        type(id) instanceof EnumType all ? all.values() : List.<Enumerator>of()) {
      if (each.name().equals(name)) {
        return OptionalLong.of(each.value());
      }
    }
    return OptionalLong.empty();
  }

  /** The variables of the section {@code section}, in its order. */
  List<Variable> variables(String section) {
    List<Variable> all = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      int at = places[index];
      if (kind(at) == BtfKind.DATASEC && name(at).equals(section)) {
        int vlen = vlen(at);
        for (int i = 0, from = at + BtfKind.COMMON; i < vlen; i++, from += 12) {
          int variable = int32(from) - firstId; // what is none is left out
          if (variable >= 0 && variable < count && kindAt(variable) == BtfKind.VAR) {
            all.add(variable(variable, int32(from + 4), int32(from + 8)));
          }
        }
      }
    }
    return all;
  }

  private Variable variable(int index, int offset, int size) {
    int at = places[index];
    long from = offset & 0xffff_ffffL;
    return new Variable(this, name(at), int32(at + 8), from, size & 0xffff_ffffL);
  }

  private String name(int at) {
    return string(int32(at));
  }

  /** The string at this offset; empty where there is none. */
  String string(int offset) {
    if (base != null && Integer.compareUnsigned(offset, stringsFrom) < 0) {
      return base.string(offset);
    }
    int from = stringAt(offset);
    if (from < 0) {
      return "";
    }
    int to = from;
    int end = Math.min(stringsEnd(), from + MAX_NAME);
    while (to < end && bytes[to] != 0) {
      to++;
    }
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** Where in the bytes the string at this offset begins; −1 where there is none. */
  private int stringAt(int offset) {
    int own = offset - stringsFrom;
    return own < 0 || own >= stringsEnd() - header.strings() ? -1 : header.strings() + own;
  }

  private int stringsEnd() {
    return (int) Math.min((long) header.strings() + header.stringsSize(), bytes.length);
  }

  /** A number made of the string at this offset, equal for equal strings. */
  int hash(int offset) {
    if (base != null && Integer.compareUnsigned(offset, stringsFrom) < 0) {
      return base.hash(offset);
    }
    int from = stringAt(offset);
    int hash = 0;
    int end = Math.min(stringsEnd(), from + MAX_NAME);
    for (int at = from; from >= 0 && at < end && bytes[at] != 0; at++) {
      hash = 31 * hash + bytes[at];
    }
    return hash;
  }
}
