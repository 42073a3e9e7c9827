package org.vmcore.fdt;

/** FDT_NOP: the place of something that was taken out without moving what follows. */
public enum TreeNop implements TreeItem {
  /** The only one. */
  NOP
}
