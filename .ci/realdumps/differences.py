"""Differences from the recorded truth that are known, one by one, in differences.txt: any other fails, and so does one
that is listed and no longer there."""
import contextlib
import os

from .running import failed, lock, tally

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'differences.txt')


def listed(path=FILE):
    """The lines that are listed. Above each, or a block of them, its reason stands in lines that begin with #."""
    known, reason = set(), False
    with open(path) as f:
        for line in f.read().splitlines():
            if not line.strip():
                reason = False
            elif line.startswith('#'):
                reason = True
            elif reason:
                known.add(line)
            else:
                raise ValueError(f'{path}: no reason stands above {line}')
    return known


known = listed()
met = set()


@contextlib.contextmanager
def compared(name):
    """What compares what vmcore says, of one command on one dump, with the truth."""

    def compare(what, got, want):
        tally.checks += 1
        if got != want:
            line = f'{name}: {what}: got {got}, want {want}'
            if line in known:
                with lock:
                    met.add(line)
            else:
                failed(line)

    yield compare
    tally.checks += 1
    for line in known:
        if line.startswith(f'{name}: ') and line not in met:
            failed(f'differences.txt lists what is no longer so: {line}')


def compare_records(compare, key, got, want, fields):
    """Records of which each is there once: field by field, and which there are."""
    got, want = ({key(r): r for r in records} for records in (got, want))
    for k in sorted(want.keys() - got.keys()):
        compare(f'{k}', 'nothing', want[k])
    for k in sorted(got.keys() - want.keys()):
        compare(f'{k}', got[k], 'nothing')
    for k in sorted(want.keys() & got.keys()):
        for field in fields:
            if field in want[k]:
                compare(f'{k} {field}', got[k].get(field), want[k][field])
