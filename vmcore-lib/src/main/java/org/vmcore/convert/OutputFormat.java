package org.vmcore.convert;

/** What a dump is written as. */
public enum OutputFormat {
  /** An ELF dump; with {@link PageCompression#ZSTD} it is in a seekable zstd file. */
  ELF("elf"),
  /** kdump-compressed, makedumpfile's format. */
  KDUMP("kdump"),
  /** kdump-compressed and flattened: in the order in which it is made, for pipes. */
  FLAT("flat");

  private final String label;

  OutputFormat(String label) {
    this.label = label;
  }

  /** The format's name in JSON and on the command line: {@code kdump}. */
  public String label() {
    return label;
  }
}
