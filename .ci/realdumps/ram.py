"""RAM images: the vmcore built of one, the headers prepared for one."""
import hashlib
import os
import re
import struct
import subprocess
import tempfile

from .devicetree import Fdt
from .elf import PAGE, Elf, pages_down, pages_up, readelf
from .running import VMCORE, check, document, number, vmcore


def ram_options(meta):
    base, size = meta.get('ram_base', 0), meta['ram']
    return ['--ram-map', f'{base:#x}-{base + size - 1:#x}@0'] if base else []


def kernels_own(case, meta):
    """What builds the vmcore as this case's crash kernel made it: newer ones say how notes are aligned."""
    align = Elf(os.path.join(case, 'vmcore.elf')).headers[0]['align']
    return ['--note-align', str(align), *ram_options(meta)]


def digest_of_build(*args):
    """The SHA-256 of what is built to a pipe."""
    command = [VMCORE, 'build', '-o', '-', *args]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as run:
        digest = hashlib.file_digest(run.stdout, 'sha256').hexdigest()
        said = run.stderr.read().decode()
    check(f'exit code of {" ".join(command)} ({said!r})', run.returncode, 0)
    return digest


def ram_slice(case, meta, address, size):
    with open(os.path.join(case, 'oldmem.raw'), 'rb') as f:
        f.seek(address - meta.get('ram_base', 0))
        return f.read(size)


def lime(case, target, split):
    """The RAM in LiME's format, in two ranges."""
    path = os.path.join(case, 'oldmem.raw')
    size = os.path.getsize(path)
    with open(path, 'rb') as ram, open(target, 'wb') as out:
        for start, end in ((0, split), (split, size)):
            out.write(struct.pack('<IIQQQ', 0x4C694D45, 1, start, end - 1, 0))
            out.write(ram.read(end - start))


def check_build(name, case, meta, folder):
    """The vmcore that is built is the crash kernel's own, whichever way leads to the headers."""
    ram = os.path.join(case, 'oldmem.raw')
    kernels = ['--padding', 'oldmem', *kernels_own(case, meta)]
    headers = os.path.join(folder, 'headers')
    with open(headers, 'wb') as f:
        f.write(ram_slice(case, meta, meta['elfcorehdr'], 1 << 16))
    ways = {'search': [], 'an address': ['--elfcorehdr', hex(meta['elfcorehdr'])],
            'an address in KiB': ['--elfcorehdr', f'{meta["elfcorehdr"] // 1024}K'],
            'a file of headers': ['--elfcorehdr-file', headers]}
    dtb = os.path.join(case, 'second', 'sys_firmware_fdt')
    if os.path.exists(dtb):
        ways['the device tree'] = ['--dtb', dtb]
    for way, options in ways.items():
        check(f'{name}: built by {way}', digest_of_build(*kernels, *options, ram), meta['sha256'])


def check_zero_padding(name, case, meta, folder):
    """With zeros around fractional pages exactly those bytes differ. Gives the path of what is built."""
    built = os.path.join(folder, 'vmcore')
    vmcore('build', '--no-sync', *kernels_own(case, meta), '-o', built, os.path.join(case, 'oldmem.raw'))
    path = os.path.join(case, 'vmcore.elf')
    with open(path, 'rb') as f:
        want = bytearray(f.read())
    padding = 0
    for load in Elf(path).loads:
        end = load['offset'] + load['filesz']
        for first, last in ((pages_down(load['offset']), load['offset']), (end, pages_up(end))):
            padding += any(want[first:last])
            want[first:last] = bytes(last - first)
    with open(built, 'rb') as f:
        check(f'{name}: built with --padding zero', hashlib.file_digest(f, 'sha256').hexdigest(),
              hashlib.sha256(want).hexdigest())
    if name == 'frac4-c':
        check(f'{name}: there is padding to be seen', padding > 0, True)
    return built


