"""What `ps`, `modules` and `info` say of the kernel at work, beside drgn, crash, and the kernel while it ran."""
import os

from .differences import compare_records, compared
from .running import attempt, document
from .truths import Crash, Drgn, proc_modules

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
        got = document('ps', '--threads', path)['tasks']
        compare('tasks of the truth', len(drgn.tasks), drgn.counted)
        idle = [t for t in got if t['pid'] == 0]
        if not drgn.idle:  # it told of those by pid alone
            got = [t for t in got if t['pid'] != 0]
        compare_records(compare, by_address, got, drgn.tasks, TASK)
    if meta['arch'] == 'x86_64' and crash.there:
        with compared(f'{name} ps, by crash') as compare:
            compare('tasks of the truth', len(crash.tasks), int(crash.system['TASKS']))
            compare_records(compare, by_address, got if drgn.idle else got + idle, crash.tasks, TASK)
    with compared(f'{name} ps, without threads') as compare:
        compare('tasks', [t['pid'] for t in document('ps', path)['tasks']], [t['pid'] for t in got + (
            [] if drgn.idle else idle) if t['tgid'] == t['pid']])


def by_name(module):
    return f'module {module["name"]}'


def check_modules(name, path, case):
    """Every module, in the list's order; sizes as lsmod shows them."""
    drgn, crash, ran = Drgn(case), crash_said(case), proc_modules(case)
    with compared(f'{name} modules') as compare:
        got = document('modules', path)['modules']
        compare('order', [m['name'] for m in got], [m['name'] for m in drgn.modules or ran])
        compare_records(compare, by_name, got, ran, ('size', 'state', 'taints'))


def check_kernel_at_work(name, path, case, meta):
    with attempt(name):
        check_tasks(name, path, case, meta)
    with attempt(name):
        check_modules(name, path, case)


def check_same(name, command, path, whole):
    """Another form of the dump says the same."""
    with compared(f'{name} {" ".join(command)}') as compare:
        got, want = (document(*command, p) for p in (path, whole))
        for document_of in (got, want):
            document_of.pop('dump')
        if got != want:
            for key in sorted(got.keys() | want.keys()):
                records = got.get(key), want.get(key)
                if all(isinstance(r, list) for r in records):
                    compare(f'{key} that this form alone has', [r for r in records[0] if r not in records[1]], [])
                    compare(f'{key} that it lacks', [r for r in records[1] if r not in records[0]], [])
                else:
                    compare(key, *records)
        compare('same', got == want, True)
