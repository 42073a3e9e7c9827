package org.vmcore.kernel.symbols;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;

/**
 * Where kallsyms' tables are: kernel virtual addresses of {@code kallsyms_names} and so on.
 *
 * @param addresses of {@code kallsyms_addresses} or {@code kallsyms_offsets}
 * @param isAbsolute whether it is the former
 * @param relativeBase of {@code kallsyms_relative_base}, when there is one
 */
record KallsymsTables(
    long numSyms,
    long names,
    long tokenTable,
    long tokenIndex,
    long addresses,
    boolean isAbsolute,
    OptionalLong relativeBase) {
  /** Where VMCOREINFO has them, as kernels since 6.0 tell; empty when it doesn't. */
  static Optional<KallsymsTables> of(VmcoreInfo info) {
    OptionalLong offsets = info.symbol("kallsyms_offsets");
    OptionalLong addresses = offsets.isPresent() ? offsets : info.symbol("kallsyms_addresses");
    OptionalLong numSyms = info.symbol("kallsyms_num_syms");
    OptionalLong names = info.symbol("kallsyms_names");
    OptionalLong table = info.symbol("kallsyms_token_table");
    OptionalLong index = info.symbol("kallsyms_token_index");
    boolean isComplete =
        addresses.isPresent()
            && numSyms.isPresent()
            && names.isPresent()
            && table.isPresent()
            && index.isPresent();
    return isComplete
        ? Optional.of(
            new KallsymsTables(
                numSyms.getAsLong(),
                names.getAsLong(),
                table.getAsLong(),
                index.getAsLong(),
                addresses.getAsLong(),
                offsets.isEmpty(),
                info.symbol("kallsyms_relative_base")))
        : Optional.empty();
  }

  /** With {@code kallsyms_offsets} there. */
  KallsymsTables withOffsets(long offsets, OptionalLong base) {
    return new KallsymsTables(numSyms, names, tokenTable, tokenIndex, offsets, false, base);
  }

  /** With {@code kallsyms_addresses} there. */
  KallsymsTables withAddresses(long at) {
    return new KallsymsTables(
        numSyms, names, tokenTable, tokenIndex, at, true, OptionalLong.empty());
  }
}
