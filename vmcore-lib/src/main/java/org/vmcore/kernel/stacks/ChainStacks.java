package org.vmcore.kernel.stacks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.arch.frames.CpuStack;
import org.vmcore.arch.frames.Exceptions.Embedded;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.arch.frames.FrameChain.Names;
import org.vmcore.arch.frames.Place;
import org.vmcore.arch.frames.SleepingTask;
import org.vmcore.elf.Register;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.ChainLayout;
import org.vmcore.kernel.unwind.ChainUnwinder;
import org.vmcore.kernel.unwind.StackRange;
import org.vmcore.kernel.unwind.Trace;
import org.vmcore.memory.VmcoreException;

/** Where stacks lie and begin on the architectures that have a {@link FrameChain}. */
final class ChainStacks implements Unwinder {
  private final StackKernel kernel;
  private final FrameChain chain;
  private final ChainUnwinder unwinder;

  private ChainStacks(StackKernel kernel, FrameChain chain, ChainUnwinder unwinder) {
    this.kernel = kernel;
    this.chain = chain;
    this.unwinder = unwinder;
  }

  static ChainStacks of(StackKernel kernel, FrameChain chain) throws VmcoreException {
    ChainUnwinder unwinder =
        new ChainUnwinder(kernel.memory(), kernel, chain, layout(kernel, chain));
    return new ChainStacks(kernel, chain, unwinder);
  }

  private static ChainLayout layout(StackKernel kernel, FrameChain chain) throws VmcoreException {
    Optional<StructType> ptRegs = kernel.objects().types().struct("pt_regs");
    long start = offset(kernel, chain.ptRegsStart());
    long words = (long) chain.ptRegs().size() * kernel.memory().wordSize();
    Optional<String> signature = chain.links().signature();
    return new ChainLayout(
        offset(kernel, chain.links().next()),
        offset(kernel, chain.links().returnAddress()),
        offset(kernel, chain.links().leafNext()),
        start,
        ptRegs.isPresent() ? ptRegs.get().size() : start + words,
        offset(kernel, chain.exceptions().behindLast()),
        offset(kernel, chain.exceptions().embedded().map(Embedded::at)),
        signature.isPresent() ? kernel.number(signature.get()).orElse(0) : 0,
        addresses(kernel, chain.exceptions().handlers()),
        addresses(kernel, chain.exceptions().ends()));
  }

  private static OptionalLong offset(StackKernel kernel, Optional<Place> place)
      throws VmcoreException {
    return place.isPresent() ? OptionalLong.of(offset(kernel, place.get())) : OptionalLong.empty();
  }

  private static long offset(StackKernel kernel, Place place) throws VmcoreException {
    Optional<Field> field =
        place.struct().isEmpty()
            ? Optional.empty()
            : kernel.objects().field(place.struct(), place.member());
    return field.isPresent() ? field.get().offset() + place.behind() : place.usual();
  }

  private static Set<Long> addresses(StackKernel kernel, List<String> names)
      throws VmcoreException {
    Set<Long> addresses = new HashSet<>();
    for (String name : names) {
      OptionalLong address = kernel.symbol(name);
      if (address.isPresent()) {
        addresses.add(address.getAsLong());
      }
    }
    return Set.copyOf(addresses);
  }

  @Override
  public Names names() {
    return chain.names();
  }

  @Override
  public List<StackRange> stacksOf(int cpu) throws VmcoreException {
    List<StackRange> stacks = new ArrayList<>();
    for (CpuStack stack : chain.stacks()) {
      OptionalLong pointer = pointer(stack, cpu);
      if (pointer.isPresent() && pointer.getAsLong() != 0) {
        stacks.add(range(stack, pointer.getAsLong()));
      }
    }
    return stacks;
  }

  private OptionalLong pointer(CpuStack stack, int cpu) throws VmcoreException {
    return switch (stack.source()) {
      case PER_CPU -> kernel.variable(stack.symbol(), cpu);
      case PER_CPU_POINTER -> kernel.pointer(stack.symbol(), cpu);
      case POINTERS -> kernel.element(kernel.symbol(stack.symbol()), cpu);
      case STRUCTURES -> member(stack, kernel.symbol(stack.symbol()), cpu);
      case STRUCTURES_POINTER ->
          member(stack, kernel.pointerAt(kernel.symbol(stack.symbol())), cpu);
    };
  }

  private OptionalLong member(CpuStack stack, OptionalLong array, int cpu) throws VmcoreException {
    return kernel.member(kernel.element(array, cpu), stack.struct(), stack.member());
  }

  private StackRange range(CpuStack stack, long pointer) throws VmcoreException {
    long size = stack.size() == 0 ? kernel.stackSize() : stack.size();
    long start =
        switch (stack.bound()) {
          case START -> pointer;
          case END -> pointer - size;
          case INSIDE -> pointer & -size;
        };
    return new StackRange(stack.name(), start, start + size);
  }

  @Override
  public void running(List<Register> registers, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    unwinder.running(registers, stacks, trace);
  }

  @Override
  public void sleeping(KernelObject task, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    try {
      long pointer = task.number(chain.sleeping().stackPointer());
      if (chain.sleeping().hasSwitchFrame()) {
        unwinder.callerOf(pointer, stacks, trace);
        return;
      }
      long pc = register(task, chain.names().pc(), pointer);
      long frame = register(task, chain.names().frame(), pointer);
      unwinder.sleeping(pc, frame, pointer, stacks, trace);
    } catch (BrokenStack e) {
      trace.breakOff(e);
    }
  }

  @Override
  public List<Register> saved(KernelObject task) throws BrokenStack, VmcoreException {
    long pointer = task.number(chain.sleeping().stackPointer());
    List<Register> saved = new ArrayList<>();
    for (SleepingTask.Word word : chain.sleeping().words()) {
      saved.add(new Register(word.register(), register(task, word.register(), pointer)));
    }
    for (SleepingTask.Member member : chain.sleeping().members()) {
      saved.add(new Register(member.register(), task.number(member.path())));
    }
    return chain.sleeping().hasSwitchFrame() ? ofCaller(pointer) : saved;
  }

  /** Those of the caller of the function that switches tasks. */
  private List<Register> ofCaller(long pointer) throws BrokenStack, VmcoreException {
    long caller = kernel.memory().word(pointer + offset(kernel, chain.links().next()));
    long pc = kernel.memory().word(caller + offset(kernel, chain.links().returnAddress()));
    return List.of(new Register(chain.names().sp(), caller), new Register(chain.names().pc(), pc));
  }

  private long register(KernelObject task, String name, long pointer)
      throws BrokenStack, VmcoreException {
    Optional<String> path = chain.sleeping().path(name);
    if (path.isPresent()) {
      return task.number(path.get());
    }
    for (SleepingTask.Word word : chain.sleeping().words()) {
      if (word.register().equals(name)) {
        return kernel.memory().word(pointer + offset(kernel, word.place()));
      }
    }
    throw BrokenStack.lacking("nothing tells " + name + " of a task that sleeps");
  }
}
