"""Which pages a level leaves out, compared with what makedumpfile leaves out, page by page. What is known to differ stands
in filter-differences.txt with its reason: any other page fails, and so does one that is listed and no longer differs."""
import collections
import json
import os
import re
import subprocess
import tempfile

from .content import content
from .kdump import KdumpFile
from .running import check, failed, run

LEVELS = 1, 2, 4, 8, 16, 31
FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'filter-differences.txt')
LINE = re.compile(r'(\S+) (\d+) (kept|left) (\d+)(?:-(\d+))?$')
KINDS = {
    'cache': 'Non-private cache pages', 'private_cache': 'Private cache pages', 'user': 'User process data pages',
    'free': 'Free pages', 'hwpoison': 'Hwpoison pages', 'offline': 'Offline pages', 'zero': 'Pages filled with zero'}

# The tails that 1.7.8 takes for anonymous in 7.3; those of zeros among them vmcore counts as zeros.
OVERCOUNTED = {('x86-new-sysrq', 'user'): 377, ('x86-new-sysrq', 'zero'): -63}


def listed(path=FILE):
    """{(case, level, what vmcore does): page frames}. Above each block stands its reason, in lines that begin with #."""
    known, reason = collections.defaultdict(set), False
    with open(path) as f:
        for line in f.read().splitlines():
            if not line.strip():
                reason = False
            elif line.startswith('#'):
                reason = True
            else:
                found = LINE.match(line)
                if not reason or not found:
                    raise ValueError(f'{path}: no reason stands above, or no page: {line}')
                case, level, what, first, last = found.groups()
                known[case, int(level), what].update(range(int(first), int(last or first) + 1))
    return known


def is_there(case):
    with open(os.path.join(case, 'meta.json')) as f:
        return json.load(f)['arch'] == 'x86_64' and os.path.exists(os.path.join(case, 'vmcore.elf'))


class Left:
    """What a kdump-compressed file has of the pages: what is excluded, and what points at the shared page of zeros."""

    def __init__(self, path, level):
        kdump = KdumpFile(content(path))
        self.ram = set(kdump.ram)
        dumped = set(kdump.dumped)
        self.excluded = self.ram - dumped
        self.zeros = set()
        if level & 1:
            offsets = collections.Counter()
            at = {}
            for pfn in kdump.index:
                found = kdump.descriptor(pfn)
                at[pfn] = found.offset
                offsets[found.offset] += 1
            shared, count = min(offsets.items()) if offsets else (0, 0)
            if count > 1:
                self.zeros = {pfn for pfn, offset in at.items() if offset == shared}
        self.gone = self.excluded | self.zeros


def makedumpfile(source, target, level):
    """Whether it could read the dump: by lzo, or zlib where it wasn't built with that."""
    for compress in '-l', '-c':
        done = subprocess.run(['makedumpfile', compress, '-d', str(level), '--message-level', '0', source, target],
                              capture_output=True, stdin=subprocess.DEVNULL)
        if done.returncode == 0:
            return True
        if os.path.exists(target):
            os.remove(target)
    return False


def check_filter(name, case, form, meta):
    """Every level, where makedumpfile is installed and can read the case."""
    source = os.path.join(case, 'vmcore.elf')
    base = os.path.basename(case)
    check_counts(name, case, source)
    known = listed()
    with tempfile.TemporaryDirectory() as folder:
        for level in LEVELS:
            theirs, ours = os.path.join(folder, 'theirs'), os.path.join(folder, 'ours')
            if not makedumpfile(source, theirs, level):
                failed(f'{name}: -d {level}: makedumpfile does not read it')
                return
            done = run('convert', '--to', 'kdump', '--compress', 'lzo', '-d', str(level), '--force', '--no-sync',
                       '-o', ours, source)
            check(f'{name}: convert -d {level}', done.returncode, 0)
            compare(f'{name}: -d {level}', base, level, Left(ours, level), Left(theirs, level), known)
            os.remove(theirs)


def compare(name, case, level, ours, theirs, known):
    """Of the pages that both have: bitmap1 of fractional pages differs."""
    both = ours.ram & theirs.ram
    for what, pages in (('kept', theirs.gone - ours.gone), ('left', ours.gone - theirs.gone)):
        want = known[case, level, what]
        check(f'{name}: pages that vmcore alone has {what}, and that are not listed', runs((pages & both) - want), '')
        check(f'{name}: pages that are listed as {what}, and are not', runs(want - pages), '')


def runs(pages):
    """12 14-20"""
    found, text = sorted(pages), []
    while found:
        n = 1
        while n < len(found) and found[n] == found[0] + n:
            n += 1
        text.append(str(found[0]) if n == 1 else f'{found[0]}-{found[n - 1]}')
        found = found[n:]
    return ' '.join(text)


def check_counts(name, case, source):
    """The counts by kind at level 31 that makedumpfile 1.7.8 printed, which knows kernels up to 6.12."""
    path = os.path.join(case, 'truth', 'makedumpfile-d31.txt')
    if not os.path.exists(path):
        return
    with open(path, errors='replace') as f:
        text = f.read()
    done = run('convert', '--dry-run', '--json', '-d', '31', source)
    left = {each['kind']: int(each['pages']) for each in json.loads(done.stdout)['left_out']}
    for kind, label in KINDS.items():
        told = re.search(rf'^ +{re.escape(label)} +: (0x[0-9a-f]+)$', text, re.M)
        want = int(told.group(1), 16)
        want -= OVERCOUNTED.get((os.path.basename(case), kind), 0)
        check(f'{name}: {kind} pages, as makedumpfile 1.7.8 counts them', left.get(kind, 0), want)
