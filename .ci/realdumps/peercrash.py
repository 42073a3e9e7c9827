"""crash, with the commands that its recorded words are of."""
import os
import re
import time

from . import peerdifferences
from .running import check

NAME = 'crash'
COMMANDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'peers', 'crash-commands')
MARK = '@@@'

FIRST = ['set scroll off', 'sys', 'bt', 'bt -a', 'log', 'ps', 'kmem -i', 'kmem -n', 'mod', 'p init_uts_ns',
         'rd -s linux_banner 20', 'p -x phys_base', 'vtop init_task', 'quit']
OTHER = ['set scroll off', 'sys', 'mach', 'bt', 'bt -a', 'log', 'ps', 'ps -m', 'kmem -i', 'kmem -n', 'kmem -f', 'kmem -s', 'mod',
         'mod -s fxcrash {module}', 'bt', 'p init_uts_ns', 'foreach bt', 'ps fx-open',
         'foreach fx-open files', 'foreach fx-open vm', 'runq', 'timer', 'quit']


def recorded(case):
    with open(os.path.join(case, 'truth', 'crash.txt'), encoding='latin-1') as f:
        return f.read().splitlines()


def commands(case, files):
    lines = OTHER if os.path.exists(os.path.join(case, 'truth', 'cause.txt')) else FIRST
    return [line.format(module=os.path.join(files.modules, 'fxcrash.ko')) for line in lines]


def normalised(lines):
    """Without the names of files, which can't be the same, a module's folder, and the numbers of gdb's values."""
    for line in lines:
        line = re.sub(r'^( +(?:KERNEL|DUMPFILE): )\S+', r'\1…', line)
        line = re.sub(r'/\S*/(?=fxcrash\.ko)', '', line)
        yield re.sub(r'^(\w+ = )\$\d+ = ', r'\1', line).rstrip()


def without_variables_of_modules(lines):
    """What was recorded of fx_state and fx_mutex: BTF has no types of modules' variables, so they aren't asked for."""
    inside = False
    for line in lines:
        inside = inside or re.match(r'fx_\w+ = \{', line) is not None
        if not inside:
            yield line
        inside = inside and line != '}'


def check_with(name, case, files, root, vmlinux):
    said, errors = root.run('crash', '-s', vmlinux, files.dump, folders=files.folders(),
                            stdin='\n'.join(commands(case, files)) + '\n')
    peerdifferences.compare('crash', name, list(normalised(said.splitlines())),
                            list(without_variables_of_modules(normalised(recorded(case)))))


def check_start(name, files, root, vmlinux):
    """It starts, says what the system is, and ends."""
    begun = time.monotonic()
    said, errors = root.run('crash', '-s', vmlinux, files.dump, folders=files.folders(), stdin='sys\nquit\n')
    check(f'{name}: crash with {os.path.basename(vmlinux)}: {errors[-300:]!r}', 'RELEASE:' in said, True)
    return time.monotonic() - begun


def check_peer(name, case, files, root):
    if not peerdifferences.knows('crash', name):
        return
    check_with(name, case, files, root, files.vmlinux)
    print(f'{name}: crash starts in {check_start(name, files, root, files.vmlinux):.1f} s, '
          f'without text in {check_start(name, files, root, files.bare):.1f} s')


def answers(files, root, vmlinux):
    """What it says to each of many commands, without the numbers of gdb's values."""
    with open(COMMANDS) as f:
        commands = f.read().splitlines()
    # The shell tells where each begins.
    asked = ''.join(f'!echo {MARK}{i}\n{command}\n' for i, command in enumerate(commands))
    said, _ = root.run('crash', '-s', vmlinux, files.dump, folders=[*files.folders(), os.path.dirname(vmlinux)],
                       stdin=asked + 'quit\n', seconds=900)
    parts = re.split(rf'^{MARK}(\d+)\n', said, flags=re.M)[1:]
    return {commands[int(i)]: re.sub(r'\$\d+ = ', '', part) for i, part in zip(parts[::2], parts[1::2])}


def tell_differences(name, files, root, real):
    """Prints which of many commands say something else with the kernel's real debug file."""
    ours, theirs = (answers(files, root, vmlinux) for vmlinux in (files.vmlinux, real))
    others = [command for command in theirs if ours.get(command) != theirs[command]]
    print(f'{name}: {len(theirs) - len(others)} of {len(theirs)} commands say the same; not: {", ".join(others)}')
