package org.vmcore.kernel.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.kernel.oops.CrashReport;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.memory.VmcoreException;

/** Where it crashed: what the log names, with its address; else what the stack says. */
final class CrashPlaces {
  private final Symbols symbols;
  private final CrashReport report;

  CrashPlaces(Evidence evidence, CrashReport report) {
    this.symbols = evidence.objects().symbols();
    this.report = report;
  }

  Optional<CrashFrame> place(Optional<CrashStack> stack) throws VmcoreException {
    Optional<CodePlace> named = named();
    if (stack.isPresent() && !stack.get().isOfLog()) {
      Optional<CrashFrame> found = onStack(stack.get(), named);
      if (found.isPresent()) {
        return found;
      }
    }
    return named.isEmpty() ? Optional.empty() : Optional.of(ofLog(named.get()));
  }

  /** What the log names; of a trace, the first of its callers that counts. */
  private Optional<CodePlace> named() throws VmcoreException {
    Optional<CodePlace> named = report.place();
    List<CodePlace> trace = report.panicFrames();
    int at = named.isEmpty() ? -1 : trace.indexOf(named.get());
    if (at <= 0) {
      return named;
    }
    for (CodePlace caller : callers(trace).subList(at, trace.size())) {
      if (!caller.isOfDying()) {
        return Optional.of(caller);
      }
    }
    return named;
  }

  /** The frame that the log names or, where it names none, the first that counts. */
  private static Optional<CrashFrame> onStack(CrashStack stack, Optional<CodePlace> named) {
    for (CrashFrame frame : stack.frames()) {
      Optional<CodePlace> place = frame.place();
      boolean counts = place.isEmpty() || !place.get().isOfDying();
      boolean isNamed =
          named.isPresent()
              && place.isPresent()
              && place.get().symbol().equals(named.get().symbol())
              && place.get().offset() == named.get().offset();
      if (isNamed || (named.isEmpty() && counts)) {
        return Optional.of(frame);
      }
    }
    return Optional.empty();
  }

  /**
   * A trace of the log, the innermost first, with the functions that called: on riscv64 and arm the
   * kernel names what lies at the address that is returned to.
   */
  List<CodePlace> callers(List<CodePlace> trace) throws VmcoreException {
    List<CodePlace> callers = new ArrayList<>(trace.size());
    for (CodePlace named : trace) {
      boolean isReturn = !callers.isEmpty() && named.offset() == 0;
      callers.add(isReturn ? ofLog(named).place().orElse(named) : named);
    }
    return callers;
  }

  private CrashFrame ofLog(CodePlace named) throws VmcoreException {
    OptionalLong address = address(named);
    if (address.isEmpty() || named.offset() != 0) {
      return new CrashFrame(address, Optional.of(named), true);
    }
    // A call that never returns is the last of its function: what it returns to is another's start.
    Optional<Symbol> caller = symbols.nearest(address.getAsLong() - 1);
    return caller.isEmpty()
        ? new CrashFrame(address, Optional.of(named), true)
        : new CrashFrame(address, Optional.of(in(caller.get(), address.getAsLong())), true);
  }

  private static CodePlace in(Symbol symbol, long address) {
    long behind = address - symbol.address();
    return new CodePlace(symbol.name(), behind, symbol.size().orElse(0), symbol.module());
  }

  private OptionalLong address(CodePlace place) throws VmcoreException {
    for (Symbol symbol : symbols.find(place.symbol())) {
      if (symbol.module().equals(place.module())) {
        return OptionalLong.of(symbol.address() + place.offset());
      }
    }
    return OptionalLong.empty();
  }
}
