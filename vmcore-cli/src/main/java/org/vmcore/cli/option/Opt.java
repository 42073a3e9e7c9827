package org.vmcore.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.cli.help.Section;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option and the value it was given.
 *
 * <p>Options are told to picocli in code: reading them from annotations would take half of the
 * start-up time.
 */
public final class Opt<T> {
  private final OptionSpec spec;

  private Opt(OptionSpec spec) {
    this.spec = spec;
  }

  /** An option without a value. */
  public static Opt<Boolean> flag(String description, String... names) {
    return new Opt<>(builder(description, names).type(boolean.class).arity("0").build());
  }

  /** An option with a value; {@code label} stands for it in the help. */
  public static <T> Opt<T> of(
      Class<T> type, ITypeConverter<T> parse, String label, String description, String... names) {
    return new Opt<>(valued(type, parse, label, description, names).build());
  }

  /** An option with one of an enum's values, in lower case as their {@code toString} has them. */
  public static <E extends Enum<E>> Opt<E> choice(
      E[] values, String label, String description, String... names) {
    List<String> written = new ArrayList<>();
    for (E each : values) {
      written.add(each.toString());
    }
    // Class.getEnumConstants would start reflection by method handles.
    Choice<E> parse = new Choice<>(List.of(values));
    OptionSpec.Builder builder =
        valued(values[0].getDeclaringClass(), parse, label, description, names);
    return new Opt<>(builder.completionCandidates(written).build());
  }

  /** An option that may be given several times. */
  public static <T> Opt<List<T>> list(
      Class<T> type, ITypeConverter<T> parse, String label, String description, String... names) {
    return new Opt<>(
        valued(type, parse, label, description, names)
            .type(List.class)
            .auxiliaryTypes(type)
            .build());
  }

  private static <T> OptionSpec.Builder valued(
      Class<T> type, ITypeConverter<T> parse, String label, String description, String[] names) {
    return builder(description, names).type(type).arity("1").converters(parse).paramLabel(label);
  }

  private static OptionSpec.Builder builder(String description, String[] names) {
    return OptionSpec.builder(names).description(description);
  }

  /** This option, without which the command line is wrong. */
  public Opt<T> required() {
    return new Opt<>(spec.toBuilder().required(true).build());
  }

  /** This option in another section of the help than its command's own. */
  public Opt<T> in(Section section) {
    return new Opt<>(spec.toBuilder().userObject(section).build());
  }

  /** This option; shells offer {@code words}, or names of that kind, in the place of its value. */
  public Opt<T> offering(Iterable<String> words) {
    return new Opt<>(spec.toBuilder().completionCandidates(words).build());
  }

  /** Adds the option to {@code command}. */
  public void addTo(CommandSpec command) {
    command.addOption(spec);
  }

  /** The longest name: {@code --json}. */
  public String name() {
    return spec.longestName();
  }

  public boolean isGiven() {
    return spec.getValue() != null;
  }

  public Optional<T> value() {
    T value = spec.getValue();
    return Optional.ofNullable(value);
  }

  public T or(T other) {
    T value = spec.getValue();
    return value == null ? other : value;
  }

  /** Refuses the option where it would change nothing. */
  public void requireEffect(boolean effect, String only) {
    if (isGiven() && !effect) {
      throw new UsageException(name() + " has no effect " + only);
    }
  }
}
