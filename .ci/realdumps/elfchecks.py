"""What vmcore says of an ELF dump, beside what the file holds."""
import hashlib
import os
import random
import re
import struct
import tempfile

from .elf import PAGE, Elf, layout, readelf
from .running import check, document, number, vmcore

EM_PPC64 = 21
EM_S390 = 22
EM_RISCV = 243


def has_virtual(elf):
    """Whether p_vaddr tells anything: for riscv64 kexec-tools 2.0.32 writes addresses of nothing."""
    return elf.machine != EM_RISCV and any(h['vaddr'] != h['paddr'] for h in elf.loads)


def check_segments(name, path, elf, saved):
    headers, chunks, size = layout(elf)
    shown = document('segments', path)['segments']
    told = readelf(elf.path)
    check(f'{name}: segments as many as readelf -lW has', len(shown), len(told))
    virtual = has_virtual(elf)
    for i, (ours, theirs, want) in enumerate(zip(shown, told, headers)):
        kind, offset, vaddr, paddr, filesz, memsz = theirs
        check(f'{name}: segment {i} type', ours['type'], kind)
        check(f'{name}: segment {i} offset', number(ours['offset']), want['offset'])
        check(f'{name}: segment {i} paddr', number(ours['paddr']), paddr)
        check(f'{name}: segment {i} memsz', number(ours['memsz']), memsz)
        check(f'{name}: segment {i} filesz', number(ours['filesz']), filesz)
        if kind == 'LOAD' and elf.machine != EM_RISCV:
            check(f'{name}: segment {i} has vaddr', 'vaddr' in ours, virtual)
        if virtual and kind == 'LOAD':
            check(f'{name}: segment {i} vaddr', number(ours['vaddr']), vaddr)
        if saved:
            check(f'{name}: segment {i} offset as readelf -lW has', number(ours['offset']), offset)
    listed = document('chunks', path)
    check(f'{name}: size', number(listed['size']), size)
    check(f'{name}: chunks', [(number(c['offset']), number(c['size']), c['kind']) for c in listed['chunks']], chunks)
    rows = vmcore('chunks', '--no-header', path).decode().splitlines()
    check(f'{name}: chunks as text', len(rows), len(chunks))


def check_notes(name, path, elf):
    shown = document('notes', path)['notes']
    wanted = list(elf.notes())
    check(f'{name}: notes', [(n['name'], n['type'], number(n['descsz'])) for n in shown],
          [(n, t, len(d)) for n, t, d in wanted])
    for note, (_, kind, desc) in zip(shown, wanted):
        if note['type_name'] == 'NT_PRSTATUS':
            check(f'{name}: pid', note['pid'], struct.unpack_from(elf.order + 'i', desc, 32)[0])
            # Registers of s390x, and the 48 words of powerpc's, don't follow each other as words.
            registers = [] if elf.machine in (EM_S390, EM_PPC64) else list(note['registers'].values())
            check(f'{name}: registers', [number(r) for r in registers],
                  list(struct.unpack_from(f'{elf.order}{len(registers)}Q', desc, 112)))
    info = b''.join(d for n, _, d in wanted if n == 'VMCOREINFO')
    if elf.machine != EM_S390 or info:  # without a note s390x's is had by a pointer in memory: check_meta
        check(f'{name}: vmcoreinfo', vmcore('vmcoreinfo', path, code=0 if info else 1), info)
    with tempfile.TemporaryDirectory() as folder:
        raw = os.path.join(folder, 'notes')
        vmcore('notes', '--raw', raw, path)
        offset = document('segments', path)['segments'][0]
        image = vmcore('read', '--offset', offset['offset'], '--length', offset['filesz'], '--format', 'raw', path)
        with open(raw, 'rb') as f:
            check(f'{name}: notes --raw', f.read(), image)


