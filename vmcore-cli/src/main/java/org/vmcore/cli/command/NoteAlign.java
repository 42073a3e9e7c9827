package org.vmcore.cli.command;

/** p_align of the merged PT_NOTE, as crash kernels write it. */
enum NoteAlign {
  OLDER(0),
  NEWER(4);

  private final int bytes;

  NoteAlign(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return Integer.toString(bytes);
  }
}
