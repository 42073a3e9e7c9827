package org.vmcore.kernel.types;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The types of a kernel and its modules. Each method throws a {@link VmcoreException} when the dump
 * is closed or its file fails, or the table of types is damaged where it is asked for.
 *
 * {@snippet :
 * Types types = Kernel.of(vmcore).types();
 * Type task = types.find("task_struct").orElseThrow();
 * long pid = types.field("task_struct", "pid").orElseThrow().offset();
 * }
 */
public interface Types {
  /** Where types are from. */
  enum Origin {
    /** BTF in the kernel's memory. */
    MEMORY,
    /** BTF in a file. */
    FILE,
    /** Single members that VMCOREINFO tells of. */
    VMCOREINFO
  }

  Origin origin() throws VmcoreException;

  /**
   * The type of this name: {@code task_struct}, {@code struct task_struct}, {@code enum pid_type},
   * {@code pid_t}, {@code unsigned int}. The kernel's own, else the first module's that has it.
   * Where several kinds have the name, structures come first, and what is only declared last.
   */
  Optional<Type> find(String name) throws VmcoreException;

  /** The type of this name that the module {@code module} has itself. */
  default Optional<Type> find(String name, String module) throws VmcoreException {
    return Optional.empty();
  }

  /** The modules of which there are types. */
  default List<String> modules() throws VmcoreException {
    return List.of();
  }

  /** Names of types that are much like {@code name}, the likest first. */
  default List<String> near(String name) throws VmcoreException {
    return List.of();
  }

  /**
   * The names of the kernel's own types that begin with {@code start}, sorted; those of modules
   * aren't looked at.
   */
  default List<String> beginningWith(String start) throws VmcoreException {
    return List.of();
  }

  /** The type of the kernel's function of this name. */
  Optional<FunctionType> function(String name) throws VmcoreException;

  /** The value of the kernel's enumerator of this name. */
  OptionalLong enumerator(String name) throws VmcoreException;

  /** The kernel's per-CPU variables, in the order of their places. */
  List<Variable> perCpu() throws VmcoreException;

  /** What of types couldn't be had so far: which are missing, and why. */
  List<Finding> gaps() throws VmcoreException;

  /** The structure or union of this name. */
  default Optional<StructType> struct(String name) throws VmcoreException {
    Optional<Type> found = find(name);
    return found.isPresent() && found.get().plain() instanceof StructType struct
        ? Optional.of(struct)
        : Optional.empty();
  }

  /**
   * Where a member lies in a structure: {@code field("task_struct", "thread.sp")}. Members of
   * anonymous structures count as the structure's own; pointers aren't followed.
   */
  default Optional<Field> field(String struct, String path) throws VmcoreException {
    Optional<StructType> found = struct(struct);
    return found.isPresent() ? found.get().field(path) : Optional.empty();
  }
}
