package org.vmcore.kernel.declaration;

import java.util.List;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.FloatType;
import org.vmcore.kernel.types.FunctionType;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.TypedefType;
import org.vmcore.memory.VmcoreException;

/**
 * A type written in C as pahole writes it: with the places and sizes of members, holes, and the
 * boundaries of cache lines of 64 bytes.
 *
 * {@snippet :
 * Type page = Kernel.of(vmcore).types().find("page").orElseThrow();
 * System.out.print(Declaration.of(page).text());
 * }
 *
 * @param text several lines, the last ended, too
 * @param faults what of the type is damaged, and is left out or written as {@code ?}
 */
public record Declaration(String text, List<String> faults) {
  /** The declaration of {@code type}. */
  public static Declaration of(Type type) {
    StringBuilder out = new StringBuilder();
    StructWriter structs = new StructWriter(out);
    try {
      write(type, structs, out);
    } catch (VmcoreException e) {
      structs.unknown(e);
      out.append('?');
    }
    return new Declaration(out.append(";\n").toString(), structs.faults());
  }

  private static void write(Type type, StructWriter structs, StringBuilder out)
      throws VmcoreException {
    switch (type) {
      case StructType struct -> structs.write(struct, "");
      case EnumType values -> structs.types().values(values, "", "");
      case TypedefType named -> typedef(named, structs, out);
      case IntType number -> out.append(integer(number));
      case FloatType number ->
          out.append(number.keyword()).append("; /* size: ").append(number.size()).append(" */");
      default -> out.append(type.name());
    }
  }

  private static String integer(IntType number) {
    return number.keyword();
  }

  private static void typedef(TypedefType named, StructWriter structs, StringBuilder out)
      throws VmcoreException {
    out.append("typedef ");
    TypeWords words = structs.types().words();
    String name = named.alias();
    switch (named.target()) {
      case StructType struct when struct.tag().isEmpty() -> structs.write(struct, " " + name);
      case EnumType values when values.tag().isEmpty() ->
          structs.types().values(values, "", " " + name);
      case ArrayType array -> structs.types().write(array, name, Style.outermost(false), false);
      case FunctionType function -> out.append(words.function(function, "(" + name + ")", 0));
      case PointerType pointer when pointer.target() instanceof FunctionType function ->
          out.append(words.function(function, "(*" + name + ")", 0));
      default -> out.append(words.of(named.target())).append(' ').append(name);
    }
  }
}
