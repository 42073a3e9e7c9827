"""drgn: tasks, modules, log, helpers, and every task's stack beside its own with the real debug file."""
import json
import os
import time

from . import peerdifferences
from .running import check
from .stackchecks import KERNEL, drgn_stacks, text
from .truths import Drgn

NAME = 'drgn'
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'peers', 'drgn_facts.py')

# panic() calls it at its end, where ORC has no rule: of the callers drgn loses this one, which CFI of the real file has.
LOSES_ITS_CALLER = '__crash_kexec'


def facts(files, root):
    modules = [word for each in sorted(os.listdir(files.modules)) for word in ('-s', os.path.join(files.modules, each))]
    said, errors = root.run('drgn', '-q', '-c', files.dump, '-s', files.vmlinux, *modules, SCRIPT,
                            folders=[*files.folders(), os.path.dirname(SCRIPT)])
    check(f'{files.name}: drgn: {errors[-500:]!r}', said[:1], '{')
    return json.loads(said)


def without_lost(stack, want):
    """The frames that were recorded, but for the one that can't be had without the real file's CFI."""
    names = [name for pc, name in stack if pc >= KERNEL]
    if LOSES_ITS_CALLER in names and len(want) == len(names) + 1:
        lost = names.index(LOSES_ITS_CALLER) + 1
        return want[:lost] + want[lost + 1:]
    return want


def check_stacks(name, got, case):
    different = []
    for task, want in drgn_stacks(case).items():
        stack = got.get(hex(task))
        have = [pc for pc, _ in stack if pc >= KERNEL] if isinstance(stack, list) else stack
        if not isinstance(have, list) or have != without_lost(stack, want):
            different.append((hex(task), [hex(a) for a in have] if isinstance(have, list) else have, [hex(a) for a in want]))
    check(f'{name}: drgn: stacks that differ', different, [])


def check_peer(name, case, files, root):
    begun = time.monotonic()
    got = facts(files, root)
    print(f'{name}: drgn takes {time.monotonic() - begun:.1f} s for all')
    truth = Drgn(case)
    check(f'{name}: drgn: tasks', {t['address']: (t['pid'], t['comm']) for t in truth.tasks}.items()
          <= {a: (t[0], t[1]) for a, t in got['tasks'].items()}.items(), True)
    for task in truth.tasks:
        if 'state' in task:
            check(f'{name}: drgn: state of {task["address"]}', got['tasks'][task['address']][2], task['state'])
    check(f'{name}: drgn: modules', got['modules'], {m['name']: m['address'] for m in truth.modules})
    for fact in 'nr_threads',:
        if fact in truth.facts:
            check(f'{name}: drgn: {fact}', got[fact], truth.facts[fact])
    log = text(case, 'drgn.txt').partition('--- dmesg\n')[2]
    if log:
        check(f'{name}: drgn: log', got['log'].rstrip('\n'), log.rstrip('\n'))
    check(f'{name}: drgn: helpers that fail', [key for key in ('online', 'slabs', 'mounts', 'paths') if isinstance(got[key], str)], [])
    if peerdifferences.knows('drgn-stacks', name):
        check_stacks(name, got['stacks'], case)
