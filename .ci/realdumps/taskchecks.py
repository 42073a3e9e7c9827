"""What `ps`, `modules` and `info` say of the kernel at work, beside drgn, crash, and the kernel while it ran."""
import os
import re

from .differences import compare_records, compared
from .running import attempt, document, number, run, said
from .truths import Cause, Crash, Drgn, kernel_threads, proc_modules

# Of these page tables are walked, by which modules lie.
PAGED = 'x86_64', 'aarch64'
TASK = 'pid', 'tgid', 'ppid', 'cpu', 'state', 'comm', 'address', 'running'


def crash_said(case, form='vmcore.elf'):
    """Of arm64's tasks crash finds three."""
    truth = 'truth' if form == 'vmcore.elf' or not os.path.exists(os.path.join(case, 'truth-' + form)) else 'truth-' + form
    return Crash(os.path.join(case, truth, 'crash.txt'))


def by_address(task):
    return f'task {task["address"]} {task["comm"]}'


def check_tasks(name, path, case, meta):
    """Every task, threads and idle tasks too."""
    drgn, crash = Drgn(case), crash_said(case)
    with compared(f'{name} ps') as compare:
        tasks = said('ps', '--threads', path)['tasks']
        idle = [t for t in tasks if t['pid'] == 0]
        others = [t for t in tasks if t['pid'] != 0]
        if drgn.there:
            compare('tasks of the truth', len(drgn.tasks), drgn.counted)
            # Older truths tell of those with a pid alone.
            compare_records(compare, by_address, tasks if drgn.idle else others, drgn.tasks, TASK)
        ran = kernel_threads(case)
        there = {(t['pid'], t['comm']) for t in others}
        compare('kernel threads that ran before', [t for t in ran if t not in there], [])
        compare('not everywhere', {t['pid']: t['missing_from'] for t in tasks if 'missing_from' in t},
                {t['pid']: 'list' for t in others if drgn.torn and t['pid'] > torn_behind(case)})
    with compared(f'{name} ps, by crash') as compare:
        if meta['arch'] == 'x86_64' and crash.tasks:
            compare('tasks of the truth', len(crash.tasks), int(crash.system['TASKS']))
            compare_records(compare, by_address, others, [t for t in crash.tasks if t['pid'] != 0], TASK)
            compare_records(compare, by_address, idle, [t for t in crash.tasks if t['pid'] == 0],
                            [field for field in TASK if field != 'ppid'])  # drgn says of some it is init
    with compared(f'{name} ps, without threads') as compare:
        compare('tasks', [t['pid'] for t in document('ps', path)['tasks']],
                [t['pid'] for t in tasks if t['tgid'] == t['pid']])


def torn_behind(case):
    """The pid of the task behind which the list is torn; the later ones follow it there."""
    said = Cause(case).facts['panic string']
    return int(re.search(r'task list damaged after pid (\d+)', said)[1])


def by_name(module):
    return f'module {module["name"]}'


def check_modules(name, path, case):
    """Every module, in the list's order; sizes as lsmod shows them."""
    drgn, crash, ran = Drgn(case), crash_said(case), proc_modules(case)
    with compared(f'{name} modules') as compare:
        got = said('modules', path)['modules']
        compare('order', [m['name'] for m in got], [m['name'] for m in drgn.modules or ran])
        compare_records(compare, by_name, got, ran, ('size', 'state', 'taints'))
        for truth in (drgn.modules, crash.modules):
            if truth:
                compare_records(compare, by_name, got, truth, ('address', 'size', 'state'))


def check_kernel_at_work(name, path, case, meta):
    with attempt(name):
        check_tasks(name, path, case, meta)
    if meta['arch'] in PAGED:
        with attempt(name):
            check_modules(name, path, case)


def check_less(name, path, whole):
    """Of a dump that lacks memory of the kernel's own: tasks that it has are as they are, none is invented, and those
    that it lacks can't be read."""
    marks = 'missing_from', 'ppid'
    there, want = ([{k: v for k, v in task.items() if k not in marks} for task in tasks] for tasks in (
        document('ps', '--threads', path)['tasks'], said('ps', '--threads', whole)['tasks']))
    with compared(f'{name} ps') as compare:
        compare('tasks of its own', [task for task in there if task not in want], [])
        lost = [task for task in want if task not in there]
        compare('most tasks', len(lost) < len(want) / 5, True)
        compare('lost tasks that can be read', [
            f'{task["pid"]} {task["comm"]}' for task in lost if run(
                'read', '--virt', hex(number(task['address'])), '--length', '8192', '--format', 'raw', path).stderr == b''], [])


def check_same(name, command, path, whole, *behind):
    """Another form of the dump says the same."""
    with compared(f'{name} {" ".join([*command, *behind])}') as compare:
        got, want = document(*command, path, *behind), said(*command, whole, *behind)
        for key in sorted((got.keys() | want.keys()) - {'dump'}):
            records = got.get(key), want.get(key)
            if all(isinstance(r, list) for r in records):
                compare(f'{key} that this form alone has', [r for r in records[0] if r not in records[1]], [])
                compare(f'{key} that it lacks', [r for r in records[1] if r not in records[0]], [])
            else:
                compare(key, *records)
