"""What vmcore says of a kdump-compressed dump, beside what another reader finds in it."""
import os
import random
import struct
import tempfile

from .elf import PAGE, layout
from .elfchecks import check_meta, check_notes
from .running import check, check_refused, check_same, document, number, vmcore

FILL = 0xa5


def dump_arguments(paths):
    """A dump's file, the other files as its parts."""
    return [paths[0], *(argument for path in paths[1:] for argument in ('--part', path))]


def shown_states(dump, code):
    states = {}
    for row in document('pages', *dump, code=code)['ranges']:
        if row['state'] != 'not_ram':
            states.update(dict.fromkeys(range(row['pfn'], row['pfn'] + row['count']), row['state']))
    return states


def check_states(name, dump, kdump, damaged=False):
    """Each page frame's state is what bitmaps and descriptors say, and info counts them."""
    lost = kdump.count('lost')
    shown = shown_states(dump, 3 if lost else 0)
    check(f'{name}: page frames with RAM', set(shown) == set(kdump.states), True)
    check(f'{name}: page states (pfn, shown, in the file)',
          [(hex(p), shown.get(p), s) for p, s in kdump.states.items() if shown.get(p) != s][:5], [])
    info = document('info', *dump, code=3 if lost or damaged else 0)
    for state in ('present', 'excluded', 'lost'):
        check(f'{name}: {state} pages', info['pages'][state], kdump.count(state))
    check(f'{name}: format', info['format'], 'kdump')
    return info


def read_image(dump, size, code=0):
    return vmcore('read', '--offset', '0', '--length', str(size), '--format', 'raw', '--fill', hex(FILL), *dump,
                  code=code)


def check_image(name, dump, kdump):
    """Every page of the image, lost ones marked."""
    headers, _, size = layout(kdump)
    image = read_image(dump, size)
    check(f'{name}: image size', len(image), size)
    check_same(f'{name}: pages', image[size - len(kdump.image):],
               kdump.picture(FILL) if kdump.count('lost') else kdump.image)
    first = kdump.files[0]
    notes = headers[0]
    check_same(f'{name}: bytes of the notes', image[notes['offset']:notes['offset'] + notes['filesz']],
               first.content.bytes(first.note_at, notes['filesz']))
    phnum, = struct.unpack_from('<H', image, 56)
    check(f'{name}: e_phnum', phnum, len(headers))


def check_segments(name, dump, kdump):
    """The runs of the first bitmap are the PT_LOADs."""
    headers, chunks, size = layout(kdump)
    shown = document('segments', *dump)['segments']
    check(f'{name}: segments', [(number(s['offset']), number(s['paddr']) if s['type'] == 'LOAD' else 0,
                                 number(s['memsz'])) for s in shown],
          [(h['offset'], h['paddr'], h['memsz']) for h in headers])
    listed = document('chunks', *dump)
    check(f'{name}: size', number(listed['size']), size)
    check(f'{name}: chunks', [(number(c['offset']), number(c['size']), c['kind']) for c in listed['chunks']], chunks)


def check_reads(name, dump, kdump):
    """Pieces by physical address, excluded and absent memory among them."""
    rng = random.Random(4)
    present = sorted(kdump.pages)
    for pfn in rng.sample(present, 3):
        at = rng.randrange(PAGE)
        want = (kdump.pages[pfn] + kdump.pages.get(pfn + 1, b''))[at:at + 1000]
        check_same(f'{name}: read --phys {pfn * PAGE + at:#x}', vmcore(
            'read', '--phys', hex(pfn * PAGE + at), '--length', str(len(want)), '--format', 'raw', *dump), want)
    excluded = [p for p, s in kdump.states.items() if s == 'excluded']
    if excluded:
        where = ['--phys', hex(rng.choice(excluded) * PAGE + 0x10), '--length', '32']
        check(f'{name}: excluded bytes', vmcore('read', *where, *dump).count(b'??'), 32)
        check(f'{name}: excluded bytes, raw', vmcore('read', *where, '--format', 'raw', *dump), bytes(32))
    hole = next(p for p in range(kdump.ram[-1] + 2) if p not in kdump.states)
    check_refused(f'{name}: no RAM', 'read', '--phys', hex(hole * PAGE), '--length', '16', '--format', 'raw', *dump)


def check_extract(name, dump, kdump):
    with tempfile.TemporaryDirectory() as folder:
        vmcore('extract', '--all', '--no-sync', '-o', folder, *dump, code=3 if kdump.count('lost') else 0)
        files = {f'load-{i}.bin': load for i, load in enumerate(kdump.loads, 1)}
        check(f'{name}: extracted files', sorted(os.listdir(folder)), sorted(files))
        at = 0
        for file, load in files.items():
            with open(os.path.join(folder, file), 'rb') as f:
                check_same(f'{name}: {file}', f.read(), kdump.image[at:at + load['memsz']])
            at += load['memsz']


def check_kdump(name, path, kdump, case, meta, envelopes=()):
    """Every command on a whole dump of one file."""
    check_meta(name, path, meta, case, 'kdump', envelopes)
    check_states(name, [path], kdump)
    check_segments(name, [path], kdump)
    check_notes(name, path, kdump)
    check(f'{name}: VMCOREINFO', vmcore('vmcoreinfo', path), kdump.vmcoreinfo())
    check_image(name, [path], kdump)
    check_reads(name, [path], kdump)
    check_extract(name, [path], kdump)
    if 'qemu' in name:
        findings = [f['message'] for f in document('verify', path)['findings']]
        check(f"{name}: QEMU's phys_base", any('not believed' in message for message in findings), True)


def check_quickly(name, paths, kdump, envelopes=(), damaged=False):
    """States and every byte."""
    dump = dump_arguments(paths)
    info = check_states(name, dump, kdump, damaged)
    check(f'{name}: envelopes', info.get('envelopes', []), list(envelopes))
    check_image(name, dump, kdump)


def check_damaged(name, paths, kdump, envelopes=()):
    """A dump of which something is lost: exactly that is missing, whichever command looks."""
    dump = dump_arguments(paths)
    check_quickly(name, paths, kdump, envelopes, damaged=True)
    check(f'{name}: verify', document('verify', *dump, code=3)['ok'], False)
    check_segments(name, dump, kdump)
    lost = [p for p in kdump.ram if kdump.states[p] == 'lost']
    where = ['--phys', hex(lost[0] * PAGE + 0x10), '--length', '32']
    check(f'{name}: lost bytes', vmcore('read', *where, *dump, code=3).count(b'??'), 32)
    before = kdump.ram.index(lost[0]) * PAGE
    headers, _, size = layout(kdump)
    image = vmcore('read', '--offset', '0', '--length', str(size), '--format', 'raw', *dump, code=3)
    start = size - len(kdump.image)
    check_same(f'{name}: bytes up to the first lost one', image[start:], kdump.image[:before])
    check_extract(name, dump, kdump)


def check_truth(name, kdump, memory):
    """The other reader is right: its pages are those of the ELF dump, with zeros where no PT_LOAD is."""
    check(f'{name}: pages not as in the ELF dump',
          [hex(p) for p, page in kdump.pages.items() if page != memory.page(p)][:5], [])
    ram = set(kdump.ram)
    check(f'{name}: pages that the first bitmap lacks', [hex(p) for p in memory.whole if p not in ram][:5], [])
    check(f'{name}: pages in the first bitmap only',
          [hex(p) for p in ram if p not in memory.whole and p not in memory.pieces][:5], [])
