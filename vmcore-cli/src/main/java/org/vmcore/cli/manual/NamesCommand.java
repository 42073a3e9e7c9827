package org.vmcore.cli.manual;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Search;
import org.vmcore.open.Spill;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code vmcore names}, which completion calls: names of a dump that begin in a way, one a line. It
 * is silent, whatever goes wrong; it reads no pipe, unpacks nothing and searches no memory. Of too
 * many names it prints none: they would be no help. Nor does it print names that no compiler gives:
 * a shell might run what is in them.
 */
public final class NamesCommand implements Subcommand {
  private static final int MOST = 10_000;
  private static final Pattern PLAIN = Pattern.compile("[\\w.$ ]+");

  private final PositionalParamSpec kind = positional("0", "KIND");
  private final PositionalParamSpec dump = positional("1", "DUMP");
  private final PositionalParamSpec start = positional("2", "START");

  private static PositionalParamSpec positional(String index, String label) {
    return PositionalParamSpec.builder()
        .index(index)
        .arity("1")
        .required(true)
        .type(String.class)
        .paramLabel(label)
        .build();
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(this, "names", "Print names, for completion.", "symbols or types.");
    spec.addPositional(kind).addPositional(dump).addPositional(start);
    spec.usageMessage().hidden(true);
    return Subcommand.finished(spec, "  vmcore names symbols vmcore sysrq_");
  }

  @Override
  public int run(Console console) {
    Path file = file();
    if (!isHere(file) || !Files.isRegularFile(file)) {
      return ExitStatus.OK;
    }
    OpenOptions options =
        OpenOptions.builder()
            .search(new Search(0, Search.DEFAULT.listener()))
            .spill(new Spill(Spill.DEFAULT.directory(), 0, Spill.DEFAULT.listener()))
            .build();
    try (Vmcore vmcore = Vmcore.open(file, options)) {
      Collection<String> names = names(vmcore, start.getValue());
      if (names.size() <= MOST) {
        names.stream()
            .filter(name -> PLAIN.matcher(name).matches())
            .forEach(name -> console.out().line(name));
      }
    } catch (VmcoreException e) {
      // whoever completes a word can't be told
    }
    return ExitStatus.OK;
  }

  /** Nobody is asked over a network for a completion. */
  private static boolean isHere(Path file) {
    return file.getFileSystem().equals(FileSystems.getDefault());
  }

  private Path file() {
    try {
      return new PathConverter().convert(dump.getValue());
    } catch (TypeConversionException e) {
      return Path.of(""); // no file
    }
  }

  private Collection<String> names(Vmcore vmcore, String start) throws VmcoreException {
    Kernel kernel = Kernel.of(vmcore);
    String wanted = kind.getValue();
    if (wanted.equals(Names.TYPES.toString())) {
      return kernel.types().beginningWith(start);
    }
    boolean isPlain = wanted.equals(Names.SYMBOLS.toString()) && !start.matches(".*[*?\\[\\\\].*");
    Set<String> names = new TreeSet<>();
    for (Symbol symbol : isPlain ? kernel.symbols().find(start + "*") : List.<Symbol>of()) {
      names.add(symbol.name());
    }
    return names;
  }
}
