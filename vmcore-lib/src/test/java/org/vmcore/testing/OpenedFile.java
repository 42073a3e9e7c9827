package org.vmcore.testing;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;
import org.vmcore.Vmcore;
import org.vmcore.open.OpenOptions;

/** What a {@link VmcoreFile} stands for, with what must be closed and deleted behind a test. */
final class OpenedFile implements AutoCloseable {
  private final OpenOptions options;
  private final String name;
  private @Nullable Path folder;
  private @Nullable Path file;
  private @Nullable Vmcore vmcore;

  private OpenedFile(OpenOptions options, String name) {
    this.options = options;
    this.name = name;
  }

  /**
   * The file of {@code annotation}.
   *
   * @param owner the class whose field or parameter it is
   * @param test the instance, if there is one
   */
  static OpenedFile of(VmcoreFile annotation, Class<?> owner, @Nullable Object test)
      throws Exception {
    if (annotation.value().isEmpty() == annotation.builder().isEmpty()) {
      throw new ExtensionConfigurationException(
          "@VmcoreFile in " + owner.getName() + ": give it a file, or a builder, one of the two");
    }
    OpenOptions options = OpenOptions.builder().padding(annotation.padding()).build();
    OpenedFile opened = new OpenedFile(options, annotation.value() + annotation.builder());
    boolean made = false;
    try {
      if (annotation.builder().isEmpty()) {
        opened.find(annotation.value(), owner);
      } else {
        opened.take(made(annotation.builder(), owner, test));
      }
      made = true;
      return opened;
    } finally {
      if (!made) {
        opened.close();
      }
    }
  }

  private void find(String path, Class<?> owner) throws Exception {
    URL resource = owner.getResource(path);
    if (resource == null) {
      file = Path.of(path);
    } else if (resource.getProtocol().equals("file")) {
      file = Path.of(resource.toURI());
    } else {
      try (InputStream in = resource.openStream()) {
        Files.copy(in, temporary());
      }
    }
  }

  private void take(Object made) throws IOException {
    switch (made) {
      case DumpBuilder dump -> dump.writeTo(temporary());
      case KdumpBuilder dump -> Files.write(temporary(), dump.build());
      case byte[] bytes -> Files.write(temporary(), bytes);
      case Path path -> file = path;
      case Vmcore open -> vmcore = open;
      default ->
          throw new ExtensionConfigurationException(
              "@VmcoreFile: " + name + " gives a " + made.getClass().getName() + ", which is none");
    }
  }

  private static Object made(String builder, Class<?> owner, @Nullable Object test)
      throws Exception {
    int hash = builder.indexOf('#');
    Class<?> holder =
        hash < 0
            ? owner
            : ReflectionSupport.tryToLoadClass(builder.substring(0, hash), owner.getClassLoader())
                .getNonNull();
    Method method =
        ReflectionSupport.findMethod(holder, builder.substring(hash + 1))
            .orElseThrow(
                () ->
                    new ExtensionConfigurationException(
                        "@VmcoreFile: "
                            + holder.getName()
                            + " has no method "
                            + builder.substring(hash + 1)
                            + "()"));
    if (ModifierSupport.isNotStatic(method) && !holder.isInstance(test)) {
      throw new ExtensionConfigurationException("@VmcoreFile: " + method + " must be static");
    }
    method.setAccessible(true);
    try {
      Object made = method.invoke(ModifierSupport.isStatic(method) ? null : test);
      if (made == null) {
        throw new ExtensionConfigurationException("@VmcoreFile: " + method + " gives null");
      }
      return made;
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Path temporary() throws IOException {
    folder = Files.createTempDirectory("vmcore");
    file = folder.resolve("vmcore");
    return file;
  }

  /** The file, or the dump in it, which is then open. */
  Object as(Class<?> type) throws IOException {
    if (type == Path.class && file != null) {
      return file;
    }
    if (type == Vmcore.class) {
      if (vmcore == null && file != null) {
        vmcore = Vmcore.open(file, options);
      }
      if (vmcore != null) {
        return vmcore;
      }
    }
    throw new ExtensionConfigurationException(
        "@VmcoreFile "
            + name
            + " can't be a "
            + type.getName()
            + ": take Vmcore, or Path of a file");
  }

  @Override
  public void close() throws IOException {
    if (vmcore != null) {
      vmcore.close();
    }
    if (folder != null) {
      PathUtils.deleteDirectory(folder);
    }
  }
}
