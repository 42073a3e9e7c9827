"""What gdb says of a dump without debuginfo, through `vmcore gdb` and through `vmcore core` with a vmlinux made of the
dump: every task's stack beside drgn's (which had the debug file), and a few commands.

    python3 .ci/realdumps/gdbchecks.py CASE FORM...    FORM is a dump in the case's folder; GDB names the gdb

arm64's dumps need a gdb that knows the machine: gdb-multiarch, if there is one.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

if __package__:
    from .running import VMCORE, check, document
    from .stackchecks import drgn_stacks
else:
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
    from realdumps.running import VMCORE, check, document
    from realdumps.stackchecks import drgn_stacks

KERNEL = 1 << 63
IDLE = 10_000_000


def gdb():
    """The gdb to run, or None."""
    return os.environ.get('GDB') or shutil.which('gdb-multiarch') or shutil.which('gdb')


def asked(lines, *files):
    """What gdb prints when it is given these commands."""
    options = [word for line in ['set pagination off', 'set width 0', *lines] for word in ('-ex', line)]
    return subprocess.run([gdb(), '-q', '-nx', '-batch', *options, *files], stdin=subprocess.DEVNULL, timeout=600,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding='latin-1', check=False).stdout


def stacks(said):
    """The kernel addresses of each thread's frames, by its number."""
    found = {}
    for block in re.split(r'\nThread \d+ \(', said)[1:]:
        number = int(re.match(r'(?:LWP|Thread) (\d+)', block)[1])
        frames = [int(m[1], 16) for m in re.finditer(r'^#\d+ +0x(\w+) in ', block, re.M)]
        found[number] = [pc for pc in frames if pc >= KERNEL]
    return found


def numbers(path):
    """Each task's thread number, and whether a CPU ran it, by the task's address."""
    tasks = document('ps', path)['tasks']
    return {int(t['address'], 16): (t['pid'] or IDLE + t['cpu'], t['running']) for t in tasks}


def check_stacks(name, path, case, said):
    truth, got, of = drgn_stacks(case), stacks(said), numbers(path)
    sleeping = {task: want for task, want in truth.items() if task in of and not of[task][1]}
    different = [(hex(task), [hex(a) for a in got.get(of[task][0], [])], [hex(a) for a in want])
                 for task, want in sleeping.items() if got.get(of[task][0]) != want]
    check(f'{name}: stacks that differ', different, [])
    check(f'{name}: stacks', bool(sleeping) or not truth, True)
    running = {task: want for task, want in truth.items() if task in of and of[task][1]}
    different = [(hex(task), [hex(a) for a in got.get(of[task][0], [])], [hex(a) for a in want])
                 for task, want in running.items() if got.get(of[task][0]) != want]
    check(f'{name}: stacks of CPUs that differ', different, [])


COMMANDS = ['p init_task.comm', 'ptype struct list_head', 'x/4i panic', 'x/2gx 0x7fff00000000', 'thread apply all -s bt']


def check_commands(name, path, said):
    check(f'{name}: p init_task.comm', 'swapper' in said, True)
    check(f'{name}: ptype', 'struct list_head *next;' in said, True)
    check(f'{name}: x/4i panic', len(re.findall(r'^ +0x\w+ <panic[+>]', said, re.M)), 4)
    check(f'{name}: what is not there', 'Cannot access memory at address 0x7fff00000000' in said, True)


def check_gdb(name, path, case):
    """Both ways of a dump."""
    with tempfile.TemporaryDirectory() as folder:
        vmlinux, core = os.path.join(folder, 'vmlinux'), os.path.join(folder, 'core')
        for line in (['debuginfo', '--for', 'gdb', '-o', vmlinux, path], ['core', '-o', core, path]):
            subprocess.run([VMCORE, *line], check=False, stdout=subprocess.DEVNULL)
        said = asked(COMMANDS, vmlinux, core)
        check_commands(f'{name} core', path, said)
        check_stacks(f'{name} core', path, case, said)
    # gdb's own two seconds are too few for a first answer on a busy machine.
    said = asked(['set remotetimeout 60', f'target remote | {VMCORE} gdb --stdio {path}', *COMMANDS])
    check_commands(f'{name} target remote', path, said)
    check_stacks(f'{name} target remote', path, case, said)


def check_where_installed(name, path, case, meta):
    """A gdb of this machine alone knows no other one; without debug files for drgn there is nothing to compare."""
    knows = meta['arch'] == os.uname().machine or shutil.which('gdb-multiarch')
    if gdb() and knows and drgn_stacks(case):
        check_gdb(name, path, case)


if __name__ == '__main__':
    for form in sys.argv[2:]:
        check_gdb(os.path.basename(sys.argv[1]) + '/' + form, os.path.join(sys.argv[1], form), sys.argv[1])
