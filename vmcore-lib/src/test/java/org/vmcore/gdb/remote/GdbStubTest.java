package org.vmcore.gdb.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.KernelDump.BASE;
import static org.vmcore.testing.StacksKernel.FAULT;
import static org.vmcore.testing.StacksKernel.SCHEDULE;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.StacksKernel;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class GdbStubTest {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());

  private final List<Vmcore> open = new ArrayList<>();
  private final Client client = new Client();
  private GdbStub stub = stub(kernel(), Optional.empty());

  private static DumpBuilder kernel() {
    StacksKernel kernel = new StacksKernel();
    long ran = kernel.tasks().process(9, "culprit");
    long pointer = kernel.sleeping(ran, SCHEDULE);
    kernel.tasks().running(0, ran);
    long slept = kernel.tasks().process(3, "<&\"\n\u00ff");
    kernel.words(kernel.sleeping(slept, SCHEDULE + 5), 15, 14, 13, 12, 3, 6);
    kernel.memory().bytes(BASE + 0x8ffc, new byte[] {'#', '$', '}', '*'});
    kernel.memory().without(BASE + 0x9000, BASE + 0xa000);
    return kernel.dump(9, FAULT + 3, pointer);
  }

  private GdbStub stub(DumpBuilder dump, Optional<ServedFile> file) {
    try {
      Vmcore vmcore = Vmcore.open(dump.writeTo(FILES.getPath("dump")));
      open.add(vmcore);
      return GdbStub.of(vmcore, Kernel.of(vmcore), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() throws IOException {
    for (Vmcore each : open) {
      each.close();
    }
  }

  private List<String> ask(String... packets) throws IOException {
    for (String packet : packets) {
      client.packet(packet);
    }
    return client.answers(stub);
  }

  @Test
  void packetsAreAcknowledgedUntilTheClientNoLongerWantsIt() throws IOException {
    assertThat(client.packet("qC").packet("QStartNoAckMode").packet("qC").all(stub))
        .isEqualTo("+$QC9#cd+$OK#9a$QC9#cd");
  }

  @Test
  void whatItCanDo() throws IOException {
    assertThat(ask("qSupported:multiprocess+;swbreak+"))
        .containsExactly(
            "PacketSize=20000;QStartNoAckMode+;qXfer:features:read+;qXfer:threads:read+"
                + ";qXfer:memory-map:read+;binary-upload+");
    assertThat(ask("vMustReplyEmpty", "", "!", "qTStatus").subList(1, 5)).containsOnly("");
  }

  @Test
  void theThreadThatCrashedHasStopped() throws IOException {
    assertThat(ask("?", "qAttached", "qOffsets", "qSymbol::"))
        .containsExactly("T05thread:9;core:0;", "1", "Text=0;Data=0;Bss=0", "OK");
  }

  @Test
  void threads() throws IOException {
    assertThat(ask("qfThreadInfo", "qsThreadInfo", "T3", "T5", "qThreadExtraInfo,9"))
        .containsExactly(
            "m9,989681,989680,3",
            "l",
            "OK",
            "E.no such thread",
            "63756c707269742028522c2072756e6e696e67206f6e20435055203029");
  }

  @Test
  void threadsAsXml() throws Exception {
    String xml = ask("qXfer:threads:read::0,4000").getFirst();

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml.substring(1))));
    assertThat(xml).startsWith("l<?xml");
    assertThat(document.getElementsByTagName("thread").getLength()).isEqualTo(4);
    assertThat(xml)
        .contains("<thread id=\"9\" core=\"0\" name=\"culprit\">R, running on CPU 0</thread>")
        .contains("name=\"&lt;&amp;&quot;\\x0a\u00c3\u00bf\"");
  }

  @Test
  void registersOfTheChosenThread() throws IOException {
    List<String> answers = ask("Hg3", "g", "p10", "p0", "Hg0", "p10", "Hg77", "p10", "pfff");

    assertThat(answers.get(1))
        .hasSize(2 * (16 * 8 + 8 + 7 * 4 + 8 * 10 + 8 * 4 + 3 * 8))
        .startsWith("x".repeat(16) + "0300000000000000");
    assertThat(answers).element(2).isEqualTo(little(SCHEDULE + 5));
    assertThat(answers.get(3)).isEqualTo("x".repeat(16));
    assertThat(answers.get(5)).isEqualTo(little(FAULT + 3));
    assertThat(answers.subList(6, 9))
        .containsExactly("E.no such thread", little(FAULT + 3), "E.no such register");
  }

  private static String little(long value) {
    return String.format("%016x", Long.reverseBytes(value));
  }

  @Test
  void theDescriptionHasARegisterForEachThatIsSent() throws Exception {
    String xml = ask("qXfer:features:read:target.xml:0,10000").getFirst();

    assertThat(xml)
        .startsWith("l<?xml")
        .contains("<architecture>i386:x86-64</architecture>")
        .contains("<reg name=\"rip\" bitsize=\"64\" type=\"code_ptr\"/>");
    assertThat(xml.split("<reg ")).hasSize(1 + 16 + 1 + 1 + 6 + 8 + 8 + 1 + 2);
    assertThat(ask("qXfer:features:read:other.xml:0,100").getLast())
        .isEqualTo("E.no such description");
  }

  @Test
  void memoryUpToWhatTheDumpHasNot() throws IOException {
    assertThat(
            ask(
                "mffffffff81008ffc,2",
                "mffffffff81008ffc,100",
                "xffffffff81008ffc,100",
                "mffffffff81009000,1",
                "xffffffff81009000,1",
                "mffffffff81009000,0",
                "m0,8"))
        .containsExactly("2324", "23247d2a", "b#$}*", "E0e", "E0e", "", "E0e");
  }

  @Test
  void aPacketHoldsNoMoreThanItMay() throws IOException {
    List<String> answers = ask("mffffffff81000000,7fffffffffffffff", "xffffffff8100a000,ffffff");

    assertThat(answers.get(0).length()).isBetween(0x8000 * 2, PacketReader.MOST);
    assertThat(answers.get(1).length()).isBetween(0x8000, PacketReader.MOST);
  }

  @Test
  void documentsComeInParts() throws IOException {
    List<String> parts = ask("qXfer:memory-map:read::0,10", "qXfer:memory-map:read::10,1000");

    assertThat(parts.get(0)).isEqualTo("m<?xml version=\"1");
    assertThat(parts.get(1)).startsWith("l.0\"?>").endsWith("</memory-map>\n");
    assertThat(ask("qXfer:memory-map:read::ffffffff,10").getLast()).isEqualTo("l");
  }

  @Test
  void nothingIsChangedAndNothingRuns() throws IOException {
    assertThat(ask("M0,1:00", "X0,0:", "G00", "P0=0", "Z0,0,1", "qXfer:threads:write::0:00"))
        .containsOnly("E.a dump can't be changed");
    assertThat(ask("c", "s", "C05", "vCont;c", "vRun;61", "bs").subList(6, 12))
        .containsOnly("E.the kernel has crashed: it doesn't run any more");
    assertThat(ask("vCont?").getLast()).isEmpty();
  }

  @Test
  void packetsThatAreNone() throws IOException {
    assertThat(ask("m", "m12", "mzz,1", "m11111111111111111,1", "H", "p", "qXfer:threads", "T-"))
        .allMatch(answer -> answer.startsWith("E.") || answer.isEmpty());
  }

  @Test
  void noise() throws IOException {
    client.raw("noise+\u0003$qC#00$never ended$").packet("qC").raw("-#zz$").packet("qC").raw("$q");

    assertThat(client.all(stub)).isEqualTo("-+$QC9#cd$QC9#cd+$QC9#cd");
  }

  @Test
  void aPacketThatIsTooLong() throws IOException {
    assertThat(client.packet("m" + "0".repeat(PacketReader.MOST)).packet("qC").all(stub))
        .isEqualTo("-+$QC9#cd");
  }

  @Test
  void whoDetachesOrKillsIsGone() throws IOException {
    assertThat(ask("D", "qC")).containsExactly("OK");
    assertThat(new Client().packet("vKill;1").packet("qC").answers(stub)).containsExactly("OK");
    assertThat(new Client().packet("k").packet("qC").all(stub)).isEqualTo("+");
  }

  @Test
  void theFileWithSymbols() throws IOException {
    Path file = Files.write(FILES.getPath("vmlinux"), new byte[] {1, '#', 3});
    try (ServedFile served = ServedFile.making("/vmlinux", () -> Files.newByteChannel(file))) {
      stub = stub(kernel(), Optional.of(served));
      List<String> answers =
          ask(
              "qXfer:exec-file:read:1:0,100",
              "vFile:setfs:0",
              "vFile:open:2f766d6c696e7578,0,0",
              "vFile:pread:3,100,1",
              "vFile:pread:3,100,ffffffffffffffff",
              "vFile:fstat:3",
              "vFile:close:3",
              "vFile:pread:3,1,0",
              "vFile:open:2f6574632f706173737764,0,0",
              "vFile:open:2f766d6c696e7578,1,0",
              "vFile:unlink:2f766d6c696e7578");

      assertThat(answers.subList(0, 5))
          .containsExactly("l/vmlinux", "F0", "F3", "F2;#\u0003", "F0;");
      assertThat(answers.get(5)).hasSize(4 + 64).startsWith("F40;");
      assertThat(answers.get(5).substring(4 + 28, 4 + 36)).isEqualTo("\0\0\0\0\0\0\0\3");
      assertThat(answers.subList(6, 11))
          .containsExactly("F0", "F-1,9", "F-1,2", "F-1,1e", "F-1,1e");
    }
  }

  @Test
  void aFileThatCannotBeMade() throws IOException {
    ServedFile served =
        ServedFile.making(
            "/vmlinux",
            () -> {
              throw VmcoreException.of("dump", "no types");
            });
    stub = stub(kernel(), Optional.of(served));

    assertThat(served.failure().orElseThrow()).hasMessage("dump: no types");
    assertThat(ask("vFile:open:2f766d6c696e7578,0,0", "vFile:fstat:3"))
        .containsExactly("F3", "F-1,5");
  }

  @Test
  void arm64() throws IOException {
    DumpBuilder dump = DumpBuilder.elf64().machine(183).prstatus(1, 0, new long[34]).load(0, 64);
    stub = stub(dump, Optional.empty());

    assertThat(ask("g").getFirst()).isEqualTo("0".repeat(2 * (33 * 8 + 4)));
    assertThat(ask("qXfer:features:read:target.xml:0,4000").getLast())
        .contains("<architecture>aarch64</architecture>", "org.gnu.gdb.aarch64.core", "\"cpsr\"");
  }

  @Test
  void aMachineThatGdbCannotBeToldOf() {
    DumpBuilder dump = DumpBuilder.elf64().machine(0x1234).prstatus(1, 0, 0).load(0, 64);

    assertThatThrownBy(() -> stub(dump, Optional.empty()))
        .hasRootCauseMessage("dump: gdb can't be told of the registers of machine-4660 yet");
  }
}
