"""What vmcore says of the kernel in a dump, beside what was seen of it while it ran and by other tools."""
import os

from .elf import PAGE, Elf
from .running import check, check_same, document, number, run, vmcore

SAMPLES = 12


def check_log(name, path, case):
    truth = os.path.join(case, 'truth', 'vmcore-dmesg.txt')
    if os.path.exists(truth):
        with open(truth, 'rb') as f:
            check_same(f'{name}: log', vmcore('log', path), f.read())


def system_map(path):
    """The addresses of the names that stand once in a System.map."""
    found = {}
    with open(path) as f:
        for address, _, name in map(str.split, f):
            found.setdefault(name, set()).add(int(address, 16))
    return {name: addresses.pop() for name, addresses in found.items() if len(addresses) == 1}


def check_symbols(name, path, case):
    """Each symbol of the image stands as far from its place in System.map as all others do."""
    truth = os.path.join(case, 'System.map')
    if not os.path.exists(truth):
        return
    linked = system_map(truth)
    shown = {}
    # kexec-tools leaves out of riscv64's dumps what the kernel has reserved, the page tables of modules with it.
    lost = run('modules', path).returncode == 3
    for symbol in document('symbol', path, '*', code=3 if lost else 0)['symbols']:
        if 'module' not in symbol:
            shown.setdefault(symbol['name'], set()).add(number(symbol['address']))
    moved = linked['_stext']
    moved = max(shown['_stext']) - moved
    both = [n for n in linked if n in shown and linked[n] >= linked['_stext']]
    check(f'{name}: symbols of System.map', len(both) > 10_000, True)
    check(f'{name}: symbols elsewhere', [n for n in both if linked[n] + moved not in shown[n]][:5], [])


def pairs(case, kind, loads):
    """Virtual and physical addresses that the running kernel gave, of pages that are in the dump."""
    with open(os.path.join(case, 'truth', 'fxpa.txt')) as f:
        rows = [row.split() for row in f if row.startswith(kind + ' ')]
    found = [(int(vaddr, 16), int(paddr, 16)) for _, vaddr, paddr in rows]
    found = [(v, p) for v, p in found if any(0 <= p - h['paddr'] < h['filesz'] - PAGE for h in loads)]
    return found[::max(1, len(found) // SAMPLES)]


def check_virtual(name, path, case, kinds):
    if not os.path.exists(os.path.join(case, 'truth', 'fxpa.txt')):
        return
    loads = Elf(os.path.join(case, 'vmcore.elf')).loads
    for kind in kinds:
        for vaddr, paddr in pairs(case, kind, loads):
            there = [vmcore('read', place, hex(address), '--length', '256', '--format', 'raw', path)
                     for place, address in (('--virt', vaddr), ('--phys', paddr))]
            check_same(f'{name}: {kind} {vaddr:#x}', *there)


def check_kernel(name, path, case, kinds=('direct', 'image', 'vmalloc')):
    check_log(name, path, case)
    check_symbols(name, path, case)
    check_virtual(name, path, case, kinds)
