package org.vmcore.cli.command;

import org.vmcore.cli.bytes.Missing;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** How a command ends: what it couldn't have is told on stderr, and gives the exit status. */
public final class Ending {
  private final Console console;
  private final String file;
  private boolean isDamaged;
  private boolean hasFailed;

  Ending(Console console, String file) {
    this.console = console;
    this.file = file;
  }

  /** The dump is damaged. */
  public void damaged() {
    isDamaged = true;
  }

  /** A line that changes nothing of the status. */
  public void remark(String line) {
    console.say(file, line);
  }

  /** A line on what is lost. */
  public void lost(String line) {
    console.say(file, line);
    isDamaged = true;
  }

  /** A line on something that can't be had, which an error makes a loss. */
  public void gap(String where, Finding gap) {
    console.say(file, where + gap.message());
    isDamaged |= gap.severity() == Finding.Severity.ERROR;
  }

  /** The bytes that are missing, all of them written as zeros. */
  public void zeros(Missing missing) {
    zeros(missing, Missing.NOT_RAM);
  }

  /** The same; {@code absent} is what those are called that are known to be nowhere. */
  public void zeros(Missing missing, String absent) {
    missing.say(console, file, absent);
    lost(missing);
  }

  /** Bytes that are missing, of which all has been said. */
  public void lost(Missing missing) {
    isDamaged |= missing.exitStatus() == ExitStatus.DAMAGED;
  }

  /** There is nothing, and what was said tells why. */
  public void failed() {
    hasFailed = true;
  }

  /** A line on why there is nothing, or not what was asked for. */
  public void failed(String line) {
    console.say(file, line);
    hasFailed = true;
  }

  /**
   * Nothing was found.
   *
   * @throws VmcoreException unless something is lost, which may be why
   */
  public void nothing(String reason) throws VmcoreException {
    if (!isDamaged) {
      throw VmcoreException.of(file, reason);
    }
    console.say(file, reason);
  }

  /** The exit status. */
  int status() {
    if (isDamaged) {
      return ExitStatus.DAMAGED;
    }
    return hasFailed ? ExitStatus.FAILED : ExitStatus.OK;
  }
}
