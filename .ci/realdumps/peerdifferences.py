"""Differences of what another tool says from the recorded truth that are known, in peer-differences.txt.

A line is TOOL CASES SIGN PATTERN: the sign - is of a line of the truth, + of one said now, the pattern a regular
expression of all of it; CASES is a pattern of file names. TOOL CASES unknown: it doesn't know that kernel. Above each, or a block of them, its reason stands in lines that
begin with #. A difference that isn't listed fails, and so does what is listed and is nowhere so.
"""
import difflib
import fnmatch
import itertools
import os
import re

from .running import check, failed, tally

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'peer-differences.txt')


class Known:
    def __init__(self, line):
        self.line = line
        self.tool, self.cases, self.sign, *pattern = line.split(' ', 3)
        self.pattern = re.compile(''.join(pattern))

    def covers(self, tool, case, sign, text):
        return (self.tool == tool and self.sign == sign and fnmatch.fnmatch(case, self.cases)
                and self.pattern.fullmatch(text) is not None)


def listed():
    known, reason = [], False
    with open(FILE) as f:
        for line in f.read().splitlines():
            if not line.strip():
                reason = False
            elif line.startswith('#'):
                reason = True
            elif reason:
                known.append(Known(line))
            else:
                raise ValueError(f'{FILE}: no reason stands above {line}')
    return known


def knows(tool, case):
    """Whether what Debian has of the tool knows the case's kernel."""
    return not any(each.tool == tool and each.sign == 'unknown' and fnmatch.fnmatch(case, each.cases) for each in listed())


def compare(tool, case, got, want):
    """Two texts, by lines; what stands at other places only is a difference, too."""
    known = [each for each in listed() if each.tool == tool and fnmatch.fnmatch(case, each.cases)]
    met = set()
    for row in itertools.islice(difflib.unified_diff(want, got, n=0, lineterm=''), 2, None):
        sign, text = row[:1], row[1:]
        if sign == '@':
            continue
        tally.checks += 1
        found = [each for each in known if each.covers(tool, case, sign, text)]
        met.update(each.line for each in found)
        if not found:
            failed(f'{case}: {tool}: {row}')
    check(f'{case}: {tool}: lines that are the same', len(got) > 0 and len(want) > 0, True)
    for each in known:
        if each.line not in met and not each.cases.endswith('*'):
            failed(f'peer-differences.txt lists what is no longer so: {each.line}')
