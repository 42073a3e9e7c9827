package org.vmcore.gdb.remote;

/**
 * A register of a target description.
 *
 * @param name gdb's
 * @param bits its size
 * @param type gdb's name of the type
 * @param source its name in struct pt_regs; empty of one that is never known
 */
record TargetRegister(String name, int bits, String type, String source) {
  /** One that has the same name in struct pt_regs. */
  static TargetRegister known(String name, int bits, String type) {
    return new TargetRegister(name, bits, type, name);
  }

  /** One of which a dump tells nothing. */
  static TargetRegister unknown(String name, int bits, String type) {
    return new TargetRegister(name, bits, type, "");
  }

  String xml() {
    return "<reg name=\"" + name + "\" bitsize=\"" + bits + "\" type=\"" + type + "\"/>\n";
  }
}
