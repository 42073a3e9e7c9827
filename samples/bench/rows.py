"""The rows of the table: what is run for each, and how it is told."""
import os
from dataclasses import dataclass
from typing import Callable

from inputs import MAKEDUMPFILE, need
from measure import Command, Pairs, in_turn

PASSES = 10
# The cold rows stand first.
COLD, FIVE, TENTH, WHOLE = range(4)
HEAD = ('| what | vmcore | peer | ratio | user+sys | minor faults | peak memory |', '|---|---|---|---|---|---|---|')


@dataclass
class Case:
    """Commands that are run in turn: each of ours is compared with each peer."""
    name: str
    make: Callable  # gives (what, ours, peers, files that they write)
    sized: bool = False  # whether the files' sizes are compared

    def lines(self, meter, runs, settle):
        """Measures, and gives (COLD to WHOLE, line) for each row."""
        what, ours, peers, written = self.make()

        sizes = {}

        def before():
            for path in written:
                if os.path.exists(path):
                    sizes[path] = os.path.getsize(path)
                    os.unlink(path)
            if written:
                settle()

        try:
            rounds = in_turn(meter, ours + peers, runs, before)
            if self.sized:
                before()
                a, b = (sizes[path] for path in written)
                what += f'; {size(a)}, {a / b:.3f} × the peer\'s'
        finally:
            for path in written:
                if os.path.exists(path):
                    os.unlink(path)
        lines = []
        for i, command in enumerate(ours):
            for j, peer in enumerate(peers):
                pairs = Pairs(rounds, i, len(ours) + j)
                tell = passes if command.reader else whole
                lines += tell(what + command.note, pairs, peer)
        return lines


def whole(what, pairs, peer, stage=COLD):
    """The row of whole processes."""
    ours, theirs = pairs.medians(lambda cost: cost.elapsed)
    costs = [pairs.medians(value) for value in (
        lambda cost: cost.user, lambda cost: cost.system, lambda cost: cost.faults, lambda cost: cost.memory / 2**20)]
    user, system, faults, memory = costs
    return [(stage, line(
        what, seconds(ours), f'{seconds(theirs)}, {peer.name}', 'time ' + ratio(pairs.ratios(lambda cost: cost.elapsed)),
        ' / '.join(f'{user[i]:.2f}+{system[i]:.2f}' for i in (0, 1)) + ' s',
        ' / '.join(f'{n:,.0f}' for n in faults), ' / '.join(f'{n:,.0f}' for n in memory) + ' MiB'))]


def passes(what, pairs, peer):
    """The rows of readers that time their passes themselves, and that of the whole processes."""
    lines = []
    for stage, told, number in ((COLD, 'first pass', slice(0, 1)), (FIVE, 'first five passes, each', slice(0, 5)),
                                (TENTH, f'pass {PASSES}', slice(PASSES - 1, PASSES))):
        def each(cost, number=number):
            taken = [one[0] for one in cost.passes[number]]
            return sum(taken) / len(taken)
        ours, theirs = pairs.medians(each)
        speed = ratio(pairs.ratios(lambda cost, each=each: 1 / each(cost)))
        lines.append((stage, line(f'{what}, {told}', seconds(ours), f'{seconds(theirs)}, {peer.name}', 'speed ' + speed, '', '', '')))
    return lines + whole(f'{what}, {PASSES} passes, the process', pairs, peer, WHOLE)


def line(*cells):
    """A line of a Markdown table."""
    return '| ' + ' | '.join(cells) + ' |'


def seconds(value):
    """1.23 s, 45.6 ms"""
    return f'{value:.2f} s' if value >= 1 else f'{value * 1000:.{0 if value >= 0.1 else 1}f} ms'


def ratio(ratios):
    """Median, least and most."""
    return '{:.2f} × ({:.2f}–{:.2f})'.format(*ratios)


def size(value):
    """4 GiB, 158.8 MiB"""
    number, unit = (value / 2**30, 'GiB') if value >= 2**30 else (value / 2**20, 'MiB')
    return f'{number:.1f}'.removesuffix('.0') + ' ' + unit


def cases(tools, inputs):
    """All rows, in the table's order."""
    made = []
    for how in ('zlib', 'lzo'):
        made.append(Case(f'read-{how}', lambda how=how: read(tools, inputs, how, inputs.kdump(how))))
    for how in ('zlib', 'lzo'):
        made.append(Case(f'read-large-{how}', lambda how=how: read(tools, inputs, how, inputs.large_kdump(how))))
    for order in ('seq', 'random'):
        for how in ('zlib', 'lzo', 'zstd', 'snappy'):
            made.append(Case(f'reader-{how}-{order}', lambda how=how, order=order: reader(tools, inputs, how, order)))
    for how in ('zlib', 'lzo', 'zstd'):
        made.append(Case(f'convert-{how}-d0', lambda how=how: convert(tools, inputs, how, 0), sized=True))
    for how in ('zlib', 'lzo', 'zstd'):
        made.append(Case(f'convert-{how}-d31', lambda how=how: convert(tools, inputs, how, 31), sized=True))
    made.append(Case('convert-zlib-d0-threads', lambda: convert(tools, inputs, 'zlib', 0, '--num-threads', str(os.cpu_count())), sized=True))
    made += [
        Case('build-guest', lambda: build_guest(tools, inputs)),
        Case('build-filled', lambda: build(tools, inputs, 'filled', 'without zero pages')),
        Case('build-patchy', lambda: build(tools, inputs, 'patchy', 'three quarters of it holes')),
        Case('extract-filled', lambda: extract(tools, inputs, 'filled', 'without zero pages')),
        Case('extract-patchy', lambda: extract(tools, inputs, 'patchy', 'three quarters of it holes')),
        Case('verify', lambda: verify(tools, inputs)),
        Case('info', lambda: info(tools, inputs)),
        Case('log', lambda: kernel(tools, inputs, 'log')),
        Case('symbol', lambda: kernel(tools, inputs, 'symbol', 'panic')),
    ]
    for command in (('ps',), ('modules',), ('bt',), ('bt', '--all'), ('crash',), ('type', 'task_struct')):
        made.append(Case('-'.join(command).replace('---', '-'), lambda command=command: explained(tools, inputs, *command)))
    return made


