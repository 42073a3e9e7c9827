package org.vmcore.cli.type;

import java.util.List;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.declaration.Declaration;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.ObjectWalk;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.EnumType.Enumerator;
import org.vmcore.kernel.types.FloatType;
import org.vmcore.kernel.types.ForwardType;
import org.vmcore.kernel.types.FunctionType;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.QualifiedType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.TypedefType;
import org.vmcore.kernel.types.UnknownType;
import org.vmcore.kernel.types.VoidType;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** A type, or the values of an object. */
final class TypeReport implements Report {
  private final Subject subject;
  private final Kernel kernel;
  private final Losses losses = new Losses();
  private Declaration declaration = new Declaration("", List.of());

  TypeReport(Subject subject, Kernel kernel) {
    this.subject = subject;
    this.kernel = kernel;
  }

  @Override
  public void text(TextOut out, OutputOptions output) throws VmcoreException {
    if (subject.object().isPresent()) {
      KernelObject object = subject.object().get();
      out.text("*(" + pointer(object) + ")" + Hex.of(object.address()) + " = ");
      ObjectWalk.over(object, new ValueLines(out, losses));
    } else {
      declaration = declaration();
      text(out, declaration.text());
    }
  }

  private static String pointer(KernelObject object) throws VmcoreException {
    Type type = object.type();
    return type.declaring(type instanceof ArrayType ? "(*)" : "*");
  }

  private static void text(TextOut out, String text) {
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      line(out, text, from, end);
      from = end + 1;
    }
  }

  private static void line(TextOut out, String text, int from, int end) {
    int at = from;
    while (at < end && text.charAt(at) == '\t') {
      out.put('\t');
      at++;
    }
    out.line(text.substring(at, end));
  }

  private Declaration declaration() {
    return switch (subject.how()) {
      case TYPE -> Declaration.of(subject.type());
      case MEMBER -> Declaration.of(memberName(), subject.member().orElseThrow());
      case VARIABLE, FUNCTION -> Declaration.of(subject.name(), subject.type());
    };
  }

  /** The last name of its path. */
  private String memberName() {
    String path = subject.name();
    return path.substring(path.lastIndexOf('.') + 1);
  }

  @Override
  public void json(Json json) throws VmcoreException {
    Type type = subject.object().isPresent() ? subject.object().get().type() : subject.type();
    json.put(TypeFields.KIND, kind(type)).put(TypeFields.OF_NAME, subject.name());
    if (!(type instanceof FunctionType) && !(type instanceof ForwardType)) {
      json.put(TypeFields.OF_SIZE, type.size());
    }
    boolean hasParts = type instanceof StructType || type instanceof EnumType;
    if (subject.how() != Subject.How.TYPE || !hasParts) {
      declaration = declaration(type);
      json.put(TypeFields.DECLARATION, declaration.text().strip());
    }
    if (subject.member().isPresent()) {
      json.put(TypeFields.OF_OFFSET, subject.member().get().offset());
    }
    if (subject.object().isPresent()) {
      json.put(TypeFields.ADDRESS, subject.object().get().address());
    }
    parts(json, type.plain());
    json.finish();
  }

  private Declaration declaration(Type type) {
    return subject.how() == Subject.How.MEMBER && subject.member().isEmpty()
        ? Declaration.of(memberName(), type)
        : declaration();
  }

  private void parts(Json json, Type type) throws VmcoreException {
    if (type instanceof EnumType values) {
      Row row = json.rows(TypeFields.ENUMERATORS);
      for (Enumerator each : values.values()) {
        row.set(TypeFields.ENUMERATOR_NAME, each.name());
        row.set(
            TypeFields.ENUMERATOR_VALUE,
            values.isSigned() ? Long.toString(each.value()) : Long.toUnsignedString(each.value()));
        row.end();
      }
      json.end();
    }
    if (subject.object().isPresent()) {
      KernelObject object = subject.object().get();
      ObjectWalk.over(object, new ValueRows(json.rows(TypeFields.MEMBERS), object, losses));
      json.end();
    } else if (type instanceof StructType struct) {
      new MemberRows(json.rows(TypeFields.MEMBERS), losses).write(struct);
      json.end();
    }
  }

  private static String kind(Type type) {
    return switch (type) {
      case StructType struct -> struct.keyword();
      case EnumType _ -> "enum";
      case TypedefType _ -> "typedef";
      case IntType _ -> "int";
      case FloatType _ -> "float";
      case PointerType _ -> "pointer";
      case ArrayType _ -> "array";
      case FunctionType _ -> "function";
      case ForwardType _ -> "forward";
      case VoidType _ -> "void";
      case UnknownType _ -> "unknown";
      case QualifiedType _ -> "qualified";
    };
  }

  /** Functions and variables are no module's: what isn't known of these doesn't matter. */
  private boolean isOfTypes() {
    return subject.how() == Subject.How.TYPE || subject.how() == Subject.How.MEMBER;
  }

  @Override
  public void end(Ending ending) throws VmcoreException {
    for (Finding gap : kernel.types().gaps()) {
      if (isOfTypes() || gap.severity() == Finding.Severity.ERROR) {
        ending.gap("", gap);
      }
    }
    for (String fault : declaration.faults()) {
      ending.lost(fault);
    }
    losses.say(ending);
  }
}
