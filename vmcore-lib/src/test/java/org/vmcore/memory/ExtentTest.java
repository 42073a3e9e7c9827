package org.vmcore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Ranges of unsigned addresses. */
class ExtentTest {
  private static final Extent MIDDLE = new Extent(0x1000, 0x2000, PageState.LOST);
  private static final Extent TOP = new Extent(-0x1000, 0x1000, PageState.PRESENT);

  @Test
  void containsItsBytesAndNoOther() {
    assertThat(MIDDLE.contains(0x1000)).isTrue();
    assertThat(MIDDLE.contains(0x2fff)).isTrue();
    assertThat(MIDDLE.contains(0xfff)).isFalse();
    assertThat(MIDDLE.contains(0x3000)).isFalse();
    assertThat(MIDDLE.contains(-1)).isFalse();
  }

  @Test
  void mayEndWithTheAddressSpace() {
    assertThat(TOP.contains(-1)).isTrue();
    assertThat(TOP.contains(0)).isFalse();
    assertThat(TOP.end()).isZero();
    assertThat(TOP.sizeFrom(-1)).isEqualTo(1);
  }

  @Test
  void knowsWhatIsLeft() {
    assertThat(MIDDLE.end()).isEqualTo(0x3000);
    assertThat(MIDDLE.sizeFrom(0x1800)).isEqualTo(0x1800);
  }

  @Test
  void isClipped() {
    assertThat(MIDDLE.clip(0, 0x2000)).isEqualTo(new Extent(0x1000, 0x1000, PageState.LOST));
    assertThat(MIDDLE.clip(0x1800, 0x100)).isEqualTo(new Extent(0x1800, 0x100, PageState.LOST));
    assertThat(MIDDLE.clip(0x2000, 0x9000)).isEqualTo(new Extent(0x2000, 0x1000, PageState.LOST));
    assertThat(MIDDLE.clip(0, 0x9000)).isSameAs(MIDDLE);
    assertThat(TOP.clip(-0x10, 0x10)).isEqualTo(new Extent(-0x10, 0x10, PageState.PRESENT));
  }

  @Test
  void statesHaveLabels() {
    assertThat(PageState.values())
        .extracting(PageState::label)
        .containsExactly("present", "excluded", "lost", "not_ram");
  }
}
