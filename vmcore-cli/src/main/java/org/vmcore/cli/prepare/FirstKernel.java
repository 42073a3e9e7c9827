package org.vmcore.cli.prepare;

import java.nio.ByteOrder;
import java.util.Optional;
import org.vmcore.arch.DirectMap;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.AddressRange;
import org.vmcore.prepare.CrashPreparation.KernelText;

/**
 * What is known of the kernel that crash headers are prepared for.
 *
 * @param architecture its own
 * @param order its byte order
 * @param info what it tells of itself; nothing when its VMCOREINFO isn't at hand
 * @param note where VMCOREINFO's note is
 * @param directMap where RAM is mapped
 * @param text where its image is
 */
record FirstKernel(
    PreparedArchitecture architecture,
    ByteOrder order,
    VmcoreInfo info,
    Optional<AddressRange> note,
    DirectMap directMap,
    Optional<KernelText> text) {}
