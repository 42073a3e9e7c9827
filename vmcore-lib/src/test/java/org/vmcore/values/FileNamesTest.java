package org.vmcore.values;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {
  @ParameterizedTest
  @CsvSource({
    "text, text",
    "'é x', __x",
    "../../etc/passwd, _.._etc_passwd",
    "-rf, rf",
    "'a/b\\c', a_b_c",
    "'..', ''",
    "'', ''",
    "😀, _",
    ".text.init+0x10, text.init+0x10"
  })
  void nothingLeadsElsewhereOrReachesATerminal(String name, String safe) {
    assertThat(FileNames.safe(name)).isEqualTo(safe);
    assertThat(FileNames.safe("\u001b[31m" + name))
        .isEqualTo("__31m" + FileNames.safe("x" + name).substring(1));
  }

  @ParameterizedTest
  @CsvSource({"64, 64", "65, 64", "100000, 64"})
  void noneIsLongerThanAFileSystemTakes(int length, int safe) {
    assertThat(FileNames.safe("n".repeat(length))).hasSize(safe);
  }
}