def check_bytes(name, path, elf):
    rng = random.Random(4)
    headers, _, size = layout(elf)
    image = vmcore('read', '--offset', '0', '--length', str(size), '--format', 'raw', path)
    check(f'{name}: image size', len(image), size)
    for load, header in zip(elf.loads, headers[1:]):
        content = elf.content(load)
        check(f'{name}: bytes of {load["paddr"]:#x}',
              hashlib.sha256(image[header['offset']:header['offset'] + len(content)]).hexdigest(),
              hashlib.sha256(content).hexdigest())
    used = bytearray(size)
    for header in headers:
        used[header['offset']:header['offset'] + header['memsz']] = b'\1' * header['memsz']
    used[:64 + 56 * len(headers)] = b'\1' * (64 + 56 * len(headers))
    padding = bytes(b for at in range(0, size, PAGE) if 0 in used[at:at + PAGE]
                    for b, u in zip(image[at:at + PAGE], used[at:at + PAGE]) if not u)
    check(f'{name}: padding is zero', any(padding), False)
    firsts = [h for h in elf.loads if h['filesz']]
    virtual = has_virtual(elf)
    for load in rng.sample(firsts, min(4, len(firsts))):
        if any(o is not load and o['paddr'] < load['paddr'] + load['memsz']
               and load['paddr'] < o['paddr'] + o['memsz'] for o in elf.loads):
            continue
        at = rng.randrange(load['filesz'])
        want = elf.content(load)[at:at + 1000]
        check(f'{name}: read --phys', vmcore('read', '--phys', hex(load['paddr'] + at), '--length', str(len(want)),
                                             '--format', 'raw', path), want)
        if virtual:
            check(f'{name}: read --virt', vmcore('read', '--virt', hex(load['vaddr'] + at), '--length',
                                                 str(len(want)), '--format', 'raw', path), want)
    if not virtual and elf.machine != EM_S390 and elf.machine != EM_RISCV:
        vmcore('read', '--virt', '0x1000', path, code=1)


def check_translate(name, path, elf, meta, case):
    """Page tables lead where the PT_LOADs say, and in vmalloc to what a module filled it with."""
    rng = random.Random(5)
    half = 48 if meta['arch'] == 'aarch64' else 47
    text = 0xffffffff80000000 if half == 47 else max(h['vaddr'] for h in elf.loads)
    direct = [h for h in elf.loads if h['vaddr'] >> half == (1 << 64 - half) - 1 and h['vaddr'] < text
              and h['memsz'] >= 0x400000]
    for load in rng.sample(direct, min(3, len(direct))):
        at = rng.randrange(0x100000, load['memsz'] - 0x100000)
        told = document('translate', path, hex(load['vaddr'] + at))
        check(f'{name}: translate {load["vaddr"] + at:#x}', number(told['physical']), load['paddr'] + at)
        check(f'{name}: steps', [s['level'] for s in told['steps']][:1], ['PGD'])
    truth = os.path.join(case, 'truth', 'fxcs.txt')
    if os.path.exists(truth):
        with open(truth) as f:
            nodes = re.findall(r'node (\d) .* buf=(0x\w+) size=(\d+)', f.read())
        check(f'{name}: nodes', len(nodes), 3)
        for node, address, size in nodes:
            with open(os.path.join(case, 'truth', f'buf-{node}.bin'), 'rb') as f:
                check(f'{name}: buffer {node}', vmcore('read', '--virt', address, '--length', size, '--format', 'raw',
                                                       path), f.read())


def check_extract(name, path, elf):
    with tempfile.TemporaryDirectory() as folder:
        vmcore('extract', '--all', '-o', folder, path)
        files = sorted(os.listdir(folder))
        check(f'{name}: extracted files', len(files), len(elf.loads))
        wanted = {hashlib.sha256(elf.content(h) + bytes(h['memsz'] - h['filesz'])).hexdigest() for h in elf.loads}
        for file in files:
            full = os.path.join(folder, file)
            with open(full, 'rb') as f:
                check(f'{name}: {file}', hashlib.file_digest(f, 'sha256').hexdigest() in wanted, True)
            check(f'{name}: mode of {file}', os.stat(full).st_mode & 0o777, 0o600)


