"""What convert writes, read by others: page by page by a reader that shares no code with vmcore, and by makedumpfile, drgn
and zstd where they are there. Nothing is lost on any way, and nothing becomes what it wasn't."""
import json
import os
import shutil
import subprocess
import tempfile

from . import explained
from .content import content
from .elf import Elf
from .kdump import Kdump, OldMemory
from .kdumpchecks import check_truth, dump_arguments, shown_states
from .running import VMCORE, attempt, check, check_same, document, vmcore

CODECS = 'none', 'zlib', 'lzo', 'snappy', 'zstd'
DRGN = '''
import sys, drgn
program = drgn.Program()
program.set_core_dump(sys.argv[1])
with open(sys.argv[2], 'rb') as wanted:
    for pfn in map(int, sys.argv[3:]):
        if program.read(pfn * 4096, 4096, physical=True) != wanted.read(4096):
            print(pfn)
'''


# Those that are looked at each time.
USUAL = 'x86-61-s', 'frac4-c', 'arm-61-c', 'x86-new-sysrq'


def is_there(case):
    with open(os.path.join(case, 'meta.json')) as f:
        known = json.load(f)['arch'] in ('x86_64', 'aarch64')
    return known and os.path.exists(os.path.join(case, 'vmcore.elf')) and (
        explained.everything or os.path.basename(case) in USUAL)


def written(folder, source, *how):
    """The file that convert makes of a dump; its findings are told by the exit status."""
    path = os.path.join(folder, 'out')
    vmcore('convert', '--force', '--no-sync', *how, '-o', path, source)
    return path


def same_as_source(name, arguments, source, code=0):
    """Page states and notes are those of the source; what is told of its kernel, too."""
    check(f'{name}: pages', document('pages', *arguments, code=code)['ranges'], document('pages', *source, code=code)['ranges'])
    for command in 'vmcoreinfo', 'log':
        check_same(f'{name}: {command}', vmcore(command, *arguments), vmcore(command, *source))


def check_kdump(name, path, memory, source):
    kdump = Kdump(content(path))
    check_truth(name, kdump, memory)
    check(f'{name}: lost pages', kdump.count('lost'), 0)
    check(f'{name}: excluded pages', kdump.count('excluded'), 0)
    check(f'{name}: VMCOREINFO', kdump.vmcoreinfo() in open(source, 'rb').read(1 << 20), True)
    return kdump


def check_makedumpfile(name, path, memory, folder, x86):
    """makedumpfile packs it once more, and the pages are the same."""
    if not x86 or not shutil.which('makedumpfile'):
        return
    again = os.path.join(folder, 'again')
    done = subprocess.run(['makedumpfile', '--message-level', '0', '-c', '-d', '0', path, again], capture_output=True)
    check(f'{name}: makedumpfile says {done.stderr[-200:]}', done.returncode, 0)
    kdump = Kdump(content(again))
    check(f'{name}: pages not the same behind makedumpfile',
          [hex(p) for p, page in kdump.pages.items() if page != memory.page(p)][:5], [])
    os.unlink(again)


def check_drgn(name, path, memory, folder):
    """drgn reads pages by their physical addresses."""
    if subprocess.run(['/usr/bin/python3', '-c', 'import drgn'], capture_output=True).returncode:
        return
    pfns = list(memory.whole)[::97]
    wanted = os.path.join(folder, 'wanted')
    with open(wanted, 'wb') as f:
        f.writelines(memory.page(pfn) for pfn in pfns)
    done = subprocess.run(['/usr/bin/python3', '-c', DRGN, path, wanted, *map(str, pfns)], capture_output=True)
    check(f'{name}: drgn', (done.returncode, done.stdout, done.stderr[-200:]), (0, b'', b''))


def check_elf(name, path, memory, source):
    elf = Elf(path)
    copy = OldMemory(elf)
    check(f'{name}: pages not as in the source',
          [hex(p) for p in memory.whole if copy.page(p) != memory.page(p)][:5], [])
    same_as_source(name, [path], [source])


