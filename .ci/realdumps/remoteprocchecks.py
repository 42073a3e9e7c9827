"""What `remoteproc` says, beside what drgn read of the kernel's list and found in its memory."""
import hashlib
import os
import re
import tempfile

from .differences import compared
from .running import attempt, document, run
from .truths import lines

TRUTH = 'truth', 'rproc-list.txt'
CLASS = {1: 32, 2: 64}
LINE = {
    'rproc': r'rproc (?P<address>0x\w+) (?P<device>\S+) name (?P<name>.+) firmware (?P<firmware>\S+) state \d+ '
             r'\(RPROC_(?P<state>\w+)\) crash_cnt (?P<crash_count>\d+) recovery_disabled (?P<unrecovered>\w+) dump_conf '
             r'RPROC_COREDUMP_(?P<dump_mode>\w+) power (?P<power>\d+) elf_class (?P<elf_class>\d+) elf_machine '
             r'(?P<machine>\d+) bootaddr (?P<bootaddr>0x\w+) refs (?P<references>\d+) ',
    'segment': r'  segment (?P<address>0x\w+) da (?P<da>0x\w+) size (?P<size>\d+) dump (?P<dump>0x\w+) ',
    'carveout': r'  carveout (?P<address>0x\w+) name (?P<name>.*) da (?P<da>0x\w+) len (?P<size>\d+) va (?P<va>0x\w+) '
                r'dma (?P<dma>0x\w+) ',
    'rvdev': r'  rvdev (?P<address>0x\w+) index (?P<index>\d+) id (?P<id>\d+) pdev 0x\w+ (?P<device>\S+) refs '
             r'(?P<references>\d+)',
    'vring': r'    vring \d+ num (?P<entries>\d+) align (?P<alignment>\d+) notifyid (?P<notify_id>\d+) vq '
             r'(?P<virtqueue>0x\w+)',
    'vdev': r'(?P<kind>registered|GHOST) virtio_device (?P<address>0x\w+) name (?P<name>\S+) index \d+ id (?P<id>\d+) '
            r'refs (?P<references>\d+) in_sysfs (?P<registered>\d) driver (?P<driver>0x\w+) parent 0x\w+ (?P<parent>\S+) '
            r'refs (?P<parent_references>\d+) .* grandparent (?P<of>\S+) vqs (?P<queues>\d+)',
    'coredump': r'devcd_entry (?P<address>0x\w+) (?P<name>\S+) failing (?P<of>\S+) datalen (?P<size>\d+) data '
                r'(?P<data>0x\w+) read (?P<read>\w+)',
    'sha256': r'   data sha256 (?P<sha256>\w+)',
}
NUMBERS = ('crash_count', 'power', 'machine', 'references', 'index', 'id', 'entries', 'notify_id', 'parent_references',
           'queues')


def records(case):
    """(kind, fields) of each line that drgn's reader wrote."""
    for row in lines(case, *TRUTH):
        for kind, pattern in LINE.items():
            m = re.match(pattern, row)
            if m:
                yield kind, {k: int(v) if k in NUMBERS else v for k, v in m.groupdict().items()}


def sized(fields):
    """As the JSON has it: sizes are hexadecimal, addresses that are 0 are left out."""
    for name in 'size', 'alignment':
        if name in fields:
            fields[name] = hex(int(fields[name]))
    return {k: v for k, v in fields.items() if v != '0x0' or k not in ('dump', 'va', 'dma', 'virtqueue')}


