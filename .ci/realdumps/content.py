"""The bytes of a file, out of its envelope, and which of them are there."""
import bisect
import mmap
import os
import struct


def mapped(path):
    with open(path, 'rb') as f:
        return mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ) if os.path.getsize(path) else b''


class Content:
    """A file as it is: all is there up to its end."""

    def __init__(self, data):
        self.data = data

    def has(self, offset, size):
        return 0 <= offset and offset + size <= len(self.data)

    def bytes(self, offset, size):
        return self.data[offset:offset + size]

    def unpack(self, form, offset):
        return struct.unpack_from('<' + form, self.data, offset)


class Flattened(Content):
    """What makedumpfile -F and QEMU write: records that say where their bytes belong; of bytes that
    are written twice the last ones count. In a whole file all else is zeros, in one that is cut it
    may be lost."""

    def __init__(self, packed):
        self.whole = False
        records = []
        at = 4096
        while at + 16 <= len(packed):
            offset, size = struct.unpack_from('>qq', packed, at)
            if (offset, size) == (-1, -1):
                self.whole = True
                break
            got = packed[at + 16:at + 16 + size]
            if len(got) < size:
                break  # of a file that was cut, whole records count
            records.append((offset, got))
            at += 16 + size
        data = bytearray(max((offset + len(got) for offset, got in records), default=0))
        for offset, got in records:
            data[offset:offset + len(got)] = got
        super().__init__(bytes(data))
        self.starts, self.ends = [], []
        for start, end in sorted((offset, offset + len(got)) for offset, got in records):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def has(self, offset, size):
        if self.whole:
            return super().has(offset, size)
        i = bisect.bisect_right(self.starts, offset) - 1
        return i >= 0 and offset + size <= self.ends[i]

    def has_any(self, offset, size):
        i = bisect.bisect_right(self.starts, offset) - 1
        return self.whole or i >= 0 and offset < self.ends[i] or (
            i + 1 < len(self.starts) and self.starts[i + 1] < offset + size)


def is_flattened(path):
    with open(path, 'rb') as f:
        return f.read(16) == b'makedumpfile\0\0\0\0'


def content(path):
    return Flattened(mapped(path)) if is_flattened(path) else Content(mapped(path))
