/**
 * Files of modules: what crash's {@code mod -S} and drgn take for a module's own debug file.
 *
 * <p>Start with {@link org.vmcore.debuginfo.modules.ModuleFiles}.
 */
@NullMarked
package org.vmcore.debuginfo.modules;

import org.jspecify.annotations.NullMarked;
