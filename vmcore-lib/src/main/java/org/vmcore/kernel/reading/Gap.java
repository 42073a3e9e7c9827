package org.vmcore.kernel.reading;

import java.util.OptionalLong;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** What of a kernel's contents can't be had: an error where it is lost, else a warning. */
public final class Gap {
  private Gap() {}

  /** A gap because of {@code fault}, of which {@code what} says what it is. */
  public static Finding of(String check, String what, VmcoreException fault) {
    Finding.Severity severity = fault.isLoss() ? Finding.Severity.ERROR : Finding.Severity.WARNING;
    return new Finding(check, severity, OptionalLong.empty(), what + ": " + fault.reason());
  }
}
