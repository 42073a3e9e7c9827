"""Crash headers of riscv64 and ppc64, prepared, against those that kexec-tools left in memory.

They aren't the same bytes. Of riscv64 kexec-tools leaves out what the kernel has reserved, describes the image up to one
byte before its bss ends, and p_vaddr is nonsense. Of ppc64 the order is another, and RTAS is described in whole pages.
"""
import os
import re

from .elf import Elf, pages_down, pages_up
from .ram import kernels_own, other_pages, ram_options, ram_slice
from .running import check, document, number, vmcore

FIELDS = 'offset', 'paddr', 'memsz', 'filesz', 'flags', 'align'


def text(case, *path):
    with open(os.path.join(case, *path), encoding='latin-1') as f:
        return f.read()


def iomem(case):
    """(depth, start, end, name) of each line."""
    line = re.compile(r'( *)(\w+)-(\w+) : (.*)')
    return [(len(m[1]) // 2, int(m[2], 16), int(m[3], 16) + 1, m[4])
            for m in map(line.match, text(case, 'first', 'proc_iomem').splitlines())]


def without(ranges, holes):
    for low, high in holes:
        ranges = [part for start, end in ranges for part in ((start, min(end, low)), (max(start, high), end))
                  if part[0] < part[1]]
    return ranges


def vmcoreinfo(case, name):
    return int(re.search(rf'^NUMBER\({name}\)=(\w+)$', text(case, 'truth', 'vmcoreinfo.txt'), re.M)[1], 0)


def prepared(case, meta, folder, *more):
    """What is told of the headers, and the headers."""
    first = os.path.join(case, 'first')
    path = os.path.join(folder, 'prepared')
    told = document('prepare', '--iomem', os.path.join(first, 'proc_iomem'),
                    '--crash-notes', os.path.join(first, 'crash_notes'),
                    '--oldmem', os.path.join(case, 'oldmem.raw'), *ram_options(meta), '--force', '-o', path,
                    '--elfcorehdr-at', hex(meta['elfcorehdr']), *more)
    return told, Elf(path)


def notes(elf):
    return [h for h in elf.headers if h['type'] == 4]


def described(loads):
    return sorted([load[f] for f in FIELDS] for load in loads)


def check_riscv64(name, case, meta, folder, kexec):
    lines = iomem(case)
    ram = [(start, end) for depth, start, end, what in lines if depth == 0 and what == 'System RAM']
    crash = [(start, end) for _, start, end, what in lines if what == 'Crash kernel']
    mapped = vmcoreinfo(case, 'PAGE_OFFSET') - vmcoreinfo(case, 'phys_ram_base')
    told, ours = prepared(case, meta, folder)
    check(f'{name}: prepared notes', notes(ours), notes(kexec))
    check(f'{name}: prepared image', {**ours.loads[0], 'memsz': 0, 'filesz': 0},
          {**kexec.loads[0], 'memsz': 0, 'filesz': 0})
    check(f'{name}: size of the image', ours.loads[0]['memsz'], pages_up(kexec.loads[0]['memsz'] + 1))
    check(f'{name}: prepared ranges', [(load['paddr'], load['paddr'] + load['memsz']) for load in ours.loads[1:]],
          without(ram, crash))
    check(f'{name}: prepared addresses', {load['vaddr'] - load['paddr'] for load in ours.loads[1:]}, {mapped})
    check(f'{name}: boot parameters', [[int(n, 16) for n in re.findall(r'0x\w+', line)]
                                       for line in told['boot_parameters']],
          [[0, meta['elfcorehdr'], 0, 4096], [0, crash[0][0], 0, crash[0][1] - crash[0][0]]])
    reserved = [(start, end) for depth, start, end, what in lines if depth == 1 and what in ('Reserved', 'Kernel image')]
    excluded = [option for start, end in reserved if without([(start, end)], crash)
                for option in ('--exclude', f'{start:#x}-{end - 1:#x}')]
    _, ours = prepared(case, meta, folder, *excluded)
    check(f'{name}: prepared without what is reserved', described(ours.loads[1:]), described(kexec.loads[1:]))


def check_ppc64(name, case, meta, folder, kexec):
    region = re.search(r'Reserving (\d+)MB of memory at (\d+)MB for crashkernel', text(case, 'first', 'dmesg.txt'))
    size, start = (int(n) << 20 for n in region.groups())
    backup = next(load for load in kexec.loads if load['offset'] != load['paddr'])
    told, ours = prepared(case, meta, folder, '--crashkernel', f'{start:#x}-{start + size - 1:#x}',
                          '--dtb', os.path.join(case, 'first', 'sys_firmware_fdt'), '--backup',
                          f'{backup["paddr"]:#x}-{backup["paddr"] + backup["memsz"] - 1:#x}@{backup["offset"]:#x}')
    check(f'{name}: prepared notes', notes(ours), notes(kexec))
    whole = [dict(load, memsz=pages_up(load['memsz']), filesz=pages_up(load['filesz'])) for load in ours.loads]
    check(f'{name}: prepared ranges', described(whole), described(kexec.loads))
    check(f'{name}: prepared addresses', {load['vaddr'] - load['paddr'] for load in ours.loads}, {0xc000 << 48})
    check(f'{name}: order', [load['paddr'] for load in ours.loads], sorted(load['paddr'] for load in ours.loads))
    check(f'{name}: boot parameter', [number(p.split('=')[1]) for p in told['boot_parameters']], [meta['elfcorehdr']])
    built = os.path.join(folder, 'vmcore')
    vmcore('build', '--no-sync', '--padding', 'oldmem', *kernels_own(case, meta), '--elfcorehdr-file',
           os.path.join(folder, 'prepared'), '-o', built, os.path.join(case, 'oldmem.raw'))
    check_memory(f'{name}: built by prepared headers', Elf(built), Elf(os.path.join(case, 'vmcore.elf')))
    os.remove(built)


def check_memory(name, built, saved):
    """Of powerpc two pages changed after they were saved: a CPU's VPA, and the rest of the firmware's page."""
    other = []
    for load in built.loads:
        want = next(s for s in saved.loads if s['paddr'] == load['paddr'])
        size = min(pages_down(load['memsz']) or load['memsz'], want['memsz'])
        other += other_pages(load, built.content(load)[:size], saved.content(want)[:size])
    check(f'{name}: pages that differ ({[hex(page) for page in other]})', len(other) <= 2, True)


CHECKS = {'riscv64': check_riscv64, 'ppc64': check_ppc64}


def check_prepared(name, case, meta, folder):
    """The headers that are prepared describe what the first kernel's iomem tells, as kexec's do."""
    path = os.path.join(folder, 'kexec')
    with open(path, 'wb') as f:
        f.write(ram_slice(case, meta, meta['elfcorehdr'], 1 << 16))
    CHECKS[meta['arch']](name, case, meta, folder, Elf(path))
