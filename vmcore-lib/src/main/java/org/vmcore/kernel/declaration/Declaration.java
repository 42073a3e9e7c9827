package org.vmcore.kernel.declaration;

import java.util.List;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.FunctionType;
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
    Text text = new Text();
    try {
      write(type, text.structs, text.out);
    } catch (VmcoreException e) {
      text.fault(e);
    }
    return text.end(";\n");
  }

  /** That of a variable or function of this name. */
  public static Declaration of(String name, Type type) {
    Text text = new Text();
    try {
      text.out.append(
          type instanceof FunctionType function
              ? text.structs.types().words().function(function, name, 0)
              : type.declaring(name));
    } catch (VmcoreException e) {
      text.fault(e);
    }
    return text.end(";\n");
  }

  /** That of a member. */
  public static Declaration of(String name, Field field) {
    Text text = new Text();
    try {
      text.structs.alone(Place.of(name, field.bitOffset(), field.bitfieldSize(), field.type()));
    } catch (VmcoreException e) {
      text.fault(e);
    }
    return text.end("\n");
  }

  /** What is written so far. */
  private static final class Text {
    private final StringBuilder out = new StringBuilder();
    private final StructWriter structs = new StructWriter(out);

    void fault(VmcoreException e) {
      structs.unknown(e);
      out.append('?');
    }

    Declaration end(String end) {
      return new Declaration(out.append(end).toString(), structs.faults());
    }
  }

  private static void write(Type type, StructWriter structs, StringBuilder out)
      throws VmcoreException {
    if (type instanceof StructType struct) {
      structs.write(struct, "");
    } else if (type instanceof EnumType values) {
      structs.types().values(values, "", "");
    } else if (type instanceof TypedefType named) {
      typedef(named, structs, out);
    } else {
      out.append(type.name());
    }
  }

  private static void typedef(TypedefType named, StructWriter structs, StringBuilder out)
      throws VmcoreException {
    out.append("typedef ");
    TypeWords words = structs.types().words();
    String name = named.alias();
    Type target = named.target();
    if (target instanceof StructType struct && struct.tag().isEmpty()) {
      structs.write(struct, " " + name);
    } else if (target instanceof EnumType values && values.tag().isEmpty()) {
      structs.types().values(values, "", " " + name);
    } else if (target instanceof ArrayType array) {
      structs.types().write(array, name, Style.outermost(false), false);
    } else if (target instanceof FunctionType function) {
      out.append(words.function(function, "(" + name + ")", 0));
    } else if (target instanceof PointerType pointer
        && pointer.target() instanceof FunctionType function) {
      out.append(words.function(function, "(*" + name + ")", 0));
    } else {
      out.append(words.of(target)).append(' ').append(name);
    }
  }
}
