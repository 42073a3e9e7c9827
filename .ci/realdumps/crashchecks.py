"""What `crash` and `info` say of a crash, beside the factory's plan, the log, drgn and crash."""
import re

from .differences import compared
from .running import document, lock, said
from .stackchecks import addresses, drgn_stacks
from .truths import Cause, Crash, Drgn, lines, matches, memory_total

# The plan's word for the cause, and the kind that it is told as.
KINDS = {'null': 'null pointer', 'irq': 'null pointer', 'timer': 'null pointer', 'bug': 'BUG', 'warn': 'warning',
         'lockup': 'soft lockup', 'hung': 'hung task', 'oom': 'out of memory', 'stack': 'stack overflow',
         'list': 'BUG', 'tasks': 'panic', 'nmi': 'NMI', 'sysrq-c': 'sysrq'}
# Of these nobody is guilty that runs, or it can't be told who.
NOBODY = 'irq', 'timer', 'nmi', 'oom', 'sysrq-c'
# What the panic says where the log has no line of the fault's.
FAULTS_OF_OTHERS = 'lockup', 'nmi'

fingerprints = {}  # of the causes seen so far


def log(case):
    """Seconds and text of each line."""
    return [(float(m[1]), m[2]) for m in matches(r'\[ *(\d+\.\d+)\] (.*)$', lines(case, 'truth', 'vmcore-dmesg.txt'))]


def found(rows, pattern):
    return next((m[1] for m in (re.search(pattern, text) for _, text in rows) if m), None)


def panicking(case, crash):
    """The CPU that panicked, and who ran there: pid and comm."""
    drgn = Drgn(case)
    cpu = drgn.facts.get('panic_cpu', drgn.facts.get('crashing_cpu'))
    if cpu in drgn.cpus:
        return cpu, *drgn.cpus[cpu][1:]
    return crash.first


def tainted(rows):
    """The letters that the last report had; G is for no P."""
    return re.sub('[G ]', '', found(rows[::-1], r'Tainted: ([A-Z ]+) \d') or '')


def check_who(compare, got, case, how, plan):
    """The task that panicked, and the one that is guilty, which may be another."""
    cpu, pid, comm = panicking(case, Crash(f'{case}/truth/crash.txt'))
    compare('panicked', [got.get(key) for key in ('cpu', 'pid', 'task')], [cpu, pid, comm])
    guilty = re.search(r'Guilty: ([\w-]+)', plan)
    if guilty:
        pid, comm = next((t['pid'], t['comm']) for t in Drgn(case).tasks if t['comm'] == guilty[1])
    want = [None, None] if how in NOBODY else [pid, comm]
    compare('guilty', [got.get('guilty', {}).get(key) for key in ('pid', 'task')], want)


def check_stacks(compare, got, case):
    """Those of the guilty and the panicking task are drgn's."""
    stacks, by_pid = drgn_stacks(case), {t['pid']: t['address'] for t in Drgn(case).tasks}
    compare('stacks', len(got['stacks']) > 0, True)
    for stack in got['stacks'] if stacks else ():
        want = stacks[int(by_pid[stack['pid']], 16)]
        compare(f'stack of {stack["pid"]}', [hex(a) for a in addresses(stack)], [hex(a) for a in want])


def check_fingerprint(compare, got, how):
    """It is the same for the same cause, and another for another."""
    with lock:
        known = fingerprints.setdefault(how, got['fingerprint'])
        others = [other for other, fingerprint in fingerprints.items() if fingerprint == got['fingerprint']]
    compare('fingerprint', got['fingerprint'], known)
    compare('causes with this fingerprint', others, [how])


def check_crash(name, path, case):
    cause, rows = Cause(case), log(case)
    how, plan = (cause.facts[key] for key in ('how', 'plan')) if cause.there else ('sysrq-c', '')
    panic = cause.facts.get('panic string') or cause.facts.get('first oops line')
    with compared(f'{name} crash') as compare:
        got = said('crash', path)
        compare('kind', got['kind'], KINDS[how])
        compare('panic', got.get('panic'), panic or 'Kernel panic - not syncing: sysrq triggered crash')
        check_who(compare, got, case, how, plan)
        compare('hardware', got.get('hardware'), found(rows, 'Hardware name: (.*)$'))
        compare('taints', got.get('taints', ''), tainted(rows))
        check_uptime(compare, case, int(got['uptime_nsec']) / 1e9)
        fault = cause.lists.get('fault at')
        if fault and how not in FAULTS_OF_OTHERS:
            m = re.search(r'(\w+)\+(0x\w+)/\w+(?: \[(\w+)\])?', fault[0])
            compare('ip', [got['ip'].get(key) for key in ('symbol', 'offset', 'module')], list(m.groups()))
        check_stacks(compare, got, case)
        check_fingerprint(compare, got, how)


def check_uptime(compare, case, seconds):
    """As ticks of 4 ms tell, which drgn read; crash takes them for 1 ms, arm64's log begins before them."""
    facts = Drgn(case).facts
    ticks = facts.get('jiffies_64', facts.get('jiffies')) - (1 << 32) + 300 * 250
    compare('uptime', abs(seconds - ticks / 250) < 0.25 or (seconds, ticks / 250), True)


def check_info(name, path, case):
    """What it says in short, of a kernel that ran, too."""
    crash = Crash(f'{case}/truth/crash.txt')
    with compared(f'{name} info') as compare:
        got = document('info', path)
        compare('memory', int(got.get('memory_total', '0'), 16), memory_total(case))
        if crash.there:
            compare('load', got.get('load'), crash.system['LOAD AVERAGE'])
        if Drgn(case).there:
            cpu, pid, comm = panicking(case, crash)
            compare('crashed CPU', got.get('crashed_cpu'), cpu)
            compare('crashed task', got.get('crashed_task'), dict(pid=pid, comm=comm))
            compare('taints', got.get('taints'), tainted(log(case)))
            check_uptime(compare, case, int(got['uptime_nsec']) / 1e9)


def check_none(name, path):
    """Of a machine that ran."""
    with compared(f'{name} crash') as compare:
        compare('kind', document('crash', path, code=1)['kind'], 'none')
