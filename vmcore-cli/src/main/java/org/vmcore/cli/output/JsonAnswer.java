package org.vmcore.cli.output;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document that a command owes to whoever asked for one: when the command fails, it tells
 * that, in what was begun or in a document of its own.
 */
final class JsonAnswer {
  private final TextOut out;
  private final boolean pretty;
  private final String command;
  private final boolean isOneOfSeveral;
  private @Nullable String dump;
  private @Nullable Json begun;
  private @Nullable Failure failure;

  JsonAnswer(TextOut out, boolean pretty, String command, boolean isOneOfSeveral) {
    this.isOneOfSeveral = isOneOfSeveral;
    this.out = out;
    this.pretty = pretty;
    this.command = command;
  }

  /** It is about {@code name}. */
  void about(String name) {
    dump = name;
  }

  /** The command's own document has begun. */
  void begin(Json document) {
    begun = document;
    if (isOneOfSeveral && dump != null) {
      document.file(dump);
    }
  }

  void fail(Failure why) {
    failure = why;
  }

  /** Writes what is still owed. */
  void finish() {
    if (failure != null) {
      if (begun == null) {
        begin(document());
      }
      Objects.requireNonNull(begun).fail(failure);
    }
  }

  private Json document() {
    return dump == null
        ? Json.document(out, pretty, command)
        : Json.document(out, pretty, command, dump);
  }
}
