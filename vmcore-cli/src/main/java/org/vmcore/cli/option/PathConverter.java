package org.vmcore.cli.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the path of a file, which is {@link ExactText}. */
public final class PathConverter implements ITypeConverter<Path> {
  private static final String FOLDER = System.getProperty("user.dir", "");

  @Override
  public Path convert(String value) {
    if (value.isEmpty()) {
      throw new TypeConversionException("an empty path");
    }
    if (value.indexOf('\0') >= 0) {
      throw new TypeConversionException("'" + value + "' is no path: a 0 is in it");
    }
    Path path = path(value);
    // A folder's name that couldn't be decoded would lead elsewhere.
    boolean isAstray = FOLDER.indexOf('\ufffd') >= 0 && !path.isAbsolute() && !value.equals("-");
    return isAstray ? Path.of("/proc/self/cwd").resolve(path) : path;
  }

  private static Path path(String value) {
    if (ExactText.hasBytes(value)) {
      return ExactText.path(value);
    }
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      return ExactText.path(value); // the locale has no such characters
    }
  }
}
