"""Dumps that were cut, whose disk was full, or of which a part is missing."""
import itertools
import json
import os
import random
import shutil
import struct
import subprocess

from .content import Content, Flattened, content, is_flattened, mapped
from .elf import PAGE, Elf, layout
from .kdump import Kdump, KdumpFile
from .kdumpchecks import (FILL, check_damaged, check_quickly, check_states, dump_arguments, read_image,
                          shown_states)
from .running import attempt, check, check_refused, check_same, document, number, run, vmcore


def write(folder, data, name='damaged'):
    path = os.path.join(folder, name)
    with open(path, 'wb') as f:
        f.write(data)
    return path


def check_nothing_left(name, path):
    """A file without the headers that tell of its pages is refused, or opens without any."""
    if run('info', path).returncode == 1:
        check_refused(name, 'info', path)
    else:
        check(f'{name}: present pages', document('info', path, code=3)['pages']['present'], 0)


def kdump_places(path):
    """Where a kdump-compressed file is cut: in each of its parts, and at their borders."""
    file = KdumpFile(content(path))
    end = file.table + 24 * len(file.index)
    rng = random.Random(6)
    size = os.path.getsize(path)
    return [0, 5, 8, 200, 463, 464, 4096, 4096 + 60, file.note_at + 100, file.bitmap_at, file.bitmap_at + 100,
            file.table - 100, file.table, file.table + 24 * 1000 + 7, end - 1, end, end + PAGE,
            rng.randrange(end, size), rng.randrange(end, size), size - 1]


