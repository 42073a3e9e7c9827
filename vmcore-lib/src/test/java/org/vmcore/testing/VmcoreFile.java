package org.vmcore.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vmcore.open.Padding;

/**
 * A dump that is opened for a test and closed behind it: on a field, or on a parameter of a test, a
 * constructor, or a method like {@code @BeforeEach}, of type {@link org.vmcore.Vmcore}; or of type
 * {@link java.nio.file.Path}, which then is the file.
 *
 * <pre>{@code
 * @Test
 * void opens(@VmcoreFile(builder = "crashed") Vmcore vmcore) { … }
 *
 * static DumpBuilder crashed() {
 *   return DumpBuilder.elf64().prstatus(4711, 11).load(0x1000, 0x3000);
 * }
 * }</pre>
 *
 * <p>A static field's dump is open for all tests of the class, an instance field's and a
 * parameter's for one. It needs JUnit 5.13 or newer.
 */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(VmcoreFileExtension.class)
public @interface VmcoreFile {
  /**
   * The file: a resource, as {@link Class#getResource} finds it from the test class, else a path.
   */
  String value() default "";

  /**
   * The method that makes the dump, in place of a file: {@code crashed} of the test class, or
   * {@code org.example.Dumps#crashed}. It takes no arguments; where there is no instance of its
   * class it must be static. It gives a {@link DumpBuilder}, a {@link KdumpBuilder} or {@code
   * byte[]}, which are written to a temporary file; a {@link java.nio.file.Path} of any file
   * system; or a {@link org.vmcore.Vmcore} that is already open.
   */
  String builder() default "";

  /** What stands around fractional pages. */
  Padding padding() default Padding.ZERO;
}
