package org.vmcore;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import org.vmcore.http.HttpFiles;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;

/** Finds files by URI. */
final class Locations {
  private Locations() {}

  static Path path(URI location) throws VmcoreException {
    try {
      return HttpFiles.isWeb(location) ? HttpFiles.path(location) : installed(location);
    } catch (FileSystemNotFoundException | ProviderNotFoundException e) {
      throw VmcoreException.of(
          shown(location), "no file system is installed for " + location.getScheme() + ":", e);
    } catch (IOException e) {
      throw VmcoreException.of(shown(location), IoReason.of(e), e);
    } catch (IllegalArgumentException | UnsupportedOperationException | SecurityException e) {
      throw VmcoreException.of(shown(location), "no place of a file: " + e.getMessage(), e);
    }
  }

  private static Path installed(URI location) throws IOException {
    try {
      return Path.of(location);
    } catch (FileSystemNotFoundException e) {
      if (isUnknown(location)) {
        throw e;
      }
    }
    try {
      FileSystems.newFileSystem(location, Map.of());
    } catch (FileSystemAlreadyExistsException e) {
      // Another thread was first.
    }
    return Path.of(location);
  }

  private static boolean isUnknown(URI location) {
    return FileSystemProvider.installedProviders().stream()
        .noneMatch(each -> each.getScheme().equalsIgnoreCase(location.getScheme()));
  }

  /**
   * Without what may be a secret: user and password, a query. Where no host can be told there is no
   * knowing what is one.
   */
  private static String shown(URI location) {
    if (HttpFiles.isWeb(location) && location.getHost() == null) {
      return location.getScheme() + "://...";
    }
    String text = location.toString().replaceFirst("//[^/?#]*@", "//");
    return location.getRawQuery() == null
        ? text
        : text.replace("?" + location.getRawQuery(), "?...");
  }
}
