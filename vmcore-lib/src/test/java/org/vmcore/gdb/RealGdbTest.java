package org.vmcore.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.debuginfo.DebugInfo;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.gdb.core.CoreOptions;
import org.vmcore.gdb.core.KernelCore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.testing.RealDumps;

/** gdb itself, where it is installed, on a core file and a vmlinux made of real dumps. */
class RealGdbTest {
  private static final Pattern THREAD = Pattern.compile("\nThread \\d+ \\(LWP (\\d+)\\)");
  private static final Pattern FRAME = Pattern.compile("(?m)^#\\d+ +0x([0-9a-f]+) in ");

  @TempDir Path folder;

  private String gdb(Path... files) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("gdb", "-q", "-nx", "-batch"));
    for (String command :
        List.of(
            "set pagination off",
            "set width 0",
            "p init_task.comm",
            "ptype struct list_head",
            "x/4i panic",
            "thread apply all -s bt")) {
      line.addAll(List.of("-ex", command));
    }
    for (Path file : files) {
      line.add(file.toString());
    }
    Path said = folder.resolve("said");
    try {
      Process process =
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said.toFile()).start();
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } catch (IOException e) {
      Assumptions.abort("gdb isn't installed");
    }
    return Files.readString(said, StandardCharsets.ISO_8859_1);
  }

  /** The kernel's frames of each thread, by its number. */
  private static Map<Integer, List<Long>> stacks(String said) {
    Map<Integer, List<Long>> stacks = new HashMap<>();
    Matcher thread = THREAD.matcher(said);
    int id = 0;
    int start = said.length();
    while (thread.find()) {
      stacks.put(id, frames(said.substring(Math.min(start, thread.start()), thread.start())));
      id = Integer.parseInt(thread.group(1));
      start = thread.end();
    }
    stacks.put(id, frames(said.substring(start)));
    return stacks;
  }

  private static List<Long> frames(String block) {
    List<Long> frames = new ArrayList<>();
    Matcher frame = FRAME.matcher(block);
    while (frame.find()) {
      long pc = Long.parseUnsignedLong(frame.group(1), 16);
      if (pc < 0) {
        frames.add(pc);
      }
    }
    return frames;
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-61-s/vmcore.elf", "x86-61-s/mdf/kd-zlib-d31", "frac4-c/vmcore.elf"})
  @Timeout(600)
  void stacksAreThoseThatAreUnwoundHere(String form) throws Exception {
    Path core = folder.resolve("core");
    Path vmlinux = folder.resolve("vmlinux");
    try (Vmcore vmcore = Vmcore.open(RealDumps.file(form))) {
      Kernel kernel = Kernel.of(vmcore);
      DebugInfo.of(vmcore, kernel).purpose(Purpose.GDB).sync(false).write(vmlinux);
      KernelCore.of(vmcore, kernel)
          .write(core, new CoreOptions(false, List.of(), false, false, _ -> {}));

      String said = gdb(vmlinux, core);

      assertThat(said)
          .contains("swapper/0", "struct list_head *next;")
          .containsPattern("0x[0-9a-f]+ <panic\\+\\d+>:");
      Map<Integer, List<Long>> stacks = stacks(said);
      for (KernelThread thread : KernelThreads.of(kernel).all()) {
        List<Long> here =
            kernel.stack(thread.task().orElseThrow()).frames().stream()
                .map(Frame::address)
                .toList();
        assertThat(stacks.get(thread.id())).as("thread " + thread.id()).isEqualTo(here);
      }
    }
  }
}
