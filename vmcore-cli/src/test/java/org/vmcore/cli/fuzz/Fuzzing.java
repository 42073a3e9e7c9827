package org.vmcore.cli.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.vmcore.values.Printable;
import picocli.CommandLine;

/**
 * Bends seeds, runs command lines on them, and collects what is wrong.
 *
 * <p>A case is made of the plan's seed and its own number alone, so that it can be made again.
 */
public final class Fuzzing {
  private static final int MOST_OUTPUT = 64 << 20;
  private static final long HANGS_SECONDS = 90;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  /** Runs one command line, as {@code Main.run} does. */
  public interface Program {
    /** Gives the exit status. */
    int run(OutputStream out, PrintStream err, String... line);
  }

  private final Program program;
  private final CommandLine root;
  private final Outcome.JsonCheck json;
  private final List<Seed> seeds;
  private final Path folder;
  private final Path findings;
  private final FuzzPlan plan = FuzzPlan.ofProperties();
  private final Map<String, String> found = new LinkedHashMap<>();
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private long count;

  /**
   * @param json a strict check of JSON, that throws an unchecked exception
   * @param folder an empty one
   * @param findings the folder where the files of cases that failed are kept
   */
  public Fuzzing(
      Program program,
      CommandLine root,
      Consumer<String> json,
      List<Seed> seeds,
      Path folder,
      Path findings) {
    this.program = program;
    this.root = root;
    this.json = json::accept;
    this.seeds = List.copyOf(seeds);
    this.folder = folder;
    this.findings = findings;
  }

  /** Runs all cases of the plan; gives what was found, each finding once. */
  public List<String> run() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(plan.seconds());
    String temporary = System.getProperty("java.io.tmpdir");
    System.setProperty("java.io.tmpdir", folder.resolve("tmp").toString());
    ExecutorService thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    try {
      for (long i = 0; i < plan.most() && end - System.nanoTime() > 0; i++) {
        one(plan.first() + i, thread);
      }
    } finally {
      thread.shutdownNow();
      System.setProperty("java.io.tmpdir", temporary);
    }
    System.out.println(
        "command fuzz: -Dfuzz.seed="
            + plan.seed()
            + ", "
            + count
            + " cases, exit statuses "
            + statuses
            + ", "
            + found.size()
            + " findings");
    return List.copyOf(found.values());
  }

  private void one(long number, ExecutorService thread) throws IOException, InterruptedException {
    Random random = new Random((plan.seed() * SPREAD) ^ (number * SPREAD * SPREAD));
    Seed seed = seeds.get(random.nextInt(seeds.size()));
    clear(folder);
    Files.createDirectories(folder.resolve("out"));
    Files.createDirectories(folder.resolve("tmp"));
    Map<Path, byte[]> files = new LinkedHashMap<>();
    Mutator mutator = new Mutator(random);
    for (SeedFile file : seed.files()) {
      boolean isBent = seed.files().size() == 1 || random.nextInt(3) > 0;
      byte[] bytes = isBent ? mutator.bend(file) : file.packing().apply(file.bytes().clone());
      files.put(Files.write(folder.resolve(file.name()), bytes), bytes);
    }
    List<String> line = new CommandLines(root, random, folder).line(seed);
    count++;
    Outcome outcome = outcome(line, files, thread);
    statuses.merge(outcome.status(), 1, Integer::sum);
    for (String finding : outcome.findings(json)) {
      keep(number, seed, line, finding, files);
    }
  }

  private Outcome outcome(List<String> line, Map<Path, byte[]> files, ExecutorService thread)
      throws IOException, InterruptedException {
    Sink out = new Sink();
    Sink err = new Sink();
    long[] cpu = new long[1];
    Future<Integer> run =
        thread.submit(
            () -> {
              long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
              PrintStream stderr = new PrintStream(err, true, StandardCharsets.UTF_8);
              int status = program.run(out, stderr, line.toArray(String[]::new));
              cpu[0] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
              return status;
            });
    int status;
    try {
      status = run.get(HANGS_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      run.cancel(true);
      throw new IllegalStateException("it hangs: " + line + "\n" + where(), e);
    } catch (ExecutionException e) {
      e.getCause().printStackTrace(new PrintStream(err, true, StandardCharsets.UTF_8));
      status = -1;
    }
    Duration took = Duration.ofNanos(cpu[0]);
    return new Outcome(line, status, out.bytes(), err.bytes(), took, litter(files));
  }

  private static String where() {
    StringBuilder all = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach((thread, stack) -> all.append(thread).append(Arrays.toString(stack)).append('\n'));
    return all.toString();
  }

  /** What stands there that shouldn't, and inputs that aren't what they were. */
  private List<String> litter(Map<Path, byte[]> files) throws IOException {
    List<String> litter = new ArrayList<>();
    for (Map.Entry<Path, byte[]> each : files.entrySet()) {
      boolean isThere = Files.isRegularFile(each.getKey());
      if (!isThere || !Arrays.equals(Files.readAllBytes(each.getKey()), each.getValue())) {
        litter.add("input " + each.getKey().getFileName() + " is another now");
      }
    }
    Path out = folder.resolve("out");
    try (var all = Files.walk(folder)) {
      all.filter(each -> !files.containsKey(each) && Files.isRegularFile(each))
          .filter(each -> !each.startsWith(out) || each.getFileName().toString().startsWith("."))
          .forEach(each -> litter.add("a file is left, " + folder.relativize(each)));
    }
    return litter;
  }

  private void keep(
      long number, Seed seed, List<String> line, String finding, Map<Path, byte[]> files)
      throws IOException {
    String same = finding.replaceAll("[0-9a-f]*\\d[0-9a-f]*", "N");
    if (found.containsKey(same)) {
      return;
    }
    String what =
        "-Dfuzz.seed="
            + plan.seed()
            + " -Dfuzz.case="
            + number
            + " ("
            + seed.name()
            + "): "
            + Printable.text(finding)
            + "\n    "
            + Printable.text(String.join(" ", line));
    found.put(same, what);
    System.out.println("command fuzz: " + what);
    Path kept = Files.createDirectories(findings.resolve(plan.seed() + "-" + number));
    for (Map.Entry<Path, byte[]> each : files.entrySet()) {
      Files.write(kept.resolve(each.getKey().getFileName()), each.getValue());
    }
    Files.writeString(kept.resolve("finding.txt"), what + "\n");
  }

  private static void clear(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path each, java.io.@org.jspecify.annotations.Nullable IOException e)
              throws IOException {
            if (!each.equals(folder)) {
              Files.delete(each);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Bytes of one of the streams; too many of them are refused, as by a full disk. */
  private static final class Sink extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] more, int offset, int length) throws IOException {
      if (bytes.size() + length > MOST_OUTPUT) {
        throw new IOException("enough");
      }
      bytes.write(more, offset, length);
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
