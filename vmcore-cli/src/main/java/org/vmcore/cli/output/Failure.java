package org.vmcore.cli.output;

import java.util.OptionalLong;

/**
 * Why a command gave up, as the last field of its JSON document.
 *
 * @param message the line on stderr, without the program's name
 * @param offset where in the file that the line names
 */
record Failure(String message, OptionalLong offset) {
  private static final Fields FIELDS = new Fields();
  private static final Field MESSAGE =
      FIELDS.text("message", "What stderr says, without vmcore: in front.");
  private static final Field OFFSET =
      FIELDS.offset("offset", "Where, in the file that the message names.").optional();

  private static final Field ERROR = addTo(new Fields());

  /** Declares it in a document, and gives the field. */
  static Field addTo(Fields document) {
    return document
        .object("error", FIELDS, "Why the command failed; what it couldn't tell is left out.")
        .optional();
  }

  /** Puts it into {@code json}, which is about to end. */
  void put(Json json) {
    json.object(ERROR).put(MESSAGE, message);
    if (offset.isPresent()) {
      json.put(OFFSET, offset.getAsLong());
    }
    json.end();
  }
}
