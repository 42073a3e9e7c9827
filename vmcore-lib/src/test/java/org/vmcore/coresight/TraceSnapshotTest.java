package org.vmcore.coresight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TraceSnapshotTest {
  private static TracerConfig config(int cpu) {
    return new TracerConfig("ETM4", cpu, Map.of("TRCTRACEIDR", 0x10L + cpu));
  }

  @Test
  void aBufferOfACpuHasThatCpusTracer() {
    Map<String, String> files =
        new TraceSnapshot()
            .tracer(config(0), Optional.of("etm0"))
            .tracer(config(1), Optional.of("../etm1"))
            .buffer("a.bin", OptionalInt.of(1))
            .files();
    assertThat(files).containsOnlyKeys("snapshot.ini", "trace.ini", "cpu_0.ini", "_etm1_0.ini");
    assertThat(files.get("_etm1_0.ini"))
        .contains("class=trace_source\ntype=ETM4\n")
        .contains("TRCTRACEIDR(0x010)=0x11\n");
    assertThat(files.get("trace.ini"))
        .isEqualTo(
            """
            [trace_buffers]
            buffers=buffer0

            [buffer0]
            name=buffer0
            file=a.bin
            format=coresight

            [core_trace_sources]
            cpu_0=_etm1_0

            [source_buffers]
            _etm1_0=buffer0
            """);
  }

  @Test
  void aBufferOfNoCpuMayHaveAnyTracersData() {
    String trace =
        new TraceSnapshot()
            .tracer(config(0), Optional.empty())
            .tracer(config(1), Optional.empty())
            .buffer("a.bin", OptionalInt.of(-1))
            .buffer("b.bin", OptionalInt.empty())
            .files()
            .get("trace.ini");
    assertThat(trace).contains("etm_0=buffer0\netm_1=buffer0\netm_2=buffer1\netm_3=buffer1\n");
  }

  @Test
  void aCpuWithoutAConfigurationDoesNotGetThatOfOthers() {
    TraceSnapshot snapshot =
        new TraceSnapshot()
            .tracer(config(0), Optional.of("etm0"))
            .buffer("a.bin", OptionalInt.of(0))
            .buffer("b.bin", OptionalInt.of(1));
    assertThat(snapshot.isIncomplete()).isFalse();
    assertThat(snapshot.incomplete()).containsExactly("b.bin");
    assertThat(snapshot.files().get("trace.ini"))
        .endsWith("[source_buffers]\netm0_0=buffer0\netm_1=buffer1\n");
    assertThat(snapshot.files().get("etm_1.ini")).contains("; to fill in: these registers");
  }

  @Test
  void aTracerThatWasSavedTwiceIsOneSource() {
    TraceSnapshot snapshot =
        new TraceSnapshot()
            .tracer(config(0), Optional.of("etm0"))
            .tracer(config(0), Optional.of("etm0"))
            .buffer("a.bin", OptionalInt.of(-1));
    assertThat(snapshot.files())
        .containsOnlyKeys("snapshot.ini", "trace.ini", "cpu_0.ini", "etm0_0.ini");
  }

  @Test
  void aTracerThatIsNamedCpuIsNotItsCore() {
    Map<String, String> files =
        new TraceSnapshot()
            .tracer(config(0), Optional.of("cpu"))
            .buffer("a.bin", OptionalInt.of(0))
            .files();
    assertThat(files).containsOnlyKeys("snapshot.ini", "trace.ini", "cpu_0.ini", "etm_cpu_0.ini");
    assertThat(files.get("trace.ini")).contains("\ncpu_0=etm_cpu_0\n");
  }

  @Test
  void whatIsNotKnownIsToBeFilledIn() {
    TraceSnapshot snapshot = new TraceSnapshot().buffer("a.bin", OptionalInt.of(0));
    assertThat(snapshot.isIncomplete()).isTrue();
    assertThat(snapshot.files().get("etm_0.ini"))
        .contains("; to fill in: these registers")
        .contains(";TRCCONFIGR(0x004)=0x\n");
    assertThat(snapshot.files().get("cpu_0.ini")).startsWith("; to fill in: the core's type");
  }

  @Test
  void aPtmIsToldFromAnEtm3ByItsArchitecture() {
    assertThat(ofEtm3(0x411c_f312)).contains("type=PTM1.1\n").contains("ETMIDR=0x411cf312\n");
    assertThat(ofEtm3(0x4114_f250)).contains("type=ETM3.5\n");
  }

  private static String ofEtm3(long idr) {
    return new TraceSnapshot()
        .tracer(new TracerConfig("ETM3", 0, Map.of("ETMIDR", idr)), Optional.of("ptm"))
        .buffer("a.bin", OptionalInt.of(0))
        .files()
        .get("ptm_0.ini");
  }

  @Test
  void onlyWholeFramesAreTaken() {
    assertThat(TraceSnapshot.wholeFrames(5000)).isEqualTo(4992);
    assertThat(TraceSnapshot.wholeFrames(15)).isZero();
  }
}
