"""gdb: with a core and a vmlinux that vmcore made, and plain at vmcore's stub."""
import json
import os
import re
import subprocess
import time

from .running import VMCORE, check, document, number, vmcore
from .stackchecks import KERNEL, drgn_stacks
from .truths import Drgn

NAME = 'gdb'
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'peers', 'gdb_facts.py')


def gdb(files, root, *arguments):
    said, errors = root.run('gdb', '-q', '-batch', '-nx', *arguments, '-x', SCRIPT,
                            folders=[*files.folders(), os.path.dirname(SCRIPT)], seconds=300)
    found = re.search(r'^facts (.*)$', said, re.M)
    check(f'{files.name}: gdb {arguments}: {said[-300:]!r} {errors[-500:]!r}', bool(found), True)
    return json.loads(found[1])


def check_stacks(what, threads, case):
    """The frames of every task that slept, user space left out, are those of drgn with the real debug file."""
    truth = Drgn(case)
    running = {int(t['address'], 16) for t in truth.tasks if t.get('running')}
    want = {task: frames for task, frames in drgn_stacks(case).items() if task not in running}
    if not want:
        return
    pids = {int(t['address'], 16): t['pid'] for t in truth.tasks}
    got = {}
    for ptid, _, frames in threads:
        got.setdefault(max(ptid[1], ptid[2]), []).append([pc for pc in frames if pc >= KERNEL])
    different = [(pids[task], [hex(a) for a in frames], [[hex(a) for a in s] for s in got.get(pids[task], [])])
                 for task, frames in want.items() if pids.get(task) and frames not in got.get(pids[task], [])]
    check(f'{what}: stacks that differ', different, [])
    check(f'{what}: stacks', len(threads) >= len(want), True)


def code(files):
    """Addresses of the first instructions of panic, by the disassembler of binutils on the dump's bytes."""
    at = number(document('symbol', files.dump, 'panic')['symbols'][0]['address'])
    raw = os.path.join(files.folder, 'panic')
    with open(raw, 'wb') as f:
        f.write(vmcore('read', '--virt', hex(at), '--length', '64', '--format', 'raw', files.dump))
    said = subprocess.run(['objdump', '-D', '-b', 'binary', '-m', 'i386:x86-64', f'--adjust-vma={at:#x}', raw],
                          capture_output=True, check=True, text=True).stdout
    addresses = [int(m[1], 16) for m in re.finditer(r'^ *([0-9a-f]+):\t', said, re.M)]
    return [[a, b - a] for a, b in zip(addresses, addresses[1:])][:4]


def structures(case):
    path = os.path.join(case, 'kernel', 'structs.json')
    if not os.path.exists(path):
        return {}
    with open(path) as f:
        return json.load(f)


def check_facts(what, got, case, files):
    check(f'{what}: init_task.comm', got['comm'], 'swapper/0')
    check(f'{what}: x/4i panic', got['panic'], code(files))
    check(f'{what}: x/4i panic', len(re.findall(r'<panic(?:\+\d+)?>:', got['code'])), 4)
    check(f'{what}: ptype struct list_head', re.sub(r'\s+', ' ', got['ptype']).strip(),
          'type = struct list_head { struct list_head *next; struct list_head *prev; }')
    for name in 'task_struct', 'module':
        want = structures(case).get(f'struct {name}')
        if want:
            check(f'{what}: struct {name}: size', got[name][0], want['size'])
            check(f'{what}: struct {name}: members', [m[:2] for m in got[name][1] if m[0]],
                  [m[:2] for m in want['members'] if m[0]])
    check_stacks(what, got['threads'], case)


def check_core(name, case, files, root):
    begun = time.monotonic()
    got = gdb(files, root, files.gdb, files.core)
    print(f'{name}: gdb with a core takes {time.monotonic() - begun:.1f} s for all')
    check_facts(f'{name}: gdb, core', got, case, files)


def check_stub(name, case, files, root):
    stub = subprocess.Popen([VMCORE, 'gdb', '--port', '0', '--once', files.dump], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        port = re.search(r':(\d+)', stub.stdout.readline())[1]
        begun = time.monotonic()
        got = gdb(files, root, '-ex', f'target remote localhost:{port}')
        print(f'{name}: gdb at the stub takes {time.monotonic() - begun:.1f} s for all')
        check_facts(f'{name}: gdb, stub', got, case, files)
        check(f'{name}: the stub ends when gdb has gone', stub.wait(10), 0)
    finally:
        stub.kill()
        stub.wait()


def check_peer(name, case, files, root):
    check_core(name, case, files, root)
    check_stub(name, case, files, root)
