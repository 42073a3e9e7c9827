package org.vmcore.debuginfo.dwarf;

import java.nio.ByteBuffer;
import java.util.List;
import org.vmcore.debuginfo.terms.LeftOut;
import org.vmcore.memory.Finding;

/**
 * DWARF of a kernel, and what it tells of.
 *
 * @param info {@code .debug_info}, from its position to its limit
 * @param abbrev {@code .debug_abbrev}
 * @param str {@code .debug_str}
 * @param types how many types it has
 * @param functions how many functions with an address
 * @param variables how many variables with an address
 * @param leftOut the well-known variables that have no type here, and why
 * @param gaps what of the kernel's types couldn't be had
 */
public record DebugSections(
    ByteBuffer info,
    ByteBuffer abbrev,
    ByteBuffer str,
    int types,
    int functions,
    int variables,
    List<LeftOut> leftOut,
    List<Finding> gaps) {}
