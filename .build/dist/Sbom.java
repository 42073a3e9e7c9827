import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The list of what is in an archive. */
final class Sbom {
  private static final String COMPONENTS = "\n  \"components\" : [";

  private Sbom() {}

  /** What Maven knows of, and the Java runtime, of which it knows nothing. */
  static String withRuntime(Path sbom, Path folder) throws IOException {
    String release = Files.readString(folder.resolve("runtime/release"));
    Matcher version = Pattern.compile("JAVA_VERSION=\"([^\"]*)\"").matcher(release);
    Matcher modules = Pattern.compile("MODULES=\"([^\"]*)\"").matcher(release);
    String known = Files.readString(sbom);
    if (!known.contains(COMPONENTS) || !version.find() || !modules.find()) {
      throw new IOException(sbom + ": no place for the runtime in it");
    }
    String runtime =
        """
        {
          "type" : "platform",
          "bom-ref" : "runtime",
          "name" : "OpenJDK",
          "version" : "%s",
          "description" : "Java runtime of the modules %s",
          "licenses" : [ { "expression" : "GPL-2.0-only WITH Classpath-exception-2.0" } ]
        },"""
            .indent(4)
            .formatted(version.group(1), modules.group(1));
    return known.replace(COMPONENTS, COMPONENTS + "\n" + runtime.stripTrailing());
  }
}
