package org.vmcore.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.VmcoreException;

/** Several files as one. */
class JoinedSourceTest {
  private static final int SIZE = 0x1800;

  @TempDir Path folder;
  private ByteSource first;
  private ByteSource second;
  private ByteSource joined;

  @BeforeEach
  void join() throws Exception {
    first = ByteSource.open(Files.write(folder.resolve("a"), pattern(0, SIZE)));
    second = ByteSource.open(Files.write(folder.resolve("b"), pattern(SIZE, SIZE)));
    joined = JoinedSource.of(first, List.of(second));
  }

  @Test
  void oneFileStaysAsItIs() throws Exception {
    assertThat(JoinedSource.of(first, List.of())).isSameAs(first);
  }

  @Test
  void eachFileIsReadUpToItsEnd() throws Exception {
    long at = joined.position(1, 0x10);

    assertThat(ByteSourceContract.read(joined, 0x10, 16)).isEqualTo(pattern(0x10, 16));
    assertThat(ByteSourceContract.read(joined, at, 16)).isEqualTo(pattern(SIZE + 0x10, 16));
    assertThat(ByteSourceContract.read(joined, SIZE - 8, 16)).isEqualTo(pattern(SIZE - 8, 8));
    assertThat(ByteSourceContract.read(joined, SIZE, 16)).isEmpty();
    assertThat(ByteSourceContract.read(joined, joined.size(), 16)).isEmpty();
    assertThat(ByteSourceContract.read(joined, -1, 16)).isEmpty();
  }

  @Test
  void whatIsBehindAFilesEndIsLost() throws Exception {
    long second = joined.position(1, 0);

    assertThat(joined.spanAt(5)).isEqualTo(new ByteSource.Span(0, SIZE, true));
    assertThat(joined.spanAt(SIZE)).isEqualTo(new ByteSource.Span(SIZE, second, false));
    assertThat(joined.spanAt(second + 5))
        .isEqualTo(new ByteSource.Span(second, second + SIZE, true));
    assertThat(joined.spanAt(second + SIZE).isThere()).isFalse();
    assertThat(joined.lost(SIZE - 0x100, 0x300)).isEqualTo(0x200);
    assertThat(joined.lossAt(SIZE).orElseThrow().message())
        .isEqualTo(folder.resolve("a") + ": the file ends here");
    assertThat(joined.lossAt(second)).isEmpty();
  }

  @Test
  void bytesAreSharedWithTheirOwnFile() throws Exception {
    assertThat(joined.slice(joined.position(1, 0x20), 7)).isEqualTo(new FileSlice(second, 0x20, 7));
  }

  @Test
  void thereAreNoOtherFiles() {
    assertThat(joined.name()).isEqualTo(first.name() + ", " + second.name());
    assertThatThrownBy(() -> joined.position(2, 0))
        .isInstanceOf(VmcoreException.class)
        .hasMessage(joined.name() + ": there is no file 2 of it, counted from 0");
  }

  @Test
  void allAreClosedWithIt() {
    joined.close();

    assertThatThrownBy(() -> ByteSourceContract.read(second, 0, 1)).hasMessageContaining("closed");
  }
}
