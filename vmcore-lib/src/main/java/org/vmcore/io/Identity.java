package org.vmcore.io;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which file a source's bytes come from.
 *
 * @param path where they are
 * @param fileKey what tells the file from any other, when its bytes are the source's as they are
 * @param name what errors call it: the file's name as it was given
 * @param envelopes what the bytes were wrapped in, from the outside in
 */
public record Identity(Path path, Optional<Object> fileKey, String name, List<String> envelopes) {
  /** A file as it is. */
  public static Identity of(Path path, Optional<Object> fileKey) {
    return new Identity(path, fileKey, path.toString(), List.of());
  }

  /** The bytes that are found in this one's, out of one more {@code envelope}. */
  public Identity out(String envelope) {
    List<String> all = Stream.concat(envelopes.stream(), Stream.of(envelope)).toList();
    return new Identity(path, Optional.empty(), name, all);
  }

  /** The same bytes, held by another file as they are. */
  public Identity at(Path other, Optional<Object> key) {
    return new Identity(other, key, name, envelopes);
  }
}