def check_pages(name, path, elf):
    states = {}
    for load in elf.loads:
        for pfn in range(load['paddr'] // PAGE, -(-(load['paddr'] + load['memsz']) // PAGE)):
            begin = max(pfn * PAGE, load['paddr'])
            end = min((pfn + 1) * PAGE, load['paddr'] + load['memsz'])
            present = end <= load['paddr'] + load['filesz']
            none = begin >= load['paddr'] + load['filesz']
            states.setdefault(pfn, []).append('present' if present else 'excluded' if none else 'mixed')
    sure = {p: s[0] for p, s in states.items() if len(set(s)) == 1 and s[0] != 'mixed'}
    shown = {}
    for row in document('pages', path)['ranges']:
        if row['state'] != 'not_ram':
            shown.update(dict.fromkeys(range(row['pfn'], row['pfn'] + row['count']), row['state']))
    check(f'{name}: page frames with RAM', set(shown) == set(states), True)
    check(f'{name}: page states', [p for p, s in sure.items() if shown.get(p) != s][:5], [])
    counts = document('info', path)['pages']
    for state in ('present', 'excluded', 'lost'):
        check(f'{name}: {state} pages', counts.get(state, 0), sum(s == state for s in shown.values()))


def check_meta(name, path, meta, case, format='elf', envelopes=()):
    info = document('info', path)
    check(f'{name}: format', info['format'], format)
    check(f'{name}: envelopes', info.get('envelopes', []), list(envelopes))
    check(f'{name}: arch', info['arch'], {'aarch64': 'arm64'}.get(meta['arch'], meta['arch']))
    check(f'{name}: page size', number(info['page_size']), meta.get('page_size', PAGE))
    if 'release' in meta:
        check(f'{name}: release', info['release'], meta['release'])
    if 'smp' in meta:
        check(f'{name}: cpus', 1 <= info['cpus'] <= meta['smp'], True)
    truth = os.path.join(case, 'truth', 'vmcoreinfo.txt')
    if os.path.exists(truth):
        with open(truth, 'rb') as f:
            check(f'{name}: vmcoreinfo as in truth', vmcore('vmcoreinfo', path).strip(), f.read().strip())
    vmcore('info', path)
    check(f'{name}: verify', document('verify', path)['ok'], True)


def check_saved(name, path, meta, elf):
    """A saved /proc/vmcore, with old memory's padding, is that very file."""
    size = os.path.getsize(path)
    image = vmcore('read', '--padding', 'oldmem', '--offset', '0', '--length', str(size + PAGE), '--format', 'raw',
                   path)
    check(f'{name}: SHA-256 of the whole image', hashlib.sha256(image).hexdigest(), meta['sha256'])


def check_truncated(name, path):
    with tempfile.TemporaryDirectory() as folder:
        cut = os.path.join(folder, 'cut')
        size = os.path.getsize(path) // 2 + 123
        with open(path, 'rb') as source, open(cut, 'wb') as f:
            f.write(source.read(size))
        info = document('info', cut, code=3)
        check(f'{name}: truncated: lost pages', info['pages']['lost'] > 0, True)
        check(f'{name}: truncated: verify', document('verify', cut, code=3)['ok'], False)
        noted = any(n == 'VMCOREINFO' for n, _, _ in Elf(path).notes())
        kept = Elf(path).machine == EM_S390  # low in memory, and so is the pointer to it
        vmcore('vmcoreinfo', cut, code=0 if noted or kept else 3)  # it may have been in what is lost
        last = Elf(path).loads[-1]
        vmcore('read', '--phys', hex(last['paddr'] + last['filesz'] - 64), '--format', 'raw', cut, code=3)
        check(f'{name}: truncated: ??', b'??' in vmcore(
            'read', '--phys', hex(last['paddr'] + last['filesz'] - 64), cut, code=3), True)


def check_elf(name, path, elf, saved):
    check_segments(name, path, elf, saved)
    check_notes(name, path, elf)
    check_bytes(name, path, elf)
    check_pages(name, path, elf)
    check_extract(name, path, elf)
