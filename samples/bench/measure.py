"""Runs commands in turn, A B A B …, and keeps what each run cost."""
import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple


class Failed(Exception):
    """A command, or what a row needs, failed."""


class Cost(NamedTuple):
    """Of one run, its child processes among it: times in seconds, memory (the most of one process) in bytes."""
    elapsed: float
    user: float
    system: float
    faults: int
    memory: int
    passes: tuple = ()  # where it is a reader: (seconds, bytes, sum) of each pass


@dataclass
class Command:
    """A command; a reader prints a line for each of its passes: seconds, bytes, and a sum of what it read."""
    name: str
    argv: list
    reader: bool = False
    note: str = ''  # what tells it from others of the same row


class Meter:
    """Runs commands through run.c."""

    def __init__(self, binary, folder):
        self._binary = binary
        self._result = os.path.join(folder, 'cost')

    def run(self, command):
        """Runs it from start to exit. What it prints is thrown away, but for a reader's passes."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            status = _to_the_end(subprocess.Popen(
                [self._binary, self._result, *command.argv], stdin=subprocess.DEVNULL, stderr=err, start_new_session=True,
                stdout=out if command.reader else subprocess.DEVNULL))
            err.seek(0)
            told = err.read().decode(errors='replace').strip().splitlines()
            out.seek(0)
            lines = out.read().decode().splitlines()
        if status == 0:
            with open(self._result) as f:
                elapsed, user, system, faults, kib, status = f.read().split()
        if int(status) != 0:
            raise Failed(f'{command.name}: exit status {status}: {told[-1] if told else ""}')
        passes = tuple((float(s), int(n), total) for s, n, total in map(str.split, lines))
        return Cost(float(elapsed), float(user), float(system), int(faults), int(kib) * 1024, passes)


def _to_the_end(process):
    """Its exit status. When this script is told to end, so is what it measures."""
    try:
        return process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise


def in_turn(meter, commands, runs, before):
    """The costs by round and command. A first round, which isn't kept, brings files and code into memory."""
    rounds = []
    for number in range(runs + 1):
        costs = []
        for command in commands:
            before()
            costs.append(meter.run(command))
        if number > 0:
            rounds.append(costs)
    read = {each[1:] for costs in rounds for cost in costs for each in cost.passes}
    if len(read) > 1:
        raise Failed(f'the readers read different bytes: {sorted(read)}')
    return rounds


class Pairs:
    """The rounds of two commands, compared pair by pair."""

    def __init__(self, rounds, ours, peer):
        self._pairs = [(costs[ours], costs[peer]) for costs in rounds]

    def medians(self, value):
        """The median for each of the two."""
        return tuple(median(value(pair[i]) for pair in self._pairs) for i in (0, 1))

    def ratios(self, value):
        """Median, least and most of ours by the peer's."""
        ratios = [value(ours) / value(peer) for ours, peer in self._pairs]
        return median(ratios), min(ratios), max(ratios)
