package org.vmcore.remoteproc.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.PageState;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.LossyMemory;
import org.vmcore.testing.MemoryContract;
import org.vmcore.testing.Reading;

class InlineCoredumpTest extends MemoryContract {
  private static final int PIECE = 0x1000;
  private static final int HEADER = 0x40;
  private static final LossyMemory MEMORY = LossyMemory.of(0x2_0000);

  private static Carveout carveout(long da, long size, long va) {
    return new Carveout(0, "", da, size, va, 0, false);
  }

  private static RemoteProcessor rproc(boolean hasOwnMapping, DumpSegment... segments) {
    return new RemoteProcessor(
        0,
        "remoteproc0",
        "dsp",
        "firmware",
        "offline",
        true,
        Optional.of("inline"),
        1,
        1,
        3,
        0,
        OptionalInt.of(2),
        OptionalInt.of(183),
        List.of(segments),
        List.of(carveout(0x1000, 0x1801, 0x4000), carveout(0x8000, 0x100, 0)),
        List.of(),
        List.of(),
        List.of(),
        hasOwnMapping);
  }

  private static InlineCoredump image(boolean hasOwnMapping, DumpSegment... segments) {
    return new InlineCoredump(MEMORY, rproc(hasOwnMapping, segments), 0x10, HEADER, PIECE);
  }

  private static DumpSegment segment(long da, long size) {
    return new DumpSegment(0, da, size, 0);
  }

  private static DumpSegment custom(long da, long size) {
    return new DumpSegment(0, da, size, 1);
  }

  private static byte[] ones(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 0xff);
    return bytes;
  }

  @Override
  protected Subject open() {
    InlineCoredump image =
        image(false, segment(0x1000, 0x1801), custom(0, 0x300), segment(0x9000, 0x20));
    return new Subject(
        image,
        List.of(
            Part.present(0, DumpBuilder.pattern(0x10, HEADER)),
            Part.present(HEADER, DumpBuilder.pattern(0x4000, 0x1801)),
            Part.missing(HEADER + 0x1801, 0x300, PageState.LOST),
            Part.present(HEADER + 0x1b01, ones(0x20))),
        () -> {});
  }

  @Test
  void eachPieceIsLookedForByItself() throws Exception {
    InlineCoredump image = image(false, segment(0x1000, 0x3000));

    byte[] read = Reading.bytes(image, HEADER, 0x3000);

    assertThat(Arrays.copyOf(read, PIECE)).isEqualTo(DumpBuilder.pattern(0x4000, PIECE));
    assertThat(Arrays.copyOfRange(read, PIECE, 0x3000)).isEqualTo(ones(0x2000));
  }

  @Test
  void piecesAreCountedFromTheHeadersEnd() throws Exception {
    InlineCoredump image = image(false, segment(0x9000, 0x800), segment(0x1800, 0x1001));

    byte[] read = Reading.bytes(image, HEADER + 0x800, 0x1001);

    assertThat(Arrays.copyOf(read, 0x800)).isEqualTo(DumpBuilder.pattern(0x4800, 0x800));
    assertThat(Arrays.copyOfRange(read, 0x800, 0x1001))
        .isEqualTo(DumpBuilder.pattern(0x5000, 0x801));
  }

  @Test
  void anEmptySegmentHasNoBytes() throws Exception {
    InlineCoredump image = image(false, segment(0x9000, 0), segment(0x1000, 4));

    assertThat(image.size()).isEqualTo(HEADER + 4);
    assertThat(Reading.bytes(image, HEADER, 8)).isEqualTo(DumpBuilder.pattern(0x4000, 4));
  }

  @Test
  void aDriverThatMapsAddressesItselfMakesTheRestUnknown() throws Exception {
    InlineCoredump image = image(true, segment(0x1000, 4), segment(0x9000, 4));

    assertThat(image.extentAt(HEADER).state()).isEqualTo(PageState.PRESENT);
    assertThat(image.extentAt(HEADER + 4).state()).isEqualTo(PageState.LOST);
    assertThat(image.gaps()).hasSize(1);
  }

  @Test
  void aCarveoutThatIsNotMappedHasNothing() throws Exception {
    InlineCoredump image = image(false, segment(0x8000, 4));

    assertThat(Reading.bytes(image, HEADER, 4)).isEqualTo(ones(4));
  }

  @Test
  void theDistanceInACarveoutIsCutTo32Bits() {
    Carveout high = carveout(0xffff_f000L, 0x1000, 0x4000);

    assertThat(high.find(0xffff_f010L, 4)).hasValue(0x4010);
    assertThat(high.find(0x1_ffff_f010L, 4)).hasValue(0x4010);
    assertThat(high.find(0xffff_effcL, 4)).isEmpty();
    assertThat(high.find(0xffff_fffdL, 4)).isEmpty();
  }
}
