package org.vmcore.cli.type;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.Vmcore;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.LossException;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.FunctionType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.Types;
import org.vmcore.kernel.types.Variable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.TypeConversionException;

/**
 * What the arguments name.
 *
 * @param name the type's, as it was asked for; of a member the member's
 * @param type its type
 * @param how what of its kind there is
 * @param member the place of a member in its structure
 * @param object the object whose value is asked for
 */
record Subject(
    String name, Type type, How how, Optional<Field> member, Optional<KernelObject> object) {
  static final String PLACE = "ADDR|SYMBOL";

  /** What has a type. */
  enum How {
    TYPE,
    MEMBER,
    VARIABLE,
    FUNCTION
  }

  /** What is asked for. */
  record Question(String name, Optional<String> module, Optional<String> place, OptionalInt cpu) {}

  /** What {@code asked} leads to. */
  static Subject of(Question asked, Kernel kernel, Vmcore vmcore) throws VmcoreException {
    Optional<Subject> found = type(asked, kernel.types());
    if (found.isEmpty()) {
      throw missing(asked, kernel.types(), vmcore.name());
    }
    Subject subject = found.get();
    if (subject.how == How.FUNCTION) {
      return subject.refuse(asked);
    }
    boolean isVariable = subject.how == How.VARIABLE && asked.cpu().isPresent();
    String place = asked.place().orElse(isVariable ? asked.name() : "");
    return place.isEmpty()
        ? subject.refuse(asked)
        : subject.at(address(asked, place, kernel, vmcore), asked, kernel);
  }

  /** What has no value here takes no place. */
  private Subject refuse(Question asked) {
    if (asked.place().isPresent() || asked.cpu().isPresent()) {
      throw new UsageException(
          asked.place().isPresent()
              ? name + " is a function: it has no value"
              : "--cpu has no effect without a per-CPU variable");
    }
    return this;
  }

  private Subject at(long address, Question asked, Kernel kernel) throws VmcoreException {
    KernelObject object;
    if (how == How.MEMBER) {
      int dot = split(asked.name());
      String outer = asked.name().substring(0, dot);
      Type type = find(outer, asked.module(), kernel.types()).orElseThrow();
      object = member(kernel.objects().at(address, type), path(asked.name(), dot));
    } else {
      object = kernel.objects().at(address, type);
    }
    return new Subject(name, type, how, member, Optional.of(object));
  }

  private static KernelObject member(KernelObject object, String path) throws VmcoreException {
    try {
      return object.get(path);
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid value for NAME: " + e.getMessage());
    }
  }

  private static long address(Question asked, String place, Kernel kernel, Vmcore vmcore)
      throws VmcoreException {
    if (Numbers.isAddress(place)) {
      if (asked.cpu().isPresent()) {
        throw new UsageException("--cpu has no effect with an address");
      }
      try {
        return Numbers.address(place);
      } catch (TypeConversionException e) {
        throw new UsageException("Invalid value for " + PLACE + ": " + e.getMessage());
      }
    }
    SymbolPlace symbol = SymbolPlace.parse(PLACE, place);
    return asked.cpu().isPresent()
        ? kernel.objects().perCpu().address(symbol.name(), asked.cpu().getAsInt()) + symbol.plus()
        : symbol.address(kernel, vmcore);
  }

  private static Optional<Type> find(String name, Optional<String> module, Types types)
      throws VmcoreException {
    return module.isPresent() ? types.find(name, module.get()) : types.find(name);
  }

  private static Optional<Subject> type(Question asked, Types types) throws VmcoreException {
    String name = asked.name();
    Optional<Type> type = find(name, asked.module(), types);
    if (type.isPresent()) {
      return Optional.of(of(name, type.get(), How.TYPE));
    }
    int dot = split(name);
    if (dot > 0) {
      return member(asked, dot, types);
    }
    for (Variable each : asked.module().isPresent() ? List.<Variable>of() : types.perCpu()) {
      if (each.name().equals(name)) {
        return Optional.of(of(name, each.type(), How.VARIABLE));
      }
    }
    Optional<FunctionType> function =
        asked.module().isPresent() ? Optional.empty() : types.function(name);
    return function.isEmpty()
        ? Optional.empty()
        : Optional.of(of(name, function.get(), How.FUNCTION));
  }

  private static Subject of(String name, Type type, How how) {
    return new Subject(name, type, how, Optional.empty(), Optional.empty());
  }

  /** Where the path of a member begins: −1 where there is none. */
  private static int split(String name) {
    int dot = name.indexOf('.');
    int bracket = name.indexOf('[');
    return dot < 0 || (bracket >= 0 && bracket < dot) ? bracket : dot;
  }

  private static String path(String name, int dot) {
    return name.substring(name.charAt(dot) == '.' ? dot + 1 : dot);
  }

  private static Optional<Subject> member(Question asked, int dot, Types types)
      throws VmcoreException {
    Optional<Type> outer = find(asked.name().substring(0, dot), asked.module(), types);
    if (outer.isEmpty() || !(outer.get().plain() instanceof StructType struct)) {
      return Optional.empty();
    }
    String path = path(asked.name(), dot);
    if (path.isEmpty()) {
      throw new UsageException("NAME has no member's name behind its point");
    }
    Optional<Field> field;
    try {
      field = struct.field(path);
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid value for NAME: " + e.getMessage());
    }
    if (field.isEmpty() && asked.place().isPresent()) {
      // Through pointers only the object leads.
      return Optional.of(of(path, struct, How.MEMBER));
    }
    return field.isEmpty()
        ? Optional.empty()
        : Optional.of(new Subject(path, field.get().type(), How.MEMBER, field, Optional.empty()));
  }

  private static VmcoreException missing(Question asked, Types types, String file)
      throws VmcoreException {
    for (Finding gap : types.gaps()) {
      if (gap.severity() == Finding.Severity.ERROR) {
        return new LossException(file, "no type " + asked.name() + ": " + gap.message());
      }
    }
    return VmcoreException.of(file, missing(asked, types));
  }

  private static String missing(Question asked, Types types) throws VmcoreException {
    StringBuilder text = new StringBuilder("no type ").append(asked.name());
    if (asked.module().isPresent()) {
      List<String> modules = types.modules();
      text.append(" of module ").append(asked.module().get());
      return modules.contains(asked.module().get())
          ? text.toString()
          : text.append(", of which no types are known").toString();
    }
    if (types.origin() == Types.Origin.VMCOREINFO) {
      return text.append(": there is no BTF, and VMCOREINFO doesn't tell of it").toString();
    }
    int dot = split(asked.name());
    List<String> near = types.near(dot > 0 ? asked.name().substring(0, dot) : asked.name());
    return near.isEmpty()
        ? text.toString()
        : text.append("; there is ").append(String.join(", ", near)).toString();
  }
}
