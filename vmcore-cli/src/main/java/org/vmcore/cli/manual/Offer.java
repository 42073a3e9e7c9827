package org.vmcore.cli.manual;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.PathConverter;
import picocli.CommandLine.Model.ArgSpec;

/** What may be put in the place of a value. */
sealed interface Offer {
  /** One of these words. */
  record Words(List<String> words) implements Offer {}

  /** A name that vmcore is asked for. */
  record Named(Names names) implements Offer {}

  /** A file. */
  record Files() implements Offer {}

  /** A folder. */
  record Folders() implements Offer {}

  /** A number, or whatever nobody can guess. */
  record Nothing() implements Offer {}

  /** What {@code arg} takes. */
  static Offer of(ArgSpec arg) {
    Iterable<String> candidates = arg.completionCandidates();
    if (candidates instanceof Names names) {
      return new Named(names);
    }
    if (arg.converters().length > 0 && arg.converters()[0] instanceof PathConverter) {
      return arg.paramLabel().equals("DIR") ? new Folders() : new Files();
    }
    List<String> words = new ArrayList<>();
    if (candidates != null) {
      candidates.forEach(words::add);
    }
    return words.isEmpty() ? new Nothing() : new Words(words);
  }
}