def truth(case):
    """The remote processors, as the JSON has them, and the hash of each coredump that was copied."""
    rprocs, hashes = [], {}
    for kind, fields in records(case):
        if kind == 'rproc':
            rproc = dict(fields, state=fields['state'].lower(), dump_mode=fields['dump_mode'].lower(),
                         recovery=fields['unrecovered'] == 'False', segments=[], carveouts=[], rvdevs=[], vdevs=[],
                         coredumps=[])
            elf = int(rproc.pop('elf_class'))
            if elf:
                rproc['elf_class'] = CLASS[elf]
            del rproc['unrecovered']
            rprocs.append(rproc)
        elif kind == 'segment':
            rprocs[-1]['segments'].append(sized(dict(fields, custom=fields['dump'] != '0x0')))
        elif kind == 'carveout':
            rprocs[-1]['carveouts'].append(sized(dict(fields, iomem=False)))
        elif kind == 'rvdev':
            rprocs[-1]['rvdevs'].append(dict(fields, vrings=[]))
        elif kind == 'vring':
            rprocs[-1]['rvdevs'][-1]['vrings'].append(sized(fields))
        elif kind == 'sha256':
            hashes[coredump['name']] = fields['sha256']
        else:
            owner = fields.pop('of')
            of = next(r for r in rprocs if r['device'] == owner)
            if kind == 'vdev':
                fields.update(ghost=fields.pop('kind') == 'GHOST', registered=fields['registered'] == '1',
                              driver=fields['driver'] != '0x0')
                of['vdevs'].append(fields)
            else:
                inline = fields.pop('read') == 'rproc_coredump_read'
                size = int(fields['size']) + (sum(int(s['size'], 16) for s in of['segments']) if inline else 0)
                fields.update(form='inline' if inline else 'copied', size=hex(size))
                of['coredumps'].append(fields)
                coredump = fields
    return rprocs, hashes


def check_list(name, path, case, *options):
    rprocs, _ = truth(case)
    with compared(f'{name} remoteproc {" ".join(options)}'.rstrip()) as compare:
        got = document('remoteproc', *options, path)['rprocs']
        compare('order', [r['device'] for r in got], [r['device'] for r in rprocs])
        for there, want in zip(got, rprocs):
            for field in sorted(there.keys() | want.keys()):
                mine, theirs = (sorted(r.get(field, []), key=lambda v: v['address']) if field == 'vdevs' else r.get(field)
                                for r in (there, want))
                compare(f'{want["device"]} {field}', mine, theirs)


def check_extract(name, path, case):
    """A coredump that was copied is as the kernel made it, one that is inline as far as memory has it."""
    rprocs, hashes = truth(case)
    with compared(f'{name} remoteproc --extract') as compare, tempfile.TemporaryDirectory() as folder:
        inline = any(c['form'] == 'inline' for r in rprocs for c in r['coredumps'])
        done = run('remoteproc', '--extract', folder, path)
        compare('exit code', done.returncode, 3 if inline else 0)
        for rproc in rprocs:
            for coredump in rproc['coredumps']:
                with open(os.path.join(folder, f'{rproc["device"]}-{coredump["name"]}.elf'), 'rb') as f:
                    data = f.read()
                compare(f'{coredump["name"]} size', hex(len(data)), coredump['size'])
                if coredump['name'] in hashes:
                    compare(f'{coredump["name"]} sha256', hashlib.sha256(data).hexdigest(), hashes[coredump['name']])
                else:
                    check_inline(compare, case, coredump['name'], data, rproc, done.stderr.decode())


def check_inline(compare, case, name, data, rproc, said):
    """Segments whose memory a carveout is; the others only the driver knows, which is said."""
    with open(os.path.join(case, 'truth', 'rproc64-stall.elf'), 'rb') as f:
        whole = f.read()
    at = len(data) - sum(int(s['size'], 16) for s in rproc['segments'])
    compare(f'{name} header', data[:at].hex(), whole[:at].hex())
    for i, segment in enumerate(rproc['segments']):
        size = int(segment['size'], 16)
        kept = not segment['custom'] and any(
            int(c['da'], 16) <= int(segment['da'], 16) and int(segment['da'], 16) + size <=
            int(c['da'], 16) + int(c['size'], 16) for c in rproc['carveouts'])
        compare(f'{name} segment {i}', data[at:at + size] == (whole[at:at + size] if kept else bytes(size)), True)
        compare(f'{name} segment {i} is said to be missing', f'segment {i} ({size} bytes at offset {at:#x}' in said, not kept)
        at += size


def check_none(name, path):
    with compared(f'{name} remoteproc') as compare:
        compare('remote processors', document('remoteproc', path, code=1)['rprocs'], [])
        said = run('remoteproc', path).stderr.decode()
        compare('said', said.endswith('no remote processors: its types have no struct rproc\n') or said, True)


def check_remoteproc(name, path, case):
    if not lines(case, *TRUTH):
        with attempt(name):
            check_none(name, path)
        return
    symbol = re.match(r'rproc_list (0x\w+)', lines(case, *TRUTH)[0])[1]
    for options in [], ['--list', symbol], ['--system-map', os.path.join(case, 'System.map')]:
        with attempt(name):
            check_list(name, path, case, *options)
    with attempt(name):
        check_extract(name, path, case)
