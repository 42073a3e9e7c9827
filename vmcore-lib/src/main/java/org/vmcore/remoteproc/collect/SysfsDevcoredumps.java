package org.vmcore.remoteproc.collect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;
import org.vmcore.remoteproc.Devcoredump;

/**
 * The dumps in a folder that is laid out as {@code /sys/class/devcoredump}: {@code devcdN/data} is
 * the dump, {@code devcdN/failing_device} a link to its device, {@code disabled} says 1 when the
 * kernel takes no dumps until it is booted again.
 *
 * <p>Source: {@code drivers/base/devcoredump.c}.
 */
public final class SysfsDevcoredumps implements DevcoredumpSource {
  /** Where the running kernel has them. */
  public static final Path CLASS = Path.of("/sys/class/devcoredump");

  private static final String PREFIX = "devcd";

  private final Path root;

  private SysfsDevcoredumps(Path root) {
    this.root = root;
  }

  /** Those in {@code root}, of any file system. */
  public static SysfsDevcoredumps in(Path root) {
    return new SysfsDevcoredumps(root);
  }

  /**
   * The dumps that wait to be read, by their numbers.
   *
   * @throws VmcoreException when the folder isn't there or can't be listed, or when the kernel was
   *     told to take no dumps
   */
  @Override
  public List<Devcoredump> pending() throws VmcoreException {
    List<Devcoredump> pending = new ArrayList<>();
    for (Path folder : folders()) {
      // The kernel may be about to take it away.
      if (Files.exists(folder.resolve(SysfsDevcoredump.DATA))) {
        pending.add(new SysfsDevcoredump(folder));
      }
    }
    if (pending.isEmpty() && isDisabled()) {
      throw VmcoreException.of(
          root.resolve("disabled").toString(),
          "it is 1: the kernel takes no devices' dumps until it is booted again");
    }
    return pending;
  }

  private List<Path> folders() throws VmcoreException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(root, PREFIX + "*")) {
      all.forEach(folders::add);
    } catch (NoSuchFileException e) {
      String reason = "no such folder: a kernel without CONFIG_DEV_COREDUMP has no devices' dumps";
      throw VmcoreException.of(root.toString(), reason, e);
    } catch (NotDirectoryException e) {
      throw VmcoreException.of(root.toString(), "not a folder", e);
    } catch (DirectoryIteratorException e) {
      IOException cause = e.getCause();
      throw unlisted(cause == null ? new IOException(e) : cause);
    } catch (IOException e) {
      throw unlisted(e);
    }
    folders.sort(Comparator.comparingInt(SysfsDevcoredumps::length).thenComparing(Path::toString));
    return folders;
  }

  private VmcoreException unlisted(IOException e) {
    return VmcoreException.of(root.toString(), "cannot be listed: " + IoReason.of(e), e);
  }

  /** By it 10 comes behind 9. */
  private static int length(Path path) {
    return path.toString().length();
  }

  private boolean isDisabled() {
    try (InputStream in = Files.newInputStream(root.resolve("disabled"))) {
      return in.read() == '1';
    } catch (IOException e) {
      return false; // there is none, or nobody may look
    }
  }
}
