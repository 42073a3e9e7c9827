"""CoreSight's panic dumps of a kernel that kept a list of them, in all forms of its dump."""
import glob
import os
import re
import tempfile

from .running import attempt, check, check_same, document, vmcore
from .truths import lines

NODE = re.compile(r'node (\d+) at (\S+) cpu=(\d+) type=(\d+) csdev=(\S+) buf=(\S+) size=(\d+) bytes as expected: True')
HEAD = re.compile(r'head (\S+) nodes (\d+)')


def is_there(case):
    return os.path.exists(os.path.join(case, 'truth', 'buf-0.bin'))


def truth(case):
    """The list's head and its nodes, as drgn read them."""
    rows = list(lines(case, 'truth', 'fxcs.txt'))
    nodes = [m.groups() for m in map(NODE.match, rows) if m]
    head, count = next(m.groups() for m in map(HEAD.match, rows) if m)
    assert len(nodes) == int(count)
    return head, [dict(node=at, cpu=int(cpu), type=int(kind), csdev=csdev, address=buf, size=hex(int(size)),
                       missing_bytes='0x0') for _, at, cpu, kind, csdev, buf, size in nodes]


def forms(case):
    """Name and arguments of each form of the dump."""
    for form in ['vmcore.elf'] + sorted(os.path.relpath(p, case) for p in glob.glob(os.path.join(case, 'mdf', '*'))):
        if 'split' not in form:
            yield form, [os.path.join(case, form)]
    parts = sorted(glob.glob(os.path.join(case, 'mdf', 'split-d31.*')))
    if parts:
        yield 'split-d31', [parts[0]] + [argument for part in parts[1:] for argument in ('--part', part)]


def check_buffers(name, arguments, case):
    head, want = truth(case)
    for place in [], ['--list', head], ['--list', 'coresight_dump_list']:
        with tempfile.TemporaryDirectory() as folder:
            nodes = document('coresight', *arguments, *place, '-o', folder)['nodes']
            check(f'{name} {place}: nodes', [{k: node.get(k) for k in w} for node, w in zip(nodes, want)], want)
            check(f'{name} {place}: how many', len(nodes), len(want))
            for i, node in enumerate(nodes):
                with open(os.path.join(folder, node['file']), 'rb') as got:
                    with open(os.path.join(case, 'truth', f'buf-{i}.bin'), 'rb') as expected:
                        check_same(f'{name} {place}: buffer {i}', got.read(), expected.read())


def check_coresight(name, case, form, meta):
    name = os.path.basename(case)
    for other, arguments in forms(case):
        with attempt(f'{name}/{other}'):
            check_buffers(f'{name}/{other} coresight', arguments, case)
    with attempt(f'{name}, built'), tempfile.TemporaryDirectory() as folder:
        built = os.path.join(folder, 'built')
        vmcore('build', '--no-sync', '--elfcorehdr', hex(meta['elfcorehdr']), '-o', built,
               os.path.join(case, 'oldmem.raw'))
        check_buffers(f'{name}, built, coresight', [built], case)
