package org.vmcore.format.kdump;

/** What a page's descriptor says, or doesn't, so that the page can't be had. */
enum PageRefusal {
  /** Nothing: the page's bytes are in the file. */
  NONE,
  /** The file ends before the descriptor. */
  NO_DESCRIPTOR,
  /** offset is 0: there was no room for the page when it was dumped. */
  NO_ROOM,
  /** flags name several compressions. */
  SEVERAL_CODECS,
  /** size is none that a page can have. */
  NO_SIZE,
  /** The bytes aren't in the file. */
  NO_BYTES
}
