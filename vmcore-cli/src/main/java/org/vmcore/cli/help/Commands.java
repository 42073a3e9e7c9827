package org.vmcore.cli.help;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names of commands: in groups as help has them, and those by which crash calls them. */
public final class Commands {
  private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("First minute", List.of("info", "crash", "log", "verify"));
    GROUPS.put("Kernel", List.of("symbol", "type", "translate", "list", "ps", "bt", "modules"));
    GROUPS.put("Memory", List.of("read", "search", "map", "extract", "pages"));
    GROUPS.put("What the dump is made of", List.of("segments", "chunks", "notes", "vmcoreinfo"));
    GROUPS.put("Devices", List.of("remoteproc", "coresight", "devcoredump"));
    GROUPS.put("Debuggers", List.of("debuginfo", "gdb", "core"));
    GROUPS.put("Making dumps", List.of("convert", "build", "prepare"));
  }

  private static final String REST = "More";

  private Commands() {}

  /** {@code names} in groups; those of no group are in the last one. */
  static Map<String, List<String>> grouped(Collection<String> names) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    List<String> rest = new ArrayList<>(names);
    GROUPS.forEach(
        (title, group) -> {
          List<String> there = group.stream().filter(names::contains).toList();
          rest.removeAll(there);
          if (!there.isEmpty()) {
            found.put(title, there);
          }
        });
    if (!rest.isEmpty()) {
      found.put(REST, rest);
    }
    return found;
  }

  /** The name of the command that crash calls {@code name}; any other name is what it was. */
  public static String named(String name) {
    return switch (name) {
      case "vtop" -> "translate";
      case "sym" -> "symbol";
      case "rd" -> "read";
      case "mod" -> "modules";
      case "struct", "union", "whatis" -> "type";
      default -> name;
    };
  }
}