def flattened_places(path):
    """Where a flattened file is cut: in its header and first records, at borders, inside of records."""
    packed = mapped(path)
    borders, at = [], 4096
    while True:
        offset, size = struct.unpack_from('>qq', packed, at)
        if offset == -1:
            break
        borders.append((at, size))
        at += 16 + size
    rng = random.Random(7)
    places = [0, 16, 4095, 4096]
    for at, size in borders[:3]:
        places += [at + 16, at + 16 + size // 2, at + 16 + size]
    for at, size in rng.sample(borders[10:], 4):
        places += [at + rng.randrange(16 + size)]
    at, size = rng.choice(borders[10:])
    return places + [at, len(packed) - 16, len(packed) - 1]


def flatten(data, offsets, piece=1 << 16, before=()):
    """A flattened file of `data` with a record for the bytes at each of `offsets`."""
    records = [*before, *((offset, data[offset:offset + piece]) for offset in offsets)]
    return b''.join([b'makedumpfile\0\0\0\0' + struct.pack('>QQ', 1, 1) + bytes(4064),
                     *(struct.pack('>QQ', offset, len(got)) + got for offset, got in records), b'\xff' * 16])


def check_record_order(name, path, folder):
    """Records in any order; where two write the same bytes the later one counts."""
    data = mapped(path)
    offsets = list(range(0, len(data), 1 << 16))
    random.Random(8).shuffle(offsets)
    garbage = [(offset + 1000, b'\x5a' * 100_000) for offset in offsets[:50]]
    file = write(folder, flatten(data, offsets, before=[(o, g) for o, g in garbage if o + len(g) <= len(data)]))
    whole = ['read', '--offset', '0', '--length', str(1 << 40), '--format', 'raw']
    check_same(f'{name}: image', vmcore(*whole, file), vmcore(*whole, path))
    check(f'{name}: verify', document('verify', file)['ok'], True)


def check_cut_records(name, path, folder):
    """As check_cut_elf, with the program headers in the first record, where makedumpfile fills them in last."""
    data = mapped(path)
    check_cut_elf(name, write(folder, flatten(data, range(0, len(data), 1 << 16)), 'flattened'), folder)


def check_cut_kdump(name, path, folder):
    """What is in front of the cut is there, and all else is lost."""
    flattened = is_flattened(path)
    envelopes = ['flattened'] if flattened else []
    with open(path, 'rb') as f:
        whole = f.read()
    for at in flattened_places(path) if flattened else kdump_places(path):
        what = f'{name} at {at:#x}'
        cut = write(folder, whole[:at])
        left = (Flattened if flattened else Content)(whole[:at])
        try:
            bitmaps = KdumpFile(left).whole
        except (ValueError, struct.error):
            bitmaps = False
        with attempt(what):
            if bitmaps:
                check_quickly(what, [cut], Kdump(left), envelopes, damaged=True)
            else:
                check_nothing_left(what, cut)


def check_cut_elf(name, path, folder):
    """A flattened ELF dump that was cut: bytes in records are there, all else up to p_filesz is lost."""
    with open(path, 'rb') as f:
        whole = f.read()
    full = Flattened(whole)
    for at in flattened_places(path):
        what = f'{name} at {at:#x}'
        cut = write(folder, whole[:at])
        left = Flattened(whole[:at])
        try:
            elf = Elf(cut, left.data)
            there = left.has(0, 64 + 56 * len(elf.headers)) and left.data[:4] == b'\x7fELF' and elf.loads
        except struct.error:
            there = False
        with attempt(what):
            if there:
                check_what_is_left(what, cut, elf, left, full)
            else:
                check_placed(what, cut, path)


def check_placed(name, path, whole):
    """Without program headers only pages of the kernel's image have a sure place: those are as they were."""
    if run('info', path).returncode == 1:
        check_refused(name, 'info', path)
        return
    for row in json.loads(run('pages', path, '--json').stdout).get('ranges', []):
        if row['state'] == 'present':
            place = ['read', '--phys', hex(row['pfn'] * 4096), '--length', str(row['count'] * 4096), '--format', 'raw']
            check_same(f'{name}: pages from {row["pfn"]:#x}', vmcore(*place, path), vmcore(*place, whole))


def check_what_is_left(name, path, elf, left, full):
    info = document('info', path, code=3)
    check(f'{name}: envelopes', info.get('envelopes'), ['flattened'])
    check(f'{name}: verify', document('verify', path, code=3)['ok'], False)
    segments = [s for s in document('segments', path)['segments'] if s['type'] == 'LOAD']
    check(f'{name}: segments', [(number(s['paddr']), number(s['memsz'])) for s in segments],
          [(h['paddr'], h['memsz']) for h in elf.loads])
    image = read_image([path], number(info['size']))
    wrong, states = [], {}
    for segment, load in zip(segments, elf.loads):
        for at in range(0, load['memsz'], PAGE):
            got = image[number(segment['offset']) + at:][:PAGE] if at == 0 else image[
                number(segment['offset']) + at:number(segment['offset']) + at + PAGE]
            offset = load['offset'] + at
            want, state = bytes(PAGE), 'excluded'
            if at < load['filesz']:
                want = full.bytes(offset, PAGE)
                state = 'present' if left.has(offset, PAGE) else 'mixed' if left.has_any(offset, PAGE) else 'lost'
            if state == 'lost':
                want = bytes([FILL]) * PAGE
            pfn = (load['paddr'] + at) // PAGE
            states.setdefault(pfn, set()).add(state)
            if got != want and (state != 'mixed' or any(g not in (w, FILL) for g, w in zip(got, want))):
                wrong.append((hex(pfn), state))
    check(f'{name}: pages whose bytes are wrong', wrong[:5], [])
    shown = shown_states([path], 3 if any('lost' in s or 'mixed' in s for s in states.values()) else 0)
    check(f'{name}: states', [(hex(p), shown.get(p), s) for p, s in states.items()
                              if len(s) == 1 and 'mixed' not in s and {shown.get(p)} != s][:5], [])


def check_split(name, paths, memory_check, every_order):
    """The parts of a set in any order are one dump; without one of them its pages are lost."""
    whole = Kdump(*map(content, paths))
    memory_check(whole)
    orders = list(itertools.permutations(range(len(paths))))
    for order in orders if every_order else orders[-1:]:
        files = [paths[i] for i in order]
        check_quickly(f'{name} in order {order}', files, whole)
    check(f'{name}: verify', document('verify', *dump_arguments(paths))['ok'], True)
    for missing in range(len(paths)):
        files = [path for i, path in enumerate(paths) if i != missing]
        check_damaged(f'{name} without part {missing + 1}', files, Kdump(*map(content, files)))


def check_strangers(name, one, other):
    """Parts of two dumps are no dump."""
    check_refused(name, 'info', one, '--part', other)
    check_refused(name, 'info', other, '--part', one)


def without_data(path, folder):
    """As a dump whose disk was full: descriptors that say offset 0, header status 8."""
    with open(path, 'rb') as f:
        data = bytearray(f.read())
    file = KdumpFile(Content(data))
    data[424] |= 8
    count = len(file.index)
    for i in range(count):
        if i % 7 == 3 or i > count // 4 * 3:
            at = file.table + 24 * i
            data[at:at + 16] = bytes(16)
    return write(folder, data, 'without-data')


def check_disk_full(name, elf, compression, folder):
    """makedumpfile on a file system too small for the dump."""
    small = os.path.join(folder, 'small')
    os.makedirs(small, exist_ok=True)
    mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small], capture_output=True)
    if mounted.returncode:
        print(f'{name}: skipped, a small file system can\'t be mounted: {mounted.stderr.decode().strip()}')
        return
    try:
        there = os.path.join(small, 'dump')
        made = subprocess.run(['makedumpfile', '--message-level', '0', compression, '-d', '31', elf, there],
                              capture_output=True)
        check(f'{name}: makedumpfile fails', made.returncode != 0, True)
        # Where nothing is free, a mapping of the file's holes is a bus error.
        dump = shutil.copy(there, os.path.join(folder, 'dump'))
    finally:
        subprocess.run(['umount', '-l', small], check=True)
    kdump = Kdump(content(dump))
    check(f'{name}: status', kdump.files[0].status & 8, 8)
    check(f'{name}: some pages are there, some are lost',
          kdump.count('present') > 0 and kdump.count('lost') > 0, True)
    check_damaged(name, [dump], kdump)
