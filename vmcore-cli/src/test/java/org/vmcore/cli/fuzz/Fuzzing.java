package org.vmcore.cli.fuzz;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.vmcore.values.Printable;
import picocli.CommandLine;

/**
 * Bends seeds, runs command lines on them, and collects what is wrong.
 *
 * <p>A case is made of the plan's seed and its own number alone, so that it can be made again.
 */
public final class Fuzzing {
  private static final int MOST_HANGING = 3;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;
  private static final String TEMPORARY = "java.io.tmpdir";

  /** Runs one command line, as {@code Main.run} does. */
  public interface Program {
    /** Gives the exit status. */
    int run(OutputStream out, PrintStream err, String... line);
  }

  private final Worker worker;
  private final CommandLine root;
  private final Consumer<String> json;
  private final List<Seed> seeds;
  private final CaseFolder folder;
  private final Path findings;
  private final FuzzPlan plan = FuzzPlan.ofProperties();

  /** What was found, by what is the same of it in other cases. */
  private final Map<String, String> found = new LinkedHashMap<>();

  private final Map<Integer, Integer> statuses = new TreeMap<>();

  /**
   * A fuzz of {@code program}.
   *
   * @param root the commands and options that there are
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
    this.worker = new Worker(program);
    this.root = root;
    this.json = json;
    this.seeds = List.copyOf(seeds);
    this.folder = new CaseFolder(folder);
    this.findings = findings;
  }

  /** Runs all cases of the plan; gives what was found, each finding once. */
  public List<String> run() throws IOException, InterruptedException {
    String temporary = System.getProperty(TEMPORARY);
    System.setProperty(TEMPORARY, folder.temporary().toString());
    say("begins");
    try {
      cases();
    } finally {
      System.setProperty(TEMPORARY, temporary);
      int count = statuses.values().stream().mapToInt(each -> each).sum();
      String what = count + " cases, exit statuses " + statuses + ", " + found.size() + " findings";
      say(what);
    }
    return List.copyOf(found.values());
  }

  /** A build says nothing where all is well. */
  private void say(String what) {
    if (plan.isChosen()) {
      System.out.println("command fuzz: -Dfuzz.seed=" + plan.seed() + ": " + what);
    }
  }

  private void cases() throws IOException, InterruptedException {
    long start = System.nanoTime();
    for (long i = 0; i < plan.most() && worker.hanging() < MOST_HANGING; i++) {
      if (System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(plan.seconds())) {
        return;
      }
      one(plan.first() + i);
    }
  }

  private void one(long number) throws IOException, InterruptedException {
    Random random = new Random((plan.seed() * SPREAD) ^ (number * SPREAD * SPREAD));
    Seed seed = seeds.get(random.nextInt(seeds.size()));
    folder.clear();
    Mutator mutator = new Mutator(random);
    for (SeedFile file : seed.files()) {
      boolean isBent = seed.files().size() == 1 || random.nextInt(3) > 0;
      folder.add(file.name(), isBent ? mutator.bend(file) : file.packed());
    }
    List<String> line = new CommandLines(root, random, folder.path()).line(seed);
    Worker.Result run = worker.run(line);
    statuses.merge(run.status(), 1, Integer::sum);
    for (String finding : new Outcome(line, run, folder.litter()).findings(json)) {
      keep(number, seed, line, finding);
    }
  }

  private void keep(long number, Seed seed, List<String> line, String finding) throws IOException {
    String same = finding.replaceFirst(" at \\[.*", "").replaceAll("[0-9a-f]*\\d[0-9a-f]*", "N");
    if (found.containsKey(same)) {
      return;
    }
    String which = "-Dfuzz.seed=" + plan.seed() + " -Dfuzz.case=" + number;
    String what =
        which + " (" + seed.name() + "): " + finding + "; vmcore " + String.join(" ", line);
    found.put(same, Printable.text(what));
    System.out.println("command fuzz: " + Printable.text(what));
    Path kept = findings.resolve(plan.seed() + "-" + number);
    folder.keep(kept);
    Files.writeString(kept.resolve("finding.txt"), what + "\n");
  }
}
