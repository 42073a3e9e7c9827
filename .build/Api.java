import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.FieldModel;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists the public API of a compiled module, which stands on the class path: {@code
 * check|write|skip CLASSES LIST DIFFERS} compares the file LIST with what the module in the folder
 * CLASSES exports to everyone, or writes it. The file DIFFERS exists when the list is another.
 *
 * <p>A record's constructor and accessors are the components in its line; what every enum and every
 * object has is left out. Types of java.* and of the list go by their simple names: a full name is
 * that of a type from elsewhere, or of one that isn't public API. No class is initialised.
 */
final class Api {
  private static final Set<String> GIVEN =
      Set.of("equals(Object)", "hashCode()", "toString()", "values()", "valueOf(String)");
  private static final Pattern QUALIFIED = Pattern.compile("(?:[a-z]\\w*\\.)+([A-Z][\\w$]*)");
  private static final Pattern NULLABLE =
      Pattern.compile("((?:\\w+\\.)*)@org\\.jspecify\\.annotations\\.Nullable(?:\\(\\))? ?");

  private final Path classes;
  private final ModuleDescriptor module;

  /** The public types, by name. */
  private final Map<String, Class<?>> types = new TreeMap<>();

  private Api(Path classes) throws IOException, ClassNotFoundException {
    this.classes = classes;
    try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
    for (String exported : exported()) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(classes.resolve(exported.replace('.', '/')), "*.class")) {
        for (Path file : files) {
          String name = exported + "." + file.getFileName().toString().replace(".class", "");
          Class<?> type = Class.forName(name, false, Api.class.getClassLoader());
          if (isReached(type)) {
            types.put(name, type);
          }
        }
      }
    }
  }

  public static void main(String[] args) throws IOException, ClassNotFoundException {
    Path differs = Path.of(args[3]);
    Files.deleteIfExists(differs);
    if (args[0].equals("skip")) {
      return;
    }
    List<String> lines = new Api(Path.of(args[1])).lines();
    Path list = Path.of(args[2]);
    if (args[0].equals("write")) {
      Files.write(list, lines);
      return;
    }
    List<String> listed = Files.exists(list) ? Files.readAllLines(list) : List.of();
    if (!listed.equals(lines)) {
      List<String> differences = differences(listed, lines);
      System.err.println("The public API isn't what " + list + " says (-) but (+):");
      differences.forEach(System.err::println);
      Files.write(differs, differences);
    }
  }

  /** The lines that only one of the two has, each with the type that it stands in. */
  private static List<String> differences(List<String> listed, List<String> lines) {
    Set<String> before = inContext(listed);
    Set<String> after = inContext(lines);
    List<String> differ = new ArrayList<>();
    before.stream().filter(line -> !after.contains(line)).forEach(l -> differ.add("  - " + l));
    after.stream().filter(line -> !before.contains(line)).forEach(l -> differ.add("  + " + l));
    return differ.isEmpty() ? List.of("  the same lines in another order") : differ;
  }

  private static Set<String> inContext(List<String> lines) {
    Set<String> named = new LinkedHashSet<>();
    String room = "";
    String type = "";
    for (String line : lines) {
      if (line.startsWith("    ")) {
        named.add(type + ": " + line.strip());
      } else if (line.startsWith("  ")) {
        named.add(room + ": " + line.strip());
        type = room + "." + line.replaceAll("^.*?([A-Z][\\w.]*).*", "$1");
      } else {
        named.add(line);
        room = line;
      }
    }
    return named;
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    long nested = types.values().stream().filter(type -> type.getEnclosingClass() != null).count();
    lines.add(
        "%d public types of %s, %d of them nested (listed by .ci/api)"
            .formatted(types.size(), module.name(), nested));
    for (String exported : exported()) {
      lines.add("");
      lines.add(exported);
      for (Class<?> type : types.values()) {
        if (type.getPackageName().equals(exported)) {
          lines.add("  " + head(type));
          members(type).forEach(member -> lines.add("    " + member));
        }
      }
    }
    List<String> qualified =
        module.exports().stream()
            .filter(Exports::isQualified)
            .map(e -> "  " + e.source() + " to " + String.join(", ", new TreeSet<>(e.targets())))
            .sorted()
            .toList();
    if (!qualified.isEmpty()) {
      lines.addAll(List.of("", "exported to some modules alone"));
      lines.addAll(qualified);
    }
    return lines;
  }

  /** The packages that are exported to everyone. */
  private List<String> exported() {
    return module.exports().stream()
        .filter(exports -> !exports.isQualified())
        .map(Exports::source)
        .sorted()
        .toList();
  }

  private static boolean isReached(Class<?> type) {
    return isApi(type.getModifiers())
        && (type.getEnclosingClass() == null || isReached(type.getEnclosingClass()));
  }

  private static boolean isApi(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private String head(Class<?> type) {
    String components =
        !type.isRecord()
            ? ""
            : Arrays.stream(type.getRecordComponents())
                .map(component -> named(component.getAnnotatedType()) + " " + component.getName())
                .collect(Collectors.joining(", ", "(", ")"));
    String parent = named(type.getGenericSuperclass());
    boolean ofKind = type.isRecord() || type.isEnum() || type.isInterface();
    Class<?>[] permitted = type.isSealed() ? type.getPermittedSubclasses() : new Class<?>[0];
    return kind(type)
        + named(type)
        + parameters(type)
        + components
        + (ofKind || parent.equals("Object") ? "" : " extends " + parent)
        + list(
            type.isInterface() ? " extends " : " implements ",
            Arrays.stream(type.getGenericInterfaces()).map(this::named))
        + list(
            " permits ",
            Arrays.stream(permitted).filter(types.values()::contains).map(this::named).sorted());
  }

  private static String kind(Class<?> type) {
    int modifiers = type.getModifiers();
    boolean isClass = !type.isInterface() && !type.isEnum() && !type.isRecord();
    String word = type.isEnum() ? "enum " : type.isRecord() ? "record " : "class ";
    return (Modifier.isProtected(modifiers) ? "protected " : "")
        + (type.isSealed() && !type.isEnum() ? "sealed " : "")
        + (Modifier.isAbstract(modifiers) && isClass ? "abstract " : "")
        + (Modifier.isFinal(modifiers) && isClass ? "final " : "")
        + (type.isAnnotation() ? "@" : "")
        + (type.isInterface() ? "interface " : word);
  }

  /** Enum constants in their order, fields, constructors, methods. */
  private List<String> members(Class<?> type) throws IOException {
    List<String> members = new ArrayList<>();
    Map<String, String> constants = constants(type);
    apiOf(type.getDeclaredFields())
        .filter(Field::isEnumConstant)
        .forEach(field -> members.add(field.getName()));
    apiOf(type.getDeclaredFields())
        .filter(field -> !field.isEnumConstant())
        .map(field -> field(field) + constants.getOrDefault(field.getName(), ""))
        .sorted()
        .forEach(members::add);
    apiOf(type.getDeclaredConstructors())
        .filter(constructor -> !type.isRecord() || !isCanonical(constructor))
        .map(constructor -> executable(constructor, named(type)))
        .sorted()
        .forEach(members::add);
    apiOf(type.getDeclaredMethods())
        .filter(method -> !isGiven(method))
        .sorted((a, b) -> call(a).compareTo(call(b)))
        .map(m -> executable(m, named(m.getAnnotatedReturnType()) + " " + m.getName()))
        .forEach(members::add);
    return members;
  }

  private static <M extends Member> Stream<M> apiOf(M[] members) {
    return Arrays.stream(members)
        .filter(member -> isApi(member.getModifiers()) && !member.isSynthetic());
  }

  private String field(Field field) {
    return modifiers(field, Modifier.STATIC | Modifier.FINAL)
        + named(field.getAnnotatedType())
        + " "
        + field.getName();
  }

  /** What a field's constant looks like in the list, by its name. */
  private Map<String, String> constants(Class<?> type) throws IOException {
    Map<String, String> constants = new TreeMap<>();
    Path file = classes.resolve(type.getName().replace('.', '/') + ".class");
    for (FieldModel field : ClassFile.of().parse(file).fields()) {
      field
          .findAttribute(Attributes.constantValue())
          .map(ConstantValueAttribute::constant)
          .map(constant -> constant.constantValue())
          .map(value -> value instanceof String ? '"' + value.toString() + '"' : value)
          .ifPresent(value -> constants.put(field.fieldName().stringValue(), " = " + value));
    }
    return constants;
  }

  private static boolean isCanonical(Constructor<?> constructor) {
    return Arrays.equals(
        constructor.getParameterTypes(),
        Arrays.stream(constructor.getDeclaringClass().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray());
  }

  private boolean isGiven(Method method) {
    RecordComponent[] components = method.getDeclaringClass().getRecordComponents();
    boolean isAccessor =
        components != null
            && Arrays.stream(components).anyMatch(each -> method.equals(each.getAccessor()));
    return isAccessor || GIVEN.contains(call(method));
  }

  private String call(Method method) {
    return method.getName() + "(" + arguments(method) + ")";
  }

  private String executable(Executable member, String named) {
    String parameters = parameters(member);
    boolean isDefault = member instanceof Method method && method.isDefault();
    return modifiers(member, Modifier.STATIC | Modifier.ABSTRACT | Modifier.FINAL)
        + (isDefault ? "default " : "")
        + (parameters.isEmpty() ? "" : parameters + " ")
        + named
        + ("(" + arguments(member) + ")")
        + list(
            " throws ", Arrays.stream(member.getGenericExceptionTypes()).map(this::named).sorted());
  }

  private String arguments(Executable member) {
    List<String> arguments =
        Arrays.stream(member.getAnnotatedParameterTypes())
            .map(this::named)
            .collect(Collectors.toCollection(ArrayList::new));
    if (member.isVarArgs()) {
      arguments.addLast(arguments.removeLast().replaceAll("\\[]$", "..."));
    }
    return String.join(", ", arguments);
  }

  /** Of the modifiers in question, those that the place of the member doesn't imply. */
  private static String modifiers(Member member, int inQuestion) {
    Class<?> type = member.getDeclaringClass();
    int implied =
        Modifier.isFinal(type.getModifiers()) && !(member instanceof Field) ? Modifier.FINAL : 0;
    implied |= type.isInterface() ? Modifier.ABSTRACT : 0;
    int shown = member.getModifiers() & (inQuestion & ~implied | Modifier.PROTECTED);
    return shown == 0 ? "" : Modifier.toString(shown) + " ";
  }

  private static String list(String before, Stream<String> all) {
    String joined = all.collect(Collectors.joining(", "));
    return joined.isEmpty() ? "" : before + joined;
  }

  private String parameters(GenericDeclaration declaration) {
    String all = list("<", Arrays.stream(declaration.getTypeParameters()).map(this::parameter));
    return all.isEmpty() ? "" : all + ">";
  }

  private String parameter(TypeVariable<?> variable) {
    String bounds =
        Arrays.stream(variable.getAnnotatedBounds())
            .map(this::named)
            .filter(bound -> !bound.equals("Object"))
            .collect(Collectors.joining(" & "));
    return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
  }

  private String named(AnnotatedType type) {
    return shortened(NULLABLE.matcher(type.toString()).replaceAll("@Nullable $1"));
  }

  private String named(Type type) {
    return type == null ? "" : shortened(type.getTypeName());
  }

  /** Simple names for the types of java.* and of the list; nested ones with a dot. */
  private String shortened(String names) {
    return QUALIFIED.matcher(names).replaceAll(this::simple).replace('$', '.');
  }

  private String simple(MatchResult name) {
    boolean known = name.group().startsWith("java.") || types.containsKey(name.group());
    return (known ? name.group(1) : name.group()).replace('$', '.');
  }
}
