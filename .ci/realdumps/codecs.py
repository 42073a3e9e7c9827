"""Decoders of the pages of kdump-compressed files: zlib is Python's, the others are the C libraries."""
import ctypes
import functools
import zlib

ZLIB, LZO, SNAPPY, ZSTD = 1, 2, 4, 0x20
SIZE = ctypes.c_size_t


@functools.cache
def function(library, name, result, *arguments):
    found = getattr(ctypes.CDLL(library), name)
    found.restype, found.argtypes = result, arguments
    return found


def lzo(data, size):
    decompress = function('liblzo2.so.2', 'lzo1x_decompress_safe', ctypes.c_int, ctypes.c_char_p, SIZE,
                          ctypes.c_char_p, ctypes.POINTER(SIZE), ctypes.c_void_p)
    out, got = ctypes.create_string_buffer(size), SIZE(size)
    status = decompress(data, len(data), out, ctypes.byref(got), None)
    return out.raw[:got.value] if status == 0 else b''


def snappy(data, size):
    decompress = function('libsnappy.so.1', 'snappy_uncompress', ctypes.c_int, ctypes.c_char_p, SIZE,
                          ctypes.c_char_p, ctypes.POINTER(SIZE))
    out, got = ctypes.create_string_buffer(size), SIZE(size)
    status = decompress(data, len(data), out, ctypes.byref(got))
    return out.raw[:got.value] if status == 0 else b''


def zstd(data, size):
    decompress = function('libzstd.so.1', 'ZSTD_decompress', SIZE, ctypes.c_char_p, SIZE, ctypes.c_char_p, SIZE)
    out = ctypes.create_string_buffer(size)
    got = decompress(out, size, data, len(data))
    return out.raw[:got] if got <= size else b''


def decompress(flags, data, size):
    """A page of `size` bytes; shorter when the data is damaged."""
    if flags & ZLIB:
        return zlib.decompress(data)
    if flags & LZO:
        return lzo(data, size)
    if flags & SNAPPY:
        return snappy(data, size)
    return zstd(data, size) if flags & ZSTD else data
