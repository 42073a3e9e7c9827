package org.vmcore.open;

/** What a fractional page shows around the PT_LOAD's own bytes. */
public enum Padding {
  /**
   * Zeros, and old memory is never touched there: it may be a device's or the firmware's (HATAYAMA
   * Daisuke, "vmcore: copy fractional pages into buffers in the kdump 2nd kernel").
   */
  ZERO,
  /** Old memory as it is, as mainline's {@code fs/proc/vmcore.c} has it. */
  OLDMEM
}
