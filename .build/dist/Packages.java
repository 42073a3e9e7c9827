import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.eclipse.packager.rpm.RpmTag;
import org.eclipse.packager.rpm.RpmVersion;
import org.eclipse.packager.rpm.build.BuilderContext;
import org.eclipse.packager.rpm.build.BuilderOptions;
import org.eclipse.packager.rpm.build.FileInformation;
import org.eclipse.packager.rpm.build.RpmBuilder;
import org.eclipse.packager.rpm.coding.PayloadCoding;
import org.vafer.jdeb.Console;
import org.vafer.jdeb.DataConsumer;
import org.vafer.jdeb.DebMaker;
import org.vafer.jdeb.PackagingException;

/** The tree of a platform as one file, in three ways. */
final class Packages {
  private static final String SUMMARY = "opens Linux kernel crash dumps";
  private static final String DESCRIPTION =
      """
      vmcore opens a crashed Linux kernel's memory, whatever the format of its dump, and tells
      what is in it: its log, symbols, tasks, stacks, types, and what made it crash, out of the
      dump alone. It brings the Java runtime that it needs.""";

  private static final String LICENCES =
      "Apache-2.0 AND BSD-2-Clause AND BSD-3-Clause AND 0BSD"
          + " AND GPL-2.0-only WITH Classpath-exception-2.0";

  /** The folders that are the package's, and those of shells, which may not be installed. */
  private static final String FOLDERS =
      "(lib|share/doc)/vmcore(/.*)?|share/(bash-completion|fish|zsh)(/.*)?";

  private final Build build;
  private final Platform platform;
  private final Path folder;
  private final Path output;

  Packages(Build build, Platform platform, Path folder, Path output) {
    this.build = build;
    this.platform = platform;
    this.folder = folder;
    this.output = output;
  }

  Path tarGz() throws IOException {
    Path file = output.resolve(folder.getFileName() + ".tar.gz");
    GzipParameters parameters = new GzipParameters();
    parameters.setModificationInstant(build.time());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(out, parameters))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Path each : withFolders(Tree.files(folder))) {
        boolean isFolder = Files.isDirectory(each);
        String name = folder.getParent().relativize(each) + (isFolder ? "/" : "");
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setModTime(Date.from(build.time()));
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        entry.setMode(mode(each));
        entry.setSize(isFolder ? 0 : Files.size(each));
        tar.putArchiveEntry(entry);
        if (!isFolder) {
          Files.copy(each, tar);
        }
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  Path deb() throws IOException {
    String version = build.packageVersion();
    Path file = output.resolve("vmcore_%s_%s.deb".formatted(version, platform.debian()));
    Path control = Files.createDirectories(output.resolve("work/control-" + platform.debian()));
    Files.writeString(control.resolve("control"), control());
    DebMaker maker = new DebMaker(new Quiet(), List.of(this::produce), List.of());
    maker.setDeb(file.toFile());
    maker.setControl(control.toFile());
    maker.setCompression("gzip");
    maker.setOutputTimestampMs(build.time().toEpochMilli());
    maker.setResolver(name -> null);
    try {
      Files.deleteIfExists(file);
      maker.makeDeb();
    } catch (PackagingException e) {
      throw new IOException(e);
    }
    return file;
  }

  private void produce(DataConsumer consumer) throws IOException {
    for (Path each : installed()) {
      var entry =
          new org.vafer.jdeb.shaded.commons.compress.archivers.tar.TarArchiveEntry(
              "./usr/" + debianPlace(folder.relativize(each).toString()), true);
      entry.setModTime(Date.from(build.time()));
      entry.setIds(0, 0);
      entry.setNames("root", "root");
      entry.setMode(mode(each));
      entry.setSize(Files.size(each));
      try (InputStream in = Files.newInputStream(each)) {
        consumer.onEachFile(in, entry);
      }
    }
  }

  private String control() throws IOException {
    String description =
        DESCRIPTION.lines().map(line -> " " + line + "\n").reduce("", String::concat);
    return """
        Package: vmcore
        Version: %s
        Architecture: %s
        Section: utils
        Priority: optional
        Maintainer: The vmcore developers <vmcore@localhost>
        Depends: %s
        Description: %s
        %s"""
        .formatted(
            build.packageVersion(),
            platform.debian(),
            String.join(", ", Needs.of(folder).debian()),
            SUMMARY,
            description);
  }

  Path rpm() throws IOException {
    String version = build.packageVersion();
    Path file = output.resolve("vmcore-%s-1.%s.rpm".formatted(version, platform.name()));
    Files.deleteIfExists(file);
    BuilderOptions options = new BuilderOptions();
    options.setPayloadCoding(PayloadCoding.GZIP);
    options.setOpenOptions(new OpenOption[] {StandardOpenOption.CREATE, StandardOpenOption.WRITE});
    RpmVersion numbered = new RpmVersion(version, "1");
    try (RpmBuilder rpm = new RpmBuilder("vmcore", numbered, platform.name(), file, options)) {
      RpmBuilder.PackageInformation about = rpm.getInformation();
      about.setSummary(SUMMARY);
      about.setDescription(DESCRIPTION);
      about.setLicense(LICENCES);
      about.setGroup("Applications/System");
      about.setBuildHost("localhost");
      for (String need : Needs.of(folder).rpm(platform)) {
        rpm.addRequirement(need, "");
      }
      BuilderContext context = rpm.newContext();
      for (Path each : withFolders(installed())) {
        String name = folder.relativize(each).toString();
        if (!Files.isDirectory(each)) {
          context.addFile("/usr/" + name, each, info -> set(info, each));
        } else if (name.matches(FOLDERS)) {
          context.addDirectory("/usr/" + name, info -> set(info, each));
        }
      }
      rpm.setHeaderCustomizer(
          header -> header.putInt(RpmTag.BUILDTIME, (int) build.time().getEpochSecond()));
      rpm.build();
    }
    return file;
  }

  private void set(FileInformation info, Path file) throws IOException {
    info.setTimestamp(build.time());
    info.setUser("root");
    info.setGroup("root");
    info.setMode((short) mode(file));
  }

  /** All but the script, which packages do without. */
  private List<Path> installed() throws IOException {
    return Tree.files(folder).stream()
        .filter(file -> !file.getFileName().toString().equals("install.sh"))
        .toList();
  }

  /** Where zsh of Debian looks for what packages bring. */
  private static String debianPlace(String name) {
    return name.replace("share/zsh/site-functions", "share/zsh/vendor-completions");
  }

  private List<Path> withFolders(List<Path> files) {
    Set<Path> all = new LinkedHashSet<>();
    for (Path file : files) {
      List<Path> above = new ArrayList<>();
      for (Path up = file.getParent(); !up.equals(folder.getParent()); up = up.getParent()) {
        above.addFirst(up);
      }
      all.addAll(above);
      all.add(file);
    }
    return List.copyOf(all);
  }

  private static int mode(Path file) {
    return Files.isExecutable(file) ? 0755 : 0644;
  }

  private record Quiet() implements Console {
    @Override
    public void debug(String message) {}

    @Override
    public void info(String message) {}

    @Override
    public void warn(String message) {
      System.err.println(message);
    }
  }
}
