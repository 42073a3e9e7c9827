package org.vmcore.cli.walk;

import org.vmcore.cli.option.UsageException;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a head lies: {@code maple_tree}, or in something else, {@code pid_namespace.idr}.
 *
 * @param type what lies at the place
 * @param path the member of it that is the head; empty when it is the head itself
 */
record HeadPath(String type, String path) {
  /** The head in what lies at {@code address}; a pointer leads to it. */
  KernelObject at(KernelObjects objects, long address) throws VmcoreException {
    KernelObject object = objects.at(address, type);
    try {
      KernelObject head = path.isEmpty() ? object : object.get(path);
      return head.type().plain() instanceof PointerType ? head.target() : head;
    } catch (IllegalArgumentException e) {
      throw new UsageException("Invalid value for --head: " + e.getMessage());
    }
  }

  /** Parses {@code TYPE[.MEMBER]}. */
  static final class Converter implements ITypeConverter<HeadPath> {
    @Override
    public HeadPath convert(String value) {
      int dot = value.indexOf('.');
      int bracket = value.indexOf('[');
      int end = dot < 0 || (bracket >= 0 && bracket < dot) ? bracket : dot;
      String type = (end < 0 ? value : value.substring(0, end)).strip();
      if (type.isEmpty()) {
        throw new TypeConversionException("'" + value + "' has no type: TYPE or TYPE.MEMBER");
      }
      String path = end < 0 ? "" : value.substring(end == dot ? end + 1 : end);
      return new HeadPath(type, path);
    }
  }
}
