"""Flattened device trees."""
import struct


class Fdt:
    """A flattened device tree, read on its own terms."""

    def __init__(self, path):
        with open(path, 'rb') as f:
            blob = f.read()
        _, _, struct_at, strings, reserved, _, _, _, strings_size, _ = struct.unpack_from('>10I', blob)
        self.reservations = []
        while any(struct.unpack_from('>2Q', blob, reserved)):
            self.reservations.append(struct.unpack_from('>2Q', blob, reserved))
            reserved += 16
        self.properties = {}
        nodes = []
        while True:
            token, = struct.unpack_from('>I', blob, struct_at)
            struct_at += 4
            if token == 1:
                end = blob.index(b'\0', struct_at)
                nodes.append(blob[struct_at:end].decode())
                struct_at = end + 4 & ~3
            elif token == 2:
                nodes.pop()
            elif token == 3:
                size, at = struct.unpack_from('>2I', blob, struct_at)
                property = blob[strings + at:blob.index(b'\0', strings + at)].decode()
                self.properties['/'.join(nodes) + '/' + property] = blob[struct_at + 8:struct_at + 8 + size]
                struct_at += 8 + size + 3 & ~3
            elif token == 9:
                break
