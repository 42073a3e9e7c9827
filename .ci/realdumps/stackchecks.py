"""What `bt` says of every task's stack, frame by frame, beside drgn (with debuginfo) and crash.

    python3 .ci/realdumps/stackchecks.py CASE...    counts the frames of each case: right, missing, invented
"""
import difflib
import os
import re
import subprocess
import sys
import tempfile

if __package__:
    from .running import check, document
else:
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
    from realdumps.running import check, document

USER_PC = {'rip', 'pc'}
# Of the kernel's own half.
KERNEL = 1 << 63


def text(case, name):
    path = os.path.join(case, 'truth', name)
    if not os.path.exists(path):
        return ''
    with open(path, encoding='latin-1') as f:
        return f.read()


def drgn_stacks(case):
    """The kernel addresses of each task's frames, inlined functions left out, by the task's address."""
    stacks = {}
    for block in text(case, 'drgn.txt').partition('--- stacks\n')[2].partition('\n--- ')[0].split('stack of ')[1:]:
        head, *rows = block.splitlines()
        frames = [int(m[1], 16) for m in (re.match(r' +#\d+ pc=0x(\w+) (?!.* inlined\b)', row) for row in rows) if m]
        stacks[int(head.split()[0], 16)] = [pc for pc in frames if pc >= KERNEL]
    return stacks


def drgn_user(case):
    """Where each task was in user space, by the task's address, as far as drgn says."""
    users = {}
    for block in text(case, 'drgn.txt').partition('--- stacks\n')[2].partition('\n--- ')[0].split('stack of ')[1:]:
        last = re.findall(r'^ +#\d+ pc=0x(\w+)', block, re.M)[-1:]
        if last and int(last[0], 16) < KERNEL:
            users[int(block.split()[0], 16)] = int(last[0], 16)
    return users


def vmcore_stacks(path, *options):
    """The same of vmcore, each stack as it prints it."""
    return {int(s['task'], 16): s for s in document('bt', '--all', *options, path)['stacks']}


def addresses(stack):
    return [int(frame['address'], 16) for frame in stack['frames']]


def compared(got, want):
    """How many frames are right, missing, and invented."""
    right = sum(size for _, _, size in difflib.SequenceMatcher(None, want, got, autojunk=False).get_matching_blocks())
    return right, len(want) - right, len(got) - right


def count(path, case):
    """right, missing, invented of all stacks, and what of which task differs."""
    truth, got = drgn_stacks(case), vmcore_stacks(path)
    total, different = [0, 0, 0], []
    for task, want in truth.items():
        stack = got.get(task, {'frames': []})
        numbers = compared(addresses(stack), want)
        total = [a + b for a, b in zip(total, numbers)]
        if numbers[1] or numbers[2]:
            different.append((hex(task), stack.get('comm'), stack.get('broken_off'),
                              [hex(a) for a in addresses(stack)], [hex(a) for a in want]))
    return total, different


def check_stacks(name, path, case):
    """Every stack that drgn told; without it, that of the panic as crash told it."""
    if drgn_stacks(case):
        (right, missing, invented), different = count(path, case)
        check(f'{name} bt: stacks that differ', different, [])
        check(f'{name} bt: frames missing and invented', (missing, invented), (0, 0))
        check(f'{name} bt: frames', right > 0, True)
        check_user(name, path, case)
    else:
        check_crashed(name, path, case)


def check_user(name, path, case):
    got = {task: int(value, 16) for task, stack in vmcore_stacks(path).items()
           for register, value in stack.get('user_registers', {}).items() if register in USER_PC}
    want = drgn_user(case)
    check(f'{name} bt: user space', {task: got.get(task) for task in want}, want)


def crash_panic(case):
    """The addresses of the frames behind __crash_kexec of the first task that crash shows."""
    rows = text(case, 'crash.txt').partition('\nPID: ')[2].partition('\nPID: ')[0].splitlines()
    frames = [(m[1], int(m[2], 16)) for m in (re.match(r' *#\d+ \[\w+\] (\S+) at (\w+)', row) for row in rows) if m]
    names = [name for name, _ in frames]
    return [pc for _, pc in frames[names.index('__crash_kexec') + 1:]] if '__crash_kexec' in names else []


def check_crashed(name, path, case):
    """The task that crashed: crash shows of arm64 the calls, not where they return to."""
    want = crash_panic(case)
    if want:
        stack = document('bt', path)['stacks'][0]
        step = 4 if 'x0' in stack['frames'][0].get('registers', {}) else 0
        check(f'{name} bt: the task that crashed', [pc - step for pc in addresses(stack)[1:]], want)


def check_expected(path, case, expected):
    """The tasks of expected.txt, by the names of their frames."""
    section = expected.partition(f'== {os.path.basename(case)}\n')[2].partition('\n== ')[0]
    stacks = vmcore_stacks(path).values()
    for row in section.splitlines():
        m = re.match(r" *\('(.*)', '(\d+)', (True|False)\) (.*)", row)
        if m:
            got = next(s for s in stacks if (s['comm'], s['pid'], s['running']) == (m[1], int(m[2]), m[3] == 'True'))
            names = [f['symbol'] for f in got['frames']]
            want = [n.rstrip('*') for n in m[4].split() if n != '?*']
            same = [a == b or a.startswith(b) for a, b in zip(names, want)]  # entry_SYSCALL_64_after_hwframe
            check(f'{case} bt: {m[1]} {m[2]}', (len(names) >= len(want), all(same)), (True, True))


def same_as(name, path, other):
    """What one form of a dump says, the others say, too."""
    check(f'{name} bt --all', document('bt', '--all', path)['stacks'], document('bt', '--all', other)['stacks'])


def filtered(dump, folder):
    """The forms that makedumpfile makes of a dump of x86_64. 1.7.2 takes slab pages of 6.12 for user memory (8)."""
    for form, options in (('elf-d31', ['-E', '-d', '31']), ('kd-zlib-d23', ['-c', '-d', '23']), ('kd-lzo-d0', ['-l'])):
        path = os.path.join(folder, form)
        subprocess.run(['makedumpfile', '--message-level', '0', *options, dump, path], stdin=subprocess.DEVNULL)
        if os.path.exists(path):
            yield form, path


def main():
    for case in sys.argv[1:]:
        dump = os.path.join(case, 'vmcore.elf')
        with tempfile.TemporaryDirectory() as folder:
            for form, path in [('vmcore.elf', dump), *filtered(dump, folder)]:
                (right, missing, invented), different = count(path, case)
                print(f'{os.path.basename(case)} {form}: {right} right, {missing} missing, {invented} invented')
                for each in different:
                    print('   ', *each)


if __name__ == '__main__':
    main()
