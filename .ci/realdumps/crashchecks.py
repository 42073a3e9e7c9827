"""What `crash` and `info` say of a crash, beside the factory's plan, the log and drgn."""
import re

from .differences import compared
from .running import document
from .truths import Cause, Drgn, lines, matches

# The plan's word for the cause, and the kind that it is told as.
KINDS = {'null': 'null pointer', 'irq': 'null pointer', 'timer': 'null pointer', 'bug': 'bug', 'warn': 'warning',
         'lockup': 'soft lockup', 'hung': 'hung task', 'oom': 'out of memory', 'stack': 'stack overflow',
         'list': 'list corruption', 'tasks': 'panic', 'nmi': 'nmi', 'sysrq-c': 'sysrq'}


def log(case):
    """Seconds and text of each line."""
    return [(float(m[1]), m[2]) for m in matches(r'\[ *(\d+\.\d+)\] (.*)$', lines(case, 'truth', 'vmcore-dmesg.txt'))]


def found(rows, pattern):
    return next((m[1] for m in (re.search(pattern, text) for _, text in rows) if m), None)


def panicking(case):
    """The CPU that panicked, and who ran there: pid and comm."""
    drgn = Drgn(case)
    cpu = drgn.facts.get('panic_cpu', drgn.facts.get('crashing_cpu'))
    _, pid, comm = drgn.cpus[cpu]
    return cpu, pid, comm


def check_crash(name, path, case, meta):
    cause, rows = Cause(case), log(case)
    with compared(f'{name} crash') as compare:
        got = document('crash', path)
        compare('kind', got['kind'], KINDS[cause.facts['how']])
        compare('panic', got.get('panic'), cause.facts.get('panic string') or cause.facts['first oops line'])
        cpu, pid, comm = panicking(case)
        compare('cpu', got.get('cpu'), cpu)
        compare('task', [got.get('task', {}).get(key) for key in ('pid', 'comm')], [pid, comm])
        guilty = re.search(r'Guilty: ([\w-]+)', cause.facts['plan'])
        if guilty:
            task = next(t for t in Drgn(case).tasks if t['comm'] == guilty[1])
            compare('guilty', [got.get('guilty', {}).get('task', {}).get(key) for key in ('pid', 'comm')],
                    [task['pid'], task['comm']])
        compare('hardware', got.get('hardware'), found(rows, 'Hardware name: (.*)$'))
        compare('taints', got.get('taints'), (found(rows[::-1], 'Tainted: ([A-Z ]+?)  +') or '').replace(' ', ''))
        check_uptime(compare, rows, int(got['uptime_nsec']) / 1e9)
        fault = cause.lists.get('fault at')
        if fault and cause.facts['how'] not in ('lockup', 'nmi'):
            m = re.search(r'(\w+)\+(0x\w+)/\w+(?: \[(\w+)\])?', fault[0])
            compare('ip', [got['ip'].get('symbol'), got['ip'].get('module')], [m[1], m[3]])
    return got


def check_uptime(compare, rows, seconds):
    """It crashed when the last line was logged, or a little later."""
    compare('uptime', rows[-1][0] - 0.1 <= seconds <= rows[-1][0] + 2 or seconds, True)
