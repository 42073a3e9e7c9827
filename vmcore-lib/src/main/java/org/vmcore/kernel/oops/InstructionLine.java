package org.vmcore.kernel.oops;

import java.util.Optional;

/**
 * The line of a register dump that says where a CPU was: {@code RIP: 0010:f+0x1/0x2 [m]}, with
 * addresses in front of the name before 4.11, {@code pc : f+0x1/0x2}, {@code NIP […] f+0x1/0x2}.
 *
 * @param place empty where no function's name was known
 * @param isOfUser whether it ran a program, not the kernel
 */
record InstructionLine(Optional<CodePlace> place, boolean isOfUser) {
  private static final String[] KEYS = {
    "RIP: ", "pc : ", "PC is at ", "EIP: ", "EIP is at ", "NIP ", "epc : ",
  };

  static Optional<InstructionLine> parse(String line) {
    for (String key : KEYS) {
      if (line.startsWith(key)) {
        return Optional.of(at(line, Text.skipBlanks(line, key.length())));
      }
    }
    return line.startsWith("Krnl PSW : ") ? Optional.of(ofS390(line)) : Optional.empty();
  }

  private static InstructionLine at(String line, int from) {
    int at = from;
    boolean isOfUser = false;
    if (line.startsWith("00", at) && at + 5 <= line.length() && line.charAt(at + 4) == ':') {
      isOfUser = (Character.digit(line.charAt(at + 3), 16) & 3) == 3;
      at += 5;
    }
    while (at < line.length() && line.charAt(at) == '[') {
      int close = line.indexOf(']', at);
      at = close < 0 ? line.length() : Text.skipBlanks(line, close + 1);
    }
    return new InstructionLine(CodePlace.at(line, at), isOfUser);
  }

  private static InstructionLine ofS390(String line) {
    int open = line.indexOf('(');
    int close = line.indexOf(')', Math.max(open, 0));
    boolean isNamed = open >= 0 && close > open;
    return new InstructionLine(
        isNamed ? CodePlace.at(line.substring(open + 1, close), 0) : Optional.empty(), false);
  }
}
