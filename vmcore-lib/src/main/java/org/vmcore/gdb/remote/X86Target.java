package org.vmcore.gdb.remote;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.gdb.remote.Target.Feature;

/** x86_64 as gdb knows it (gdb's manual, i386 Features). */
final class X86Target {
  private static final String[] GENERAL = {
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15"
  };
  private static final String[] SEGMENTS = {"cs", "ss", "ds", "es", "fs", "gs"};
  private static final String[] FLOATING = {
    "fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"
  };
  private static final int STACK = 8;
  private static final int EXTENDED = 80;

  private X86Target() {}

  static Target make() {
    return new Target(
        "i386:x86-64",
        List.of(
            new Feature("org.gnu.gdb.i386.core", flags(), core()),
            new Feature(
                "org.gnu.gdb.i386.linux",
                "",
                List.of(TargetRegister.known("orig_rax", Long.SIZE, "int"))),
            new Feature(
                "org.gnu.gdb.i386.segments",
                "",
                List.of(
                    TargetRegister.known("fs_base", Long.SIZE, "int"),
                    TargetRegister.known("gs_base", Long.SIZE, "int")))));
  }

  private static List<TargetRegister> core() {
    List<TargetRegister> registers = new ArrayList<>();
    for (String name : GENERAL) {
      boolean isPointer = name.equals("rbp") || name.equals("rsp");
      registers.add(TargetRegister.known(name, Long.SIZE, isPointer ? "data_ptr" : "int64"));
    }
    registers.add(TargetRegister.known("rip", Long.SIZE, "code_ptr"));
    registers.add(TargetRegister.known("eflags", Integer.SIZE, "i386_eflags"));
    for (String name : SEGMENTS) {
      registers.add(TargetRegister.known(name, Integer.SIZE, "int32"));
    }
    for (int i = 0; i < STACK; i++) {
      registers.add(TargetRegister.unknown("st" + i, EXTENDED, "i387_ext"));
    }
    for (String name : FLOATING) {
      registers.add(TargetRegister.unknown(name, Integer.SIZE, "int"));
    }
    return registers;
  }

  private static String flags() {
    String[] names = {
      "CF", "", "PF", "", "AF", "", "ZF", "SF", "TF", "IF", "DF", "OF", "", "", "NT", "", "RF",
      "VM", "AC", "VIF", "VIP", "ID"
    };
    StringBuilder xml = new StringBuilder("<flags id=\"i386_eflags\" size=\"4\">\n");
    for (int bit = 0; bit < names.length; bit++) {
      xml.append("<field name=\"").append(names[bit]).append("\" start=\"").append(bit);
      xml.append("\" end=\"").append(bit).append("\"/>\n");
    }
    return xml.append("</flags>\n").toString();
  }
}
