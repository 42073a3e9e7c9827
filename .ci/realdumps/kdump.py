"""Kdump-compressed dumps of the 64-bit little-endian layout, in one file or several."""
import collections

from . import codecs
from .elf import PAGE, notes_in

Descriptor = collections.namedtuple('Descriptor', 'offset size flags page_flags')
DESCRIPTOR_SIZE = 24


def ones(bitmap, limit):
    """The numbers of the bits that are set, lowest bit of each byte first."""
    bits = [[i for i in range(8) if byte >> i & 1] for byte in range(256)]
    return [n for at, byte in enumerate(bitmap) if byte for n in (at * 8 + i for i in bits[byte]) if n < limit]


class KdumpFile:
    """One file: its headers, bitmaps, and where the descriptors of its pages are."""

    def __init__(self, content):
        self.content = content
        if content.bytes(0, 8) != b'KDUMP   ' or not content.has(0, 464):
            raise ValueError('no kdump header')
        self.version, = content.unpack('i', 8)
        self.status, self.block, sub_blocks, bitmap_blocks, max_mapnr = content.unpack('5I', 424)
        if not content.has(self.block, 104):
            raise ValueError('no sub header')
        at = self.block
        self.phys_base, self.dump_level, self.split, start, end = content.unpack('QiiQQ', at)
        self.vmcoreinfo_at, self.vmcoreinfo_size, self.note_at, self.note_size = content.unpack('4Q', at + 32)
        if self.version >= 6:
            start, end, max_mapnr = content.unpack('3Q', at + 80)
        self.range = range(start, end) if self.version >= 2 and self.split else range(max_mapnr)
        self.bitmap_at = (1 + sub_blocks) * self.block
        both = bitmap_blocks * self.block
        half = both // 2 if max_mapnr <= both // 2 * 8 else 0
        self.table = self.bitmap_at + both
        used = -(-max_mapnr // 8)
        self.whole = content.has(self.bitmap_at, used) and content.has(self.bitmap_at + half, used)
        self.ram = ones(content.bytes(self.bitmap_at, used), max_mapnr)
        self.dumped = ones(content.bytes(self.bitmap_at + half, used), max_mapnr)
        mine = (pfn for pfn in self.dumped if pfn in self.range)
        self.index = {pfn: i for i, pfn in enumerate(mine)}

    def descriptor(self, pfn):
        at = self.table + DESCRIPTOR_SIZE * self.index[pfn]
        return Descriptor(*self.content.unpack('qIIQ', at)) if self.content.has(at, DESCRIPTOR_SIZE) else None

    def page(self, pfn):
        """The page's bytes, None when they are lost."""
        found = self.descriptor(pfn)
        if found is None or found.offset == 0 or not self.content.has(found.offset, found.size):
            return None
        return codecs.decompress(found.flags, self.content.bytes(found.offset, found.size), self.block)


class Kdump:
    """A dump of one file, or of several that share the page frames among them; of x86_64 or arm64."""

    order = '<'
    machine = None

    def __init__(self, *contents):
        self.files = [KdumpFile(content) for content in contents]
        first = self.files[0]
        dumped = set(first.dumped)
        self.ram = first.ram
        self.states, self.pages = {}, {}
        for pfn in self.ram:
            self.states[pfn] = 'lost' if pfn in dumped else 'excluded'
        for file in self.files:
            for pfn in file.index:
                page = file.page(pfn)
                if page is not None:
                    self.states[pfn], self.pages[pfn] = 'present', page
        self.loads = [dict(type=1, paddr=a * PAGE, filesz=n * PAGE, memsz=n * PAGE) for a, n in self.runs()]
        self.image = self.picture()

    def runs(self):
        """(first page frame, how many) of each run of the first bitmap."""
        runs = []
        for pfn in self.ram:
            if runs and sum(runs[-1]) == pfn:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1)
            else:
                runs.append((pfn, 1))
        return runs

    def picture(self, fill=0):
        """All runs' bytes: zeros for what is excluded, `fill` for what is lost."""
        missing = {'excluded': bytes(PAGE), 'lost': bytes([fill]) * PAGE}
        return b''.join(self.pages.get(pfn) or missing[self.states[pfn]] for pfn in self.ram)

    def count(self, state):
        return sum(s == state for s in self.states.values())

    def notes(self):
        first = self.files[0]
        return notes_in(first.content.bytes(first.note_at, first.note_size), 0, first.note_size)

    def vmcoreinfo(self):
        first = self.files[0]
        return first.content.bytes(first.vmcoreinfo_at, first.vmcoreinfo_size)


class OldMemory:
    """An ELF core by page frame, as makedumpfile takes it: what no PT_LOAD claims of a page is zero."""

    def __init__(self, elf):
        self.elf = elf
        self.whole, self.pieces = {}, {}
        for load in elf.loads:
            start, end = load['paddr'], load['paddr'] + load['filesz']
            for pfn in range(start // PAGE, -(-end // PAGE)):
                low, high = max(start, pfn * PAGE), min(end, (pfn + 1) * PAGE)
                at = load['offset'] + low - start
                if high - low == PAGE:
                    self.whole[pfn] = at
                else:
                    self.pieces.setdefault(pfn, []).append((low % PAGE, high - low, at))

    def page(self, pfn):
        if pfn in self.whole:
            return self.elf.bytes[self.whole[pfn]:self.whole[pfn] + PAGE]
        page = bytearray(PAGE)
        for start, size, at in self.pieces.get(pfn, []):
            page[start:start + size] = self.elf.bytes[at:at + size]
        return bytes(page)
