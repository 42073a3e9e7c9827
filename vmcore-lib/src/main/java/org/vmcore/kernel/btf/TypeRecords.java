package org.vmcore.kernel.btf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.Variable;
import org.vmcore.memory.VmcoreException;

/**
 * A table of types as BTF has it, for those who write all of it anew: record by record, without a
 * value for each. Of a table that is split from another, that one's records can be asked for, too.
 *
 * <p>Ids that no record has, and offsets that no string has, are the caller's to check: {@link
 * #has} and {@link #ownString}. Source: Documentation/bpf/btf.rst.
 */
public final class TypeRecords {
  private static final int COMMON_WORDS = BtfKind.COMMON / Integer.BYTES;

  private final Btf table;
  private final @Nullable Btf base;
  private final int firstId;

  private TypeRecords(Btf table) {
    this.table = table;
    this.base = table.base().orElse(null);
    this.firstId = table.firstId();
  }

  static TypeRecords of(Btf table) {
    return new TypeRecords(table);
  }

  /**
   * The table in {@code bytes}, which isn't split from another one.
   *
   * @param origin named in errors
   * @param pointerSize in bytes
   * @throws VmcoreException when it isn't BTF
   */
  public static TypeRecords parse(String origin, byte[] bytes, int pointerSize)
      throws VmcoreException {
    return of(Btf.parse(origin, bytes, pointerSize));
  }

  /** The table in {@code bytes} that is split from this one. */
  public TypeRecords split(String origin, byte[] bytes) throws VmcoreException {
    return of(Btf.split(origin, bytes, table));
  }

  /** The id of its own first record; 1 unless it is split from another. */
  public int firstId() {
    return firstId;
  }

  /** The id behind that of its last record. */
  public int endId() {
    return firstId + table.count();
  }

  /** The size of a pointer in bytes. */
  public int pointerSize() {
    return table.pointerSize();
  }

  /** The byte order, which is the kernel's. */
  public boolean isBigEndian() {
    return table.isBigEndian();
  }

  /** Whether there is a record with this id, its own or the base's; there is none of 0, void. */
  public boolean has(int id) {
    return id > 0 && id < endId();
  }

  /** One of {@link BtfKind}. */
  public int kind(int id) {
    return base != null && id < firstId ? base.kindAt(id - 1) : table.kindAt(id - firstId);
  }

  /** Where its name is among the strings; 0 of what has none. */
  public int name(int id) {
    return common(id, 0);
  }

  /** How many members, values, parameters or variables it has. */
  public int count(int id) {
    return common(id, 1) & 0xffff;
  }

  /** The flag beside the kind: bit-fields, signed values, a union. */
  public boolean hasFlag(int id) {
    return common(id, 1) < 0;
  }

  /** Its size in bytes, unsigned, or the id of the type it refers to. */
  public int sizeOrType(int id) {
    return common(id, 2);
  }

  /** The {@code index}th of the words of 4 bytes behind those that all records have. */
  public int word(int id, int index) {
    return common(id, COMMON_WORDS + index);
  }

  private int common(int id, int index) {
    return base != null && id < firstId
        ? base.word(id - 1, index)
        : table.word(id - firstId, index);
  }

  /** Its own strings, one behind the other, as far as they are there. */
  public byte[] strings() {
    return table.strings();
  }

  /**
   * Where in {@link #strings} the string with this offset begins; negative when it is the base's.
   */
  public int ownString(int offset) {
    return base != null && Integer.compareUnsigned(offset, table.stringsFrom()) < 0
        ? -1
        : offset - table.stringsFrom();
  }

  /** The string at this offset, its own or the base's; empty where there is none. */
  public String string(int offset) {
    return table.string(offset);
  }

  /**
   * The id of the type of this name, as {@code Types.find} understands it; 0 when there is none.
   */
  public int find(String name) {
    TypeName wanted = TypeName.of(name);
    int own = wanted.idIn(table);
    return own == 0 && base != null ? wanted.idIn(base) : own;
  }

  /** The value of the first enumerator {@code name}. */
  public OptionalLong enumerator(String name) throws VmcoreException {
    OptionalLong own = table.enumerator(name);
    return own.isEmpty() && base != null ? base.enumerator(name) : own;
  }

  /**
   * The type with this id.
   *
   * @throws VmcoreException when there is none, or the table is damaged there
   */
  public Type type(int id) throws VmcoreException {
    return table.type(id);
  }

  /** The variables of the section {@code section} that the table itself has, in its order. */
  public List<Variable> variables(String section) {
    return table.variables(section);
  }

  /** What of the table is damaged, so that types are missing. */
  public Optional<String> damage() {
    return table.damage();
  }
}
