"""ELF cores, read on their own terms, and the image the kernel's rules make of one."""
import re
import struct
import subprocess

from .content import mapped

PAGE = 4096


def pages_down(n):
    return n // PAGE * PAGE


def pages_up(n):
    return -(-n // PAGE) * PAGE


def notes_in(data, at, end, order='<'):
    """Name, type and descriptor of each note."""
    while at + 12 <= end:
        namesz, descsz, kind = struct.unpack_from(order + 'III', data, at)
        if namesz == 0:
            break
        name = data[at + 12:at + 12 + namesz].rstrip(b'\0').decode()
        desc = at + 12 + (namesz + 3 & ~3)
        yield name, kind, data[desc:desc + descsz]
        at = desc + (descsz + 3 & ~3)


class Elf:
    """An ELF64 core: a file, or the bytes of one."""

    def __init__(self, path, data=None):
        self.path = path
        self.bytes = mapped(path) if data is None else data
        self.order = '>' if self.bytes[5:6] == b'\2' else '<'
        self.machine, = struct.unpack_from(self.order + 'H', self.bytes, 18)
        phoff, = struct.unpack_from(self.order + 'Q', self.bytes, 32)
        size, count = struct.unpack_from(self.order + 'HH', self.bytes, 54)
        names = 'type flags offset vaddr paddr filesz memsz align'.split()
        self.headers = [dict(zip(names, struct.unpack_from(self.order + 'IIQQQQQQ', self.bytes, phoff + i * size)))
                        for i in range(count)]
        self.loads = [h for h in self.headers if h['type'] == 1]

    def content(self, load):
        return self.bytes[load['offset']:load['offset'] + load['filesz']]

    def notes(self):
        for header in self.headers:
            if header['type'] == 4:
                yield from notes_in(self.bytes, header['offset'], header['offset'] + header['filesz'], self.order)


def layout(elf):
    """The program headers and the chunks of the image, by the kernel's rules."""
    notes = sum(12 + (len(name) + 1 + 3 & ~3) + (len(desc) + 3 & ~3) for name, _, desc in elf.notes())
    head = pages_up(64 + 56 * (1 + len(elf.loads)))
    chunks = [(0, head, 'BUFFER'), (head, pages_up(notes), 'BUFFER')]
    headers = [dict(type=4, offset=head, filesz=notes, memsz=notes, paddr=0)]
    at = head + pages_up(notes)
    for load in elf.loads:
        first = load['paddr'] % PAGE
        end = first + load['memsz']
        headers.append(dict(load, offset=at + first))
        middle = PAGE if first else 0
        tail = pages_down(end) if end % PAGE else pages_up(end)
        if middle:
            chunks.append((at, PAGE, 'BUFFER'))
        if tail > middle:
            chunks.append((at + middle, tail - middle, 'OLDMEM'))
        if end % PAGE and tail >= middle:
            chunks.append((at + tail, PAGE, 'BUFFER'))
        at += pages_up(end)
    return headers, chunks, at


def readelf(path):
    """Type, vaddr, paddr, filesz, memsz of each program header."""
    text = subprocess.run(['readelf', '-lW', path], capture_output=True, check=True).stdout.decode()
    row = re.compile(r'\s+(LOAD|NOTE)\s+(0x\w+) (0x\w+) (0x\w+) (0x\w+) (0x\w+)')
    return [(m[1],) + tuple(int(m[i], 16) for i in range(2, 7)) for m in map(row.match, text.splitlines()) if m]
