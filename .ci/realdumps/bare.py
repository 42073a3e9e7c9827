"""RAM without its crash headers, raw and as a LiME image: a dump by its ranges alone."""
import hashlib
import os
import shutil

from .elf import PAGE, readelf
from .ram import lime
from .running import check, document, number, vmcore


def check_bare(name, case, meta, folder):
    """RAM opened without its crash headers, raw and as a LiME image: by its ranges alone."""
    path, base, size = os.path.join(case, 'oldmem.raw'), meta.get('ram_base', 0), meta['ram']
    bare = [('raw', ['--ram-map', f'{base:#x}-{base + size - 1:#x}@0', path])]
    if name == 'x86-61-s':
        target = os.path.join(folder, 'lime')
        lime(case, target, 0x8000000)
        bare.append(('lime', [target]))
    for form, dump in bare:
        info = document('info', *dump)
        check(f'{name} {form}: format', info['format'], form)
        check(f'{name} {form}: arch', info['arch'], {'aarch64': 'arm64'}.get(meta['arch'], meta['arch']))
        check(f'{name} {form}: release', info.get('release'), meta['release'])
        check(f'{name} {form}: memory', number(info['memory_size']), size)
        check(f'{name} {form}: pages', document('pages', *dump)['ranges'][-1],
              dict(pfn=base // PAGE, count=size // PAGE, state='present'))
        with open(path, 'rb') as ram:
            for at in (0, size // 3 | 1, size - 5000):
                ram.seek(at)
                check(f'{name} {form}: bytes at {at:#x}',
                      vmcore('read', '--phys', hex(base + at), '--length', '5000', '--format', 'raw', *dump),
                      ram.read(5000))
        image = os.path.join(folder, 'image')
        with open(image, 'wb') as f:
            f.write(vmcore('read', '--offset', '0', '--length', info['size'], '--format', 'raw', *dump))
        check(f'{name} {form}: readelf', [row[2:] for row in readelf(image) if row[0] == 'LOAD'],
              [(0, base, size, size)])
        check(f'{name} {form}: vmcoreinfo', vmcore('vmcoreinfo', *dump), vmcore('vmcoreinfo', image))
        os.remove(image)
        vmcore('extract', '--no-sync', '--all', '-o', os.path.join(folder, 'out'), *dump)
        with open(path, 'rb') as ram, open(os.path.join(folder, 'out', 'load-1.bin'), 'rb') as load:
            check(f'{name} {form}: extracted', hashlib.file_digest(load, 'sha256').digest(),
                  hashlib.file_digest(ram, 'sha256').digest())
        shutil.rmtree(os.path.join(folder, 'out'))
        check(f'{name} {form}: verify', document('verify', *dump)['ok'], True)
