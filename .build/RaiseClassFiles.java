import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Makes all classes of a jar ones that the JVM archives: {@code JAR RAISED}.
 *
 * <p>An AOT cache takes no class older than Java 6, for want of stack maps; picocli's are Java 5.
 * It takes none out of META-INF/versions, either, where zstd-jni has some: the jar needs Java 25,
 * so they stand in place of those for older ones.
 */
final class RaiseClassFiles {
  private static final int OLDEST = ClassFile.JAVA_8_VERSION;
  private static final String VERSIONS = "META-INF/versions/";
  private static final int FIRST_VERSION = 9;
  private static final int NEEDED = 25;

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    Map<ZipEntry, byte[]> entries = flat(read(jar));
    Map<String, byte[]> classes = new LinkedHashMap<>();
    entries.forEach(
        (entry, bytes) -> {
          if (entry.getName().endsWith(".class")) {
            classes.put(entry.getName(), bytes);
          }
        });
    ClassFile classFile = classFile(classes);
    Path raised = Path.of(args[1] + ".new");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(raised))) {
      for (Map.Entry<ZipEntry, byte[]> entry : entries.entrySet()) {
        byte[] bytes = entry.getValue();
        ZipEntry copy = new ZipEntry(entry.getKey().getName());
        copy.setTimeLocal(entry.getKey().getTimeLocal());
        out.putNextEntry(copy);
        out.write(classes.containsKey(copy.getName()) ? raise(classFile, bytes) : bytes);
        out.closeEntry();
      }
    }
    Files.move(raised, Path.of(args[1]), StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] raise(ClassFile classFile, byte[] bytes) {
    ClassModel model = classFile.parse(bytes);
    if (model.majorVersion() >= OLDEST) {
      return bytes;
    }
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(OLDEST, 0);
          } else {
            builder.with(element);
          }
        };
    // Code taken over element by element is written anew, with stack maps.
    ClassTransform code = ClassTransform.transformingMethodBodies((builder, e) -> builder.with(e));
    byte[] raised = classFile.transformClass(model, version.andThen(code));
    List<VerifyError> errors = classFile.verify(raised);
    if (!errors.isEmpty()) {
      throw errors.getFirst();
    }
    return raised;
  }

  /** Knows the hierarchy of the jar's own classes and of the JDK's. */
  private static ClassFile classFile(Map<String, byte[]> classes) {
    ClassHierarchyResolver own =
        ClassHierarchyResolver.ofResourceParsing(
            type -> {
              String name = type.descriptorString();
              byte[] bytes = classes.get(name.substring(1, name.length() - 1) + ".class");
              return bytes == null ? null : (InputStream) new ByteArrayInputStream(bytes);
            });
    return ClassFile.of(
        StackMapsOption.GENERATE_STACK_MAPS,
        ClassFile.ClassHierarchyResolverOption.of(
            own.orElse(ClassHierarchyResolver.defaultResolver())));
  }

  /** The entries as Java {@link #NEEDED} sees them in a multi-release jar. */
  private static Map<ZipEntry, byte[]> flat(Map<ZipEntry, byte[]> entries) {
    Map<ZipEntry, byte[]> flat = new LinkedHashMap<>(entries);
    flat.keySet().removeIf(entry -> entry.getName().startsWith(VERSIONS));
    for (int version = FIRST_VERSION; version <= NEEDED; version++) {
      String folder = VERSIONS + version + '/';
      for (Map.Entry<ZipEntry, byte[]> each : entries.entrySet()) {
        ZipEntry entry = each.getKey();
        if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
          ZipEntry base = new ZipEntry(entry.getName().substring(folder.length()));
          base.setTimeLocal(entry.getTimeLocal());
          flat.keySet().removeIf(other -> other.getName().equals(base.getName()));
          flat.put(base, each.getValue());
        }
      }
    }
    return flat;
  }

  private static Map<ZipEntry, byte[]> read(Path jar) throws IOException {
    Map<ZipEntry, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
      for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.put(e, in.readAllBytes());
      }
    }
    return entries;
  }
}