def check_all(name, case, source, memory, folder, x86):
    for how in CODECS:
        with attempt(f'{name}, {how}'):
            path = written(folder, source, '--compress', how)
            check_kdump(f'{name}, {how}', path, memory, source)
            if how in ('zlib', 'lzo'):
                check_makedumpfile(f'{name}, {how}', path, memory, folder, x86)
            if how in ('zlib', 'zstd'):
                check_drgn(f'{name}, {how}', path, memory, folder)
    same_as_source(f'{name}, zstd', [path], [source])
    with attempt(f'{name}, through a pipe'):
        check_pipe(f'{name}, through a pipe', source, memory, folder)
    with attempt(f'{name}, split'):
        check_split(f'{name}, split', source, memory, folder)
    with attempt(f'{name}, elf'):
        path = written(folder, source, '--to', 'elf')
        check_elf(f'{name}, elf', path, memory, source)
        check_makedumpfile(f'{name}, elf', path, memory, folder, x86)
    with attempt(f'{name}, elf in zstd'):
        packed = written(folder, source, '--to', 'elf', '--compress', 'zstd')
        same_as_source(f'{name}, elf in zstd', [packed], [source])
        plain = os.path.join(folder, 'plain')
        subprocess.run(['zstd', '-q', '-d', '-f', '-o', plain, packed], check=True)
        check_elf(f'{name}, elf in zstd', plain, memory, source)
    with attempt(f'{name}, zeros'):
        path = written(folder, source, '-d', '1', '-l')
        kdump = check_kdump(f'{name}, zeros', path, memory, source)
        check(f'{name}, zeros: the level', kdump.files[0].dump_level & 1, 1)


def check_pipe(name, source, memory, folder):
    """Flattened into a pipe, and out of it written anew."""
    path = os.path.join(folder, 'out')
    with subprocess.Popen([VMCORE, 'convert', '-l', '-o', '-', source], stdout=subprocess.PIPE) as first:
        second = subprocess.run([VMCORE, 'convert', '--force', '--no-sync', '-z', '-o', path, '-'], stdin=first.stdout,
                                capture_output=True)
    check(f'{name}: exit codes', (first.returncode, second.returncode), (0, 0))
    check_kdump(name, path, memory, source)


def check_split(name, source, memory, folder):
    path = os.path.join(folder, 'part')
    vmcore('convert', '--force', '--no-sync', '-l', '--split', '3', '-o', path, source)
    parts = [f'{path}.{n}' for n in (1, 2, 3)]
    check_truth(name, Kdump(*map(content, parts)), memory)
    sizes = [len(Kdump(content(part)).pages) for part in parts]
    check(f'{name}: the parts have as many pages', max(sizes) - min(sizes) <= 2 + max(sizes) // 100, True)
    same_as_source(name, dump_arguments(parts), [source])
    whole = os.path.join(folder, 'whole')
    vmcore('convert', '--force', '--no-sync', '-c', '-o', whole, *dump_arguments(parts))
    check_kdump(f'{name}, joined', whole, memory, source)


def check_filtered(name, path, folder):
    """A filtered dump written anew has the same pages left out, and no others: but for those that the source has in part,
    which a kdump-compressed file has whole. The command tells how many."""
    with attempt(f'{name}, elf'):
        same_as_source(f'{name}, elf', [written(folder, path, '--to', 'elf')], [path])
    with attempt(f'{name}, kdump'):
        again = os.path.join(folder, 'out')
        told = document('convert', '--force', '--no-sync', '-z', '-o', again, path)['findings']
        partial = sum(int(each['message'].split()[0]) for each in told if each['check'] == 'partial_pages')
        before, after = shown_states([path], 0), shown_states([again], 0)
        changed = [(before.get(pfn), state) for pfn, state in after.items() if before.get(pfn) != state]
        check(f'{name}, kdump: pages with RAM', set(after), set(before))
        check(f'{name}, kdump: pages that changed', changed, [('excluded', 'present')] * partial)
        for command in 'vmcoreinfo', 'log':
            check_same(f'{name}, kdump: {command}', vmcore(command, again), vmcore(command, path))


def check_convert(name, case, form, meta):
    source = os.path.join(case, 'vmcore.elf')
    memory = OldMemory(Elf(source))
    with tempfile.TemporaryDirectory() as folder:
        check_all(name, case, source, memory, folder, meta['arch'] == 'x86_64')
        for filtered in 'mdf/kd-zlib-d31', 'mdf/elf-d31', 'kd-zstd-d31', 'kd-zlib-d31':
            path = os.path.join(case, filtered)
            if os.path.exists(path):
                check_filtered(f'{name}, {filtered}', path, folder)