def check_without_writing(name, case, meta, built):
    """Commands on the RAM say what they say of the file that was built."""
    ram = ['--oldmem', os.path.join(case, 'oldmem.raw'), *ram_options(meta),
           '--elfcorehdr', hex(meta['elfcorehdr'])]
    told, written = document('info', *ram), document('info', built)
    for field in ('arch', 'release', 'crash_time', 'page_size', 'size', 'memory_size', 'cpus', 'segments', 'chunks'):
        check(f'{name}: info {field}', told.get(field), written.get(field))
    check(f'{name}: possible CPUs', told['possible_cpus'], meta['smp'])
    check(f'{name}: segments', document('segments', *ram)['segments'],
          [s if s['type'] == 'LOAD' else dict(s, align='0x4') for s in document('segments', built)['segments']])
    parts = 'offset', 'size', 'kind', 'content'
    check(f'{name}: chunks', [[c[p] for p in parts] for c in document('chunks', *ram)['chunks']],
          [[c[p] for p in parts] for c in document('chunks', built)['chunks']])
    load = Elf(built).loads[-1]
    for place in (['--phys', hex(load['paddr'] + 0x123)], ['--virt', hex(load['vaddr'] + 0x1ff0)], ['--offset', '0x1000']):
        args = [*place, '--length', '5000', '--format', 'raw']
        check(f'{name}: read {place}', vmcore('read', *args, *ram), vmcore('read', *args, built))
    check(f'{name}: verify', document('verify', *ram)['ok'], True)


def check_others_open(name, meta, built, folder):
    check(f'{name}: readelf reads what is built', len(readelf(built)), len(Elf(built).headers))
    if meta['arch'] == 'x86_64':
        filtered = os.path.join(folder, 'filtered')
        done = subprocess.run(['makedumpfile', '--message-level', '0', '-c', '-d', '31', built, filtered],
                              capture_output=True)
        check(f'{name}: makedumpfile reads what is built: {done.stderr!r}', done.returncode, 0)
        os.remove(filtered)


def other_pages(load, ours, theirs):
    return [load['paddr'] + at for at in range(0, len(ours), PAGE) if ours[at:at + PAGE] != theirs[at:at + PAGE]]


def check_same_memory(name, case, meta):
    """What is built holds what the crash kernel saved.

    Of powerpc two pages changed since: a CPU's VPA, in which the hypervisor counts, and the rest of RTAS' page, which
    the crash kernel uses. The first 64 KiB come from where purgatory copied them.
    """
    ram = os.path.join(case, 'oldmem.raw')
    options = ['--padding', 'oldmem', '--elfcorehdr', hex(meta['elfcorehdr']), *kernels_own(case, meta)]
    if meta['arch'] != 'ppc64':
        check(f'{name}: built', digest_of_build(*options, ram), meta['sha256'])
        return
    with tempfile.TemporaryDirectory() as folder:
        built = os.path.join(folder, 'vmcore')
        vmcore('build', '--no-sync', *options, '-o', built, ram)
        ours, saved = Elf(built), Elf(os.path.join(case, 'vmcore.elf'))
        check(f'{name}: headers', ours.headers, saved.headers)
        other = [page for load in ours.loads for page in other_pages(load, ours.content(load), saved.content(load))]
        check(f'{name}: pages that differ ({[hex(page) for page in other]})', len(other) <= 2, True)


class Truth:
    """The first kernel's program headers, as truth/elfcorehdr.txt lists them."""

    def __init__(self, case):
        row = re.compile(r' *\d+ LOAD fl=7 off=(\w+) vaddr=(\w+) paddr=(\w+) filesz=(\w+)')
        with open(os.path.join(case, 'truth', 'elfcorehdr.txt')) as f:
            loads = [tuple(int(n, 16) for n in m.groups()) for m in map(row.match, f) if m]
        _, self.text, self.text_at, self.text_size = loads[0]
        _, vaddr, paddr, _ = loads[-1]
        self.page_offset = vaddr - paddr
        self.backups = [f'{p:#x}-{p + s - 1:#x}@{o:#x}' for o, _, p, s in loads if o != p]


def prepare_options(case, meta, folder):
    truth = Truth(case)
    first = os.path.join(case, 'first')
    options = ['--iomem', os.path.join(first, 'proc_iomem'), '--crash-notes', os.path.join(first, 'crash_notes'),
               '--oldmem', os.path.join(case, 'oldmem.raw'), *ram_options(meta), '--force',
               '--elfcorehdr-at', hex(meta['elfcorehdr']), '-o', os.path.join(folder, 'prepared')]
    if meta['arch'] == 'x86_64':
        options += ['--page-offset', hex(truth.page_offset), '--text-size', hex(truth.text_size)]
    if truth.backups:
        options += ['--keep-first-mib', '--backup', *truth.backups]
    return truth, options


