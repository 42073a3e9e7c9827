"""Dumps that are packed once more: gzip, zstd, in one piece or several."""
import gzip
import os
import subprocess

from .content import content
from .kdump import Kdump
from .kdumpchecks import FILL, check_quickly, read_image, shown_states
from .damaged import write
from .elf import PAGE, layout
from .running import attempt, check, document

PIECE = 1 << 20


def zstd(data):
    return subprocess.run(['zstd', '-q', '-1', '-c'], input=data, capture_output=True, check=True).stdout


def pack(data):
    """The envelope's name, how it was made, the bytes."""
    pieces = [data[at:at + PIECE] for at in range(0, len(data), PIECE)]
    yield 'gzip', 'one member', gzip.compress(data, 1)
    yield 'gzip', 'a member for each MiB', b''.join(gzip.compress(piece, 1) for piece in pieces)
    yield 'zstd', 'one frame', zstd(data)
    yield 'zstd', 'a frame for each MiB', b''.join(map(zstd, pieces))


def check_envelopes(name, path, flattened, folder):
    with open(path, 'rb') as f:
        data = f.read()
    kdump = Kdump(content(path))
    for envelope, how, packed in pack(data):
        file = write(folder, packed, 'packed')
        what = f'{name} in {envelope}, {how}'
        with attempt(what):
            check_quickly(what, [file], kdump, [envelope])
        with attempt(f'{what}, cut'):
            check_cut(f'{what}, cut', write(folder, packed[:len(packed) // 3 * 2], 'packed'), kdump)
    with open(flattened, 'rb') as f:
        packed = gzip.compress(f.read(), 1)
    check_quickly(f'{name}, flattened, in gzip', [write(folder, packed, 'packed')], Kdump(content(flattened)),
                  ['gzip', 'flattened'])


def check_cut(name, path, kdump):
    """How far the decoder comes is its own matter, but not what it gives for true."""
    info = document('info', path, code=3)
    check(f'{name}: present and lost pages', min(info['pages']['present'], info['pages']['lost']) > 0, True)
    states = shown_states([path], 3)
    _, _, size = layout(kdump)
    image = read_image([path], size)[size - len(kdump.image):]
    wrong = []
    for i, pfn in enumerate(kdump.ram):
        want = {'present': kdump.pages.get(pfn), 'excluded': bytes(PAGE), 'lost': bytes([FILL]) * PAGE}[states[pfn]]
        if image[i * PAGE:(i + 1) * PAGE] != want or (states[pfn] == 'excluded') != (pfn not in kdump.pages):
            wrong.append((hex(pfn), states[pfn]))
    check(f'{name}: pages whose bytes are wrong', wrong[:5], [])