def read(tools, inputs, how, dump):
    bytes_ = tools.image_size(dump)
    return (f'`read --format raw`, kdump, {how}, {size(bytes_)}',
            [Command('vmcore read', [tools.vmcore, 'read', '--offset', '0', '--length', str(bytes_), '--format', 'raw', dump])],
            [Command('libkdumpfile', [tools.kdumpfile(), dump, 'seq', '0', '1'])], ())


def reader(tools, inputs, how, order):
    dump = inputs.kdump(how)
    arguments = [dump, order, '0']
    cache = tools.trained(f'{how}-{order}', *arguments, '3')
    told = {'seq': 'in order', 'random': 'at random'}[order]
    return (f'page by page {told}, {how}, {size(tools.image_size(dump))}',
            [Command('reader', [*tools.reader(), *arguments, str(PASSES)], reader=True),
             Command('reader, AOT cache', [*tools.reader('-XX:AOTMode=on', '-XX:AOTCache=' + cache), *arguments, str(PASSES)],
                     reader=True, note=', AOT cache')],
            [Command('libkdumpfile', [tools.kdumpfile(), *arguments, str(PASSES)], reader=True)], ())


def build_guest(tools, inputs):
    ram, a, b = inputs.oldmem(), inputs.out('a'), inputs.out('b')
    told = os.stat(ram)
    return (f"`build` of a guest's RAM, {size(told.st_size)}, {size(told.st_blocks * 512)} of it data",
            [Command('vmcore build', [tools.vmcore, 'build', '--no-sync', '-o', a, ram])],
            [Command('`cp --sparse=always`', ['cp', '--sparse=always', ram, b])], (a, b))


def build(tools, inputs, kind, told):
    ram, a, b = inputs.large(kind, inputs.size), inputs.out('a'), inputs.out('b')
    return (f'`build`, {size(inputs.size)}, {told}',
            [Command('vmcore build', [tools.vmcore, 'build', '--no-sync', '--elfcorehdr-file', inputs.crash_headers(), '-o', a, ram])],
            [Command('`cp --sparse=always`', ['cp', '--sparse=always', ram, b])], (a, b))


def extract(tools, inputs, kind, told):
    bytes_ = inputs.size // 2
    dump, a, b = inputs.large(kind, bytes_), inputs.out('a'), inputs.out('b')
    return (f'`extract`, {size(bytes_)}, {told}',
            [Command('vmcore extract', [tools.vmcore, 'extract', '--no-sync', '--load', '1', '-o', a, dump])],
            [Command('`cp`', ['cp', dump, b])], (a, b))


def verify(tools, inputs):
    need('makedumpfile')
    dump, b = inputs.kdump('zlib'), inputs.out('b')
    return (f'`verify`, kdump, zlib, {size(tools.image_size(dump))}',
            [Command('vmcore verify', [tools.vmcore, 'verify', dump])],
            [Command('`makedumpfile -d 0`, which rewrites it', ['makedumpfile', '--message-level', '0', '-d', '0', dump, b])], (b,))


def convert(tools, inputs, how, level, *options):
    """Written without fsync, as makedumpfile does it. Its peer for zstd is zlib: makedumpfile seldom knows zstd."""
    need('makedumpfile')
    dump, a, b = inputs.large_vmcore(level), inputs.out('a'), inputs.out('b')
    letter = MAKEDUMPFILE.get(how, MAKEDUMPFILE['zlib'])
    peer = ' '.join(['makedumpfile', letter, *options, '-d', str(level)])
    return (f'`convert --compress {how} -d {level}`, {size(os.path.getsize(dump))} `/proc/vmcore`',
            [Command('vmcore convert', [tools.vmcore, 'convert', '--no-sync', '--compress', how, '-d', str(level), '-o', a, dump])],
            [Command(f'`{peer}`', ['makedumpfile', '--message-level', '0', letter, *options, '-d', str(level), dump, b])], (a, b))


def hello(tools):
    return Command('`java Hello`', tools.hello())


def info(tools, inputs):
    return (f'`info`, {size(inputs.size)} dump', [Command('vmcore info', [tools.vmcore, 'info', inputs.headers_only()])],
            [hello(tools)], ())


def kernel(tools, inputs, command, *arguments):
    need('vmcore-dmesg')
    dump, written = inputs.vmcore(), ()
    peers = [hello(tools), Command('vmcore-dmesg', ['vmcore-dmesg', dump])]
    if command == 'log':
        need('makedumpfile')
        written = (inputs.out('b'),)
        peers.append(Command('`makedumpfile --dump-dmesg`', ['makedumpfile', '--message-level', '0', '--dump-dmesg', dump, *written]))
    return (f'`{" ".join([command, *arguments])}`, {size(os.path.getsize(dump))} `/proc/vmcore`',
            [Command('vmcore ' + command, [tools.vmcore, command, dump, *arguments])],
            peers, written)


def explained(tools, inputs, command, *arguments):
    """What needs the kernel's types. crash and drgn need debuginfo for it, which nothing here has."""
    dump = inputs.vmcore()
    return (f'`{" ".join([command, *arguments])}`, {size(os.path.getsize(dump))} `/proc/vmcore`',
            [Command('vmcore ' + command, [tools.vmcore, command, dump, *arguments])], [hello(tools)], ())
