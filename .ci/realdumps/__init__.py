"""Checks of vmcore on real dumps; none of the reading here shares code with vmcore."""
