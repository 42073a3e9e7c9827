package org.vmcore.cli.option;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.vmcore.Vmcore;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.ExactText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the path of a file, which is {@link ExactText}. */
public final class PathConverter implements ITypeConverter<Path> {
  private static final String FOLDER = System.getProperty("user.dir", "");
  private static final String PLAIN_IN_URIS = "/-._~";

  private final boolean isOutput;

  /** Of a file that is read. */
  public PathConverter() {
    this(false);
  }

  private PathConverter(boolean isOutput) {
    this.isOutput = isOutput;
  }

  /** Of a file that is written. */
  public static PathConverter ofOutput() {
    return new PathConverter(true);
  }

  boolean isOutput() {
    return isOutput;
  }

  @Override
  public Path convert(String value) {
    if (!isOutput && isUri(value)) {
      return located(value);
    }
    Path path = path(value);
    return value.equals("-") ? path : inFolder(path);
  }

  /** Whether it is {@code scheme://…}, or in a zip file, {@code jar:file:…}. */
  private static boolean isUri(String value) {
    int colon = value.indexOf(':');
    if (colon < 2 || !(value.startsWith("//", colon + 1) || value.startsWith("jar:file:"))) {
      return false;
    }
    for (int i = 0; i < colon; i++) {
      char c = value.charAt(i);
      boolean isInSchemes = Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
      if (c > '~' || !isInSchemes) {
        return false;
      }
    }
    return true;
  }

  private static Path located(String value) {
    try {
      return Vmcore.location(new URI(value));
    } catch (URISyntaxException e) {
      throw new TypeConversionException("no URI: " + e.getReason()); // which may hold a password
    } catch (VmcoreException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /**
   * {@code path} by which it is found: a folder's name that couldn't be decoded leads elsewhere.
   */
  static Path inFolder(Path path) {
    boolean isAstray = FOLDER.indexOf('\ufffd') >= 0 && !path.isAbsolute();
    return isAstray ? Path.of("/proc/self/cwd").resolve(path) : path;
  }

  /** The path of this text, as it is. */
  static Path path(String value) {
    if (value.isEmpty()) {
      throw new TypeConversionException("an empty path");
    }
    if (value.indexOf('\0') >= 0) {
      throw new TypeConversionException("'" + value + "' is no path: a 0 is in it");
    }
    if (ExactText.hasBytes(value)) {
      return exact(ExactText.bytes(value));
    }
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      return exact(ExactText.bytes(value)); // the locale has no such characters
    }
  }

  /** The path of just these bytes, whatever the locale: only out of a URI the JVM makes one. */
  private static Path exact(byte[] bytes) {
    StringBuilder uri = new StringBuilder("file:///");
    for (byte b : bytes) {
      if (Character.isLetterOrDigit(b) || PLAIN_IN_URIS.indexOf(b) >= 0) {
        uri.append((char) b);
      } else {
        uri.append('%').append(digit(b >> 4)).append(digit(b));
      }
    }
    Path path = Path.of(URI.create(uri.toString()));
    return bytes[0] == '/' ? path : path.subpath(0, path.getNameCount());
  }

  private static char digit(int value) {
    return Character.forDigit(value & 0xf, 16);
  }
}
