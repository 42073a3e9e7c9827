package org.vmcore.kernel.unwind;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.arch.frames.Exceptions.Embedded;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.arch.frames.Place;

/** The layout of a kernel whose types tell nothing. */
final class UsualLayout {
  private UsualLayout() {}

  static ChainLayout of(FrameChain chain, long signature, Set<Long> handlers, Set<Long> ends) {
    return new ChainLayout(
        chain.links().next().usual(),
        chain.links().returnAddress().usual(),
        chain.links().leafNext().usual(),
        chain.ptRegsStart().usual(),
        chain.ptRegsStart().usual() + 8L * chain.ptRegs().size(),
        usual(chain.exceptions().behindLast()),
        usual(chain.exceptions().embedded().map(Embedded::at)),
        signature,
        handlers,
        ends);
  }

  private static OptionalLong usual(Optional<Place> place) {
    return place.isPresent() ? OptionalLong.of(place.get().usual()) : OptionalLong.empty();
  }
}