def check_prepare(name, case, meta, folder):
    """The headers that are prepared are those the first kernel, or kexec, left in memory."""
    truth, options = prepare_options(case, meta, folder)
    told = document('prepare', *options)
    with open(os.path.join(folder, 'prepared'), 'rb') as f:
        prepared = f.read()
    # kexec-tools on arm64 keeps 1 KiB for them.
    size = meta.get('elfcorehdr_size') or 4096
    check(f'{name}: prepared headers', prepared[:size], ram_slice(case, meta, meta['elfcorehdr'], size))
    check(f'{name}: nothing behind them', any(prepared[size:]), False)
    check(f'{name}: text', [number(told['text'][k]) for k in ('vaddr', 'paddr', 'size')],
          [truth.text, truth.text_at, truth.text_size])
    with open(os.path.join(case, 'second', 'proc_cmdline')) as f:
        command_line = f.read().split()
    if meta['arch'] == 'x86_64' and meta['load'] == 's':
        check(f'{name}: boot parameter', told['boot_parameters'][0] in command_line, True)
    built = ['--padding', 'oldmem', *kernels_own(case, meta),
             '--elfcorehdr-file', os.path.join(folder, 'prepared'), os.path.join(case, 'oldmem.raw')]
    check(f'{name}: built by prepared headers', digest_of_build(*built), meta['sha256'])


def check_device_trees(name, case, meta, folder):
    """Of the trees of both kernels only what the crash kernel is told of its memory changes."""
    told = {'/chosen/linux,elfcorehdr', '/chosen/linux,usable-memory-range'}
    crash = Fdt(os.path.join(case, 'second', 'sys_firmware_fdt'))
    for kernel in ('first', 'second'):
        path = os.path.join(case, kernel, 'sys_firmware_fdt')
        out = os.path.join(folder, 'dtb')
        vmcore('prepare', *prepare_options(case, meta, folder)[1], '--dtb', path, '--dtb-out', out)
        before, after = Fdt(path), Fdt(out)
        check(f'{name}: device tree of the {kernel} kernel: all else stays',
              {k: v for k, v in after.properties.items() if k not in told},
              {k: v for k, v in before.properties.items() if k not in told})
        for property in told:
            check(f'{name}: device tree of the {kernel} kernel: {property}',
                  after.properties[property][:12], crash.properties[property][:12])
        check(f'{name}: device tree of the {kernel} kernel: usable memory',
              after.properties['/chosen/linux,usable-memory-range'],
              crash.properties['/chosen/linux,usable-memory-range'])
        check(f'{name}: device tree of the {kernel} kernel: reservations',
              after.reservations, before.reservations + [(meta['elfcorehdr'], 4096)])


def check_ram_without_kdump(name, case, folder):
    """RAM of a machine that had no kdump becomes a vmcore that others open."""
    ram, headers, built = (os.path.join(case, 'oldmem.raw'), os.path.join(folder, 'prepared'),
                           os.path.join(folder, 'vmcore'))
    vmcore('build', '-o', built, ram, code=1)
    vmcore('prepare', '--iomem', os.path.join(case, 'first', 'proc_iomem'), '--oldmem', ram, '-o', headers)
    vmcore('build', '--no-sync', '--elfcorehdr-file', headers, '-o', built, ram)
    with open(os.path.join(case, 'first', 'proc_version')) as f:
        check(f'{name}: release', document('info', built)['release'], f.read().split()[2])
    check(f'{name}: verify', document('verify', built)['ok'], True)
    check_others_open(name, {'arch': 'x86_64'}, built, folder)


def check_lime(name, case, meta, folder):
    path = os.path.join(folder, 'lime')
    lime(case, path, 0x8000000)
    check(f'{name}: built of a LiME image', digest_of_build('--padding', 'oldmem', *kernels_own(case, meta), path),
          meta['sha256'])
    os.remove(path)


def check_ram(name, case, meta):
    with tempfile.TemporaryDirectory() as folder:
        if 'elfcorehdr' not in meta:
            check_ram_without_kdump(name, case, folder)
            return
        check_build(name, case, meta, folder)
        built = check_zero_padding(name, case, meta, folder)
        check_without_writing(name, case, meta, built)
        check_others_open(name, meta, built, folder)
        os.remove(built)
        check_prepare(name, case, meta, folder)
        if os.path.exists(os.path.join(case, 'second', 'sys_firmware_fdt')):
            check_device_trees(name, case, meta, folder)
        if name == 'x86-61-s':
            check_lime(name, case, meta, folder)
