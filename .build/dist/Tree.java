import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.apache.commons.io.file.PathUtils;

/** The files of one platform, as they lie below a prefix such as /usr. */
final class Tree {
  private final Build build;
  private final Platform platform;
  private final Path folder;

  private Tree(Build build, Platform platform, Path folder) {
    this.build = build;
    this.platform = platform;
    this.folder = folder;
  }

  static Tree make(Build build, Platform platform, Path folder, String jmods)
      throws IOException, InterruptedException {
    if (Files.exists(folder)) {
      PathUtils.deleteDirectory(folder);
    }
    Tree tree = new Tree(build, platform, folder);
    tree.copy(build.cli().resolve("vmcore"), "bin/vmcore", true);
    tree.jar();
    tree.runtime(jmods);
    tree.manual();
    tree.documents();
    tree.copy(build.source("install.sh"), "install.sh", true);
    return tree;
  }

  /** Gives all files the same time, at the end: the jar's is told to the AOT caches before. */
  void finish() throws IOException {
    for (Path each : files(folder)) {
      touch(each);
    }
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      return below.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The jar without native libraries of other platforms. */
  private void jar() throws IOException {
    Path jar = Files.createDirectories(folder.resolve("lib/vmcore")).resolve("vmcore.jar");
    try (ZipFile from = new ZipFile(build.target().resolve("vmcore.jar").toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (ZipEntry entry : from.stream().map(ZipEntry.class::cast).toList()) {
        boolean isNative = entry.getName().matches("[^/]+/[^/]+/libzstd-jni[^/]*");
        if (!isNative || entry.getName().startsWith(platform.natives())) {
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTimeLocal(entry.getTimeLocal());
          to.putNextEntry(copy);
          from.getInputStream(entry).transferTo(to);
          to.closeEntry();
        }
      }
    }
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    touch(jar);
  }

  private void runtime(String jmods) throws IOException, InterruptedException {
    Path runtime = folder.resolve("lib/vmcore/runtime");
    List<String> command = new ArrayList<>(List.of(Build.tool("jlink")));
    if (!jmods.isEmpty()) {
      command.add("--module-path=" + jmods);
    }
    command.add("--add-modules=" + Modules.needed(build));
    command.addAll(List.of("--output", runtime.toString(), "--compress=zip-6"));
    command.addAll(List.of("--strip-java-debug-attributes", "--no-header-files"));
    command.addAll(List.of("--no-man-pages", "--exclude-files=**.debuginfo"));
    Build.run(folder, command);
    Files.deleteIfExists(runtime.resolve("bin/keytool"));
    String made = Files.readString(runtime.resolve("release"));
    if (!made.contains("JAVA_VERSION=\"" + Runtime.version().feature())) {
      throw new IOException(jmods + ": no jmods of a JDK " + Runtime.version().feature());
    }
  }

  private void manual() throws IOException {
    for (Path page : files(build.target().resolve("man"))) {
      copy(page, "share/man/man1/" + page.getFileName(), false);
    }
    Path completion = build.target().resolve("completion");
    copy(completion.resolve("vmcore"), "share/bash-completion/completions/vmcore", false);
    copy(completion.resolve("_vmcore"), "share/zsh/site-functions/_vmcore", false);
    copy(completion.resolve("vmcore.fish"), "share/fish/vendor_completions.d/vmcore.fish", false);
  }

  private void documents() throws IOException {
    for (String name : List.of("LICENSE", "README.md", "CHANGELOG.md")) {
      copy(build.root().resolve(name), "share/doc/vmcore/" + name, false);
    }
    copy(build.cli().resolve("COMMANDS.md"), "share/doc/vmcore/COMMANDS.md", false);
    for (Path schema : files(build.cli().resolve("schema"))) {
      copy(schema, "share/doc/vmcore/schema/" + schema.getFileName(), false);
    }
    for (String name : List.of("NOTICE", "copyright")) {
      copy(build.source(name), "share/doc/vmcore/" + name, false);
    }
    for (Path licence : files(build.source("licenses"))) {
      copy(licence, "share/doc/vmcore/licenses/" + licence.getFileName(), false);
    }
    Path sbom = folder.resolve("share/doc/vmcore/vmcore.cdx.json");
    Files.writeString(
        sbom, Sbom.withRuntime(build.target().resolve("bom.json"), folder.resolve("lib/vmcore")));
  }

  private void copy(Path from, String to, boolean executable) throws IOException {
    if (!Files.exists(from)) {
      throw new IOException(from + " isn't there: build first, with mvn -B verify -Pdist");
    }
    Path file = folder.resolve(to);
    Files.createDirectories(file.getParent());
    Files.copy(from, file);
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }

  private void touch(Path file) throws IOException {
    Files.setLastModifiedTime(
        file, FileTime.from(build.time().atOffset(ZoneOffset.UTC).toInstant()));
  }
}
