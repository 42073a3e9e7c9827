package org.vmcore.testing;

import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ModifierSupport;

/** Opens the dumps of {@link VmcoreFile}s, which bring it with them. */
public final class VmcoreFileExtension
    implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(VmcoreFileExtension.class);

  /** Counts what is kept, so that each has a key of its own. */
  private static final AtomicInteger KEPT = new AtomicInteger();

  /** JUnit makes it. */
  public VmcoreFileExtension() {}

  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Class<?> test = context.getRequiredTestClass();
    for (Field field : AnnotationSupport.findAnnotatedFields(test, VmcoreFile.class)) {
      if (ModifierSupport.isStatic(field)) {
        inject(field, null, context);
      }
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    for (Object test : context.getRequiredTestInstances().getAllInstances()) {
      for (Field field : AnnotationSupport.findAnnotatedFields(test.getClass(), VmcoreFile.class)) {
        if (ModifierSupport.isNotStatic(field)) {
          inject(field, test, context);
        }
      }
    }
  }

  private static void inject(Field field, @Nullable Object test, ExtensionContext context)
      throws Exception {
    VmcoreFile file = field.getAnnotation(VmcoreFile.class);
    Class<?> owner = field.getDeclaringClass();
    OpenedFile opened = OpenedFile.of(file, owner, test);
    keep(opened, context);
    try {
      field.setAccessible(true);
      field.set(test, opened.as(field.getType()));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new ExtensionConfigurationException("@VmcoreFile " + field + ": " + e.getMessage(), e);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.isAnnotated(VmcoreFile.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    VmcoreFile file = parameter.findAnnotation(VmcoreFile.class).orElseThrow();
    Class<?> owner = parameter.getDeclaringExecutable().getDeclaringClass();
    try {
      OpenedFile opened = OpenedFile.of(file, owner, parameter.getTarget().orElse(null));
      keep(opened, context);
      return opened.as(parameter.getParameter().getType());
    } catch (ParameterResolutionException e) {
      throw e;
    } catch (Exception e) {
      throw new ParameterResolutionException("@VmcoreFile: " + e.getMessage(), e);
    }
  }

  /** It is closed with the context: behind the test, or behind all tests of the class. */
  private static void keep(OpenedFile opened, ExtensionContext context) {
    context.getStore(NAMESPACE).put(KEPT.getAndIncrement(), opened);
  }
}
