"""What drgn, crash and the running kernel said of a dump's kernel, as recorded in its case."""
import ast
import os
import re

STATES = {'RU': 'R', 'IN': 'S', 'UN': 'D', 'ID': 'I', 'ZO': 'Z', 'DE': 'X', 'ST': 'T', 'TR': 't', 'PA': 'P'}


def lines(*path):
    path = os.path.join(*path)
    if not os.path.exists(path):
        return []
    with open(path, errors='replace') as f:
        return f.read().splitlines()


def matches(pattern, rows):
    return [m for m in map(re.compile(pattern).match, rows) if m]


def between(rows, first, last):
    """The rows behind the first that matches one pattern, up to the next that matches the other."""
    inside = []
    for row in rows:
        if inside and re.match(last, row):
            break
        if inside or re.match(first, row):
            inside.append(row)
    return inside[1:]


class Drgn:
    """drgn.txt: of older cases it has fewer facts of each task."""

    def __init__(self, case):
        rows = lines(case, 'truth', 'drgn.txt')
        self.there = bool(rows)
        self.facts = {m[1]: int(m[2]) for m in matches(r'(\w+) (-?\d+)$', rows)}
        self.idle = 0
        for m in matches(r'--- tasks: (\d+) by pid, and (\d+) idle ones', rows):
            self.idle = int(m[2])
            self.counted = int(m[1]) + self.idle
        self.tasks = [self.full(m) for m in matches(
            r'task (0x\w+) pid=(\d+) tgid=(\d+) ppid=(\d+) comm=(.*) state=(\w) \S+ cpu=(\d+) on_cpu=(\d) ', rows)]
        if not self.tasks:
            self.tasks = [dict(pid=int(m[1]), comm=m[2], address=m[3])
                          for m in matches(r'task (\d+) (.*) (0x\w+) mm=', rows)]
            self.counted = len(self.tasks)
        self.modules = [self.module(m) for m in matches(r'module (\S+) (0x\w+)(.*)$', rows)]
        self.cpus = {int(m[1]): (m[2], int(m[3]), m[4]) for m in matches(r'cpu (\d+) (0x\w+) (\d+) (.*)$', rows)}
        self.torn = bool(matches('tasks list: broken', rows))
        self.objects = {m[1]: m[2] for m in matches(r'(fx_\w+) at (0x\w+) ', rows)}
        self.waiters = [(m[1], int(m[2])) for m in matches(r'fx_mutex waiter (0x\w+) (\d+) ', rows)]
        self.owner = [(m[1], int(m[2])) for m in matches(r'fx_mutex owner (0x\w+) (\d+) ', rows)]

    @staticmethod
    def full(m):
        return dict(address=m[1], pid=int(m[2]), tgid=int(m[3]), ppid=int(m[4]), comm=ast.literal_eval(m[5]),
                    state=m[6], cpu=int(m[7]), running=m[8] == '1')

    @staticmethod
    def module(m):
        found = dict(name=m[1], address=m[2])
        state = re.search(r' state MODULE_STATE_(\w+)', m[3])
        if state:
            found['state'] = state[1].capitalize()
        return found


class Crash:
    """crash.txt: sys, ps, mod and kmem -i."""

    def __init__(self, path):
        rows = lines(path)
        self.there = bool(rows)
        self.system = {}
        for m in matches(r' *([A-Z][A-Z ]+): (.+)$', rows[:20]):
            self.system.setdefault(m[1], m[2])
        table = r'(>| ) +(\d+) +(\d+) +(\d+) +(\w+) +([A-Z]{2}) +[\d.]+ +\d+ +\d+ +(.*)$'
        found = next((i for i, row in enumerate(rows) if re.match(r' +PID +PPID +CPU +TASK', row)), len(rows))
        self.tasks = []
        for row in rows[found + 1:]:
            m = re.match(table, row)
            if not m:
                break
            self.tasks.append(self.task(m))
        self.modules = [dict(name=m[2], address=f'0x{m[1]}', size=hex(int(m[4]))) for m in matches(
            r'([0-9a-f]{16}) +(\S+) +([0-9a-f]{16}) +(\d+) +\(not loaded\)', rows)]
        # The CPU that panicked, who ran there.
        self.first = next(((int(m[2]), int(m[1]), m[3]) for m in matches(
            r'PID: (\d+) +TASK: \w+ +CPU: (\d+) +COMMAND: "(.*)"', rows)), None)
        self.total_pages = next((int(m[1]) for m in matches(r' +TOTAL MEM +(\d+) ', rows)), None)

    @staticmethod
    def task(m):
        return dict(running=m[1] == '>', pid=int(m[2]), ppid=int(m[3]), cpu=int(m[4]), address=f'0x{m[5]}',
                    state=STATES[m[6]], comm=m[7][1:-1] if m[7].startswith('[') else m[7])

    def uptime(self):
        """Seconds: 00:03:49, or 5 days, 00:03:49."""
        days, hours, minutes, seconds = re.match(r'(?:(\d+) days, )?(\d+):(\d\d):(\d\d)', self.system['UPTIME']).groups()
        return ((int(days or 0) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds)


def proc_modules(case):
    """/proc/modules of the kernel that crashed later."""
    pattern = r'(\S+) (\d+) (\d+) (\S+) (\w+) (0x\w+)(?: \((\w+)\))?$'
    return [dict(name=m[1], size=hex(int(m[2])), state=m[5], base=m[6], taints=m[7] or '')
            for m in matches(pattern, lines(case, 'first', 'proc_modules'))]


def kernel_threads(case):
    """Those that ps showed while the kernel ran, but for workers, which come and go: pid and comm."""
    rows = matches(r' *(\d+) \w+ +\[(.*)\]$', lines(case, 'first', 'ps.txt'))
    return [(int(m[1]), m[2]) for m in rows if not m[2].startswith('kworker')]


def memory_total(case):
    """MemTotal, in bytes."""
    return next(int(m[1]) * 1024 for m in matches(r'MemTotal: +(\d+) kB', lines(case, 'first', 'proc_meminfo')))


class Cause:
    """cause.txt: what is known of the crash."""

    def __init__(self, case):
        self.facts, self.lists = {}, {}
        last = None
        for row in lines(case, 'truth', 'cause.txt'):
            if row.startswith('  '):
                self.lists[last].append(row.strip())
                continue
            m = re.match(r'([^:]+): ?(.*)$', row)
            last = m[1].split(' (')[0].split(',')[0]
            self.facts[last] = m[2]
            self.lists[last] = []
        self.there = bool(self.facts)
