package org.vmcore.kernel.btf;

import java.util.Optional;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/** A name that a type is looked for by. */
final class TypeName {
  private static final int STRUCT = 1 << BtfKind.STRUCT;
  private static final int UNION = 1 << BtfKind.UNION;
  private static final int ENUM = 1 << BtfKind.ENUM | 1 << BtfKind.ENUM64;
  private static final int OTHER = 1 << BtfKind.TYPEDEF | 1 << BtfKind.INT | 1 << BtfKind.FLOAT;
  private static final int FWD = 1 << BtfKind.FWD;

  private final String name;

  /** In which it is looked for, one behind the other: bits {@code 1 << kind}. */
  private final int[] kinds;

  /** The same of what is only declared. */
  private final int declared;

  private TypeName(String name, int[] kinds, int declared) {
    this.name = name;
    this.kinds = kinds;
    this.declared = declared;
  }

  /** The name {@code text}, with {@code struct}, {@code union} or {@code enum} or without. */
  static TypeName of(String text) {
    String name = text.strip();
    int space = name.indexOf(' ');
    String behind = space < 0 ? "" : name.substring(space + 1).strip();
    return switch (space < 0 ? "" : name.substring(0, space)) {
      case "struct" -> new TypeName(behind, new int[] {STRUCT}, FWD);
      case "union" -> new TypeName(behind, new int[] {UNION}, FWD);
      case "enum" -> new TypeName(behind, new int[] {ENUM}, 0);
      default -> new TypeName(integer(name), new int[] {STRUCT | UNION, OTHER, ENUM}, FWD);
    };
  }

  /** The compiler's order of the words of an integer's name. */
  private static String integer(String name) {
    return switch (name) {
      case "unsigned long", "unsigned long int" -> "long unsigned int";
      case "long" -> "long int";
      case "unsigned" -> "unsigned int";
      case "short" -> "short int";
      case "unsigned short", "unsigned short int" -> "short unsigned int";
      case "long long" -> "long long int";
      case "unsigned long long", "unsigned long long int" -> "long long unsigned int";
      default -> name;
    };
  }

  /** Without the keyword. */
  String name() {
    return name;
  }

  Optional<Type> in(Btf table) throws VmcoreException {
    int id = idIn(table);
    return id == 0 ? Optional.empty() : Optional.of(table.type(id));
  }

  /** The id of the type that {@link #in} finds; 0 when there is none. */
  int idIn(Btf table) {
    int found = 0;
    for (int i = 0; found == 0 && i < kinds.length; i++) {
      found = table.idOf(name, kinds[i]);
    }
    return found;
  }

  /** Where it is only declared. */
  Optional<Type> declaredIn(Btf table) throws VmcoreException {
    return table.find(name, declared);
  }
}
