package org.vmcore.cli.several;

import java.util.Optional;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** How many dumps are looked at at a time. */
public final class JobsOption {
  private static final int MOST = 256;
  private static final int MOST_BY_DEFAULT = 16;

  /** What a dump may need of the heap, in bytes. */
  private static final long EACH = 48L << 20;

  private final Opt<Integer> jobs =
      Opt.of(
          Integer.class,
          new Parser(),
          "N",
          "Of several dumps, how many are looked at at a time (default: as many as there are"
              + " processors, if the heap has 48 MiB for each). The order of what is printed"
              + " stays.",
          "--jobs");

  public void addTo(CommandSpec spec) {
    jobs.addTo(spec);
  }

  public boolean isGiven() {
    return jobs.isGiven();
  }

  /** Refuses the option where it would change nothing. */
  public void requireEffect(boolean effect, String only) {
    jobs.requireEffect(effect, only);
  }

  /** What is given, or what suits the machine. */
  int count() {
    Optional<Integer> given = jobs.value();
    Runtime machine = Runtime.getRuntime();
    long most = Math.min(MOST_BY_DEFAULT, machine.maxMemory() / EACH);
    return given.orElseGet(
        () -> (int) Math.clamp(machine.availableProcessors(), 1, Math.max(1, most)));
  }

  private static final class Parser implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      long number = Numbers.parse(value);
      if (number < 1 || number > MOST) {
        throw new TypeConversionException("'" + value + "' is no number of jobs: 1 to " + MOST);
      }
      return (int) number;
    }
  }
}
