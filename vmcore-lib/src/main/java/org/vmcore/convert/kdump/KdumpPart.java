package org.vmcore.convert.kdump;

/**
 * The page frames of one file.
 *
 * @param from the first page frame
 * @param to behind the last one
 * @param firstRank how many dumped page frames lie before them
 * @param endRank behind the last of its dumped page frames
 * @param isSplit whether there are other files
 */
record KdumpPart(long from, long to, long firstRank, long endRank, boolean isSplit) {}
