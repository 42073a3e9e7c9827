package org.vmcore.cli.help;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A group of options in help and man page. An option that nothing is said of is its command's own
 * and stands in the first one.
 *
 * @param title its heading
 * @param place sections stand in this order, those of the same place in the order of their options
 */
public record Section(String title, int place) {
  /** What a command has for itself. */
  public static final Section OWN = new Section("Options", 0);

  /** Where names and types of the kernel are from. */
  public static final Section KERNEL = new Section("Kernel", 1);

  /** How it is printed or written. */
  public static final Section OUTPUT = new Section("Output", 2);

  /** What even {@code vmcore} itself takes. */
  public static final Section GENERAL = new Section("Help and messages", 3);

  /** What is seldom needed: plain help only names this section. */
  public static final Section OPENING =
      new Section("RAM images, split dumps, pipes and compressed files", 4);

  /** That of {@code option}. */
  public static Section of(ArgSpec option) {
    return option.userObject() instanceof Section section ? section : OWN;
  }

  /** The options of {@code command} that aren't hidden, by their sections. */
  public static Map<Section, List<OptionSpec>> of(CommandSpec command) {
    Map<Section, List<OptionSpec>> found = new LinkedHashMap<>();
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        found.computeIfAbsent(of(option), section -> new ArrayList<>()).add(option);
      }
    }
    List<Section> order = new ArrayList<>(found.keySet());
    order.sort((one, other) -> Integer.compare(one.place, other.place));
    Map<Section, List<OptionSpec>> sorted = new LinkedHashMap<>();
    order.forEach(section -> sorted.put(section, found.getOrDefault(section, List.of())));
    return sorted;
  }
}
