"""Values of a kernel's and a module's objects, and lists, beside what drgn read there."""
import re

from .differences import compared
from .running import attempt, document
from .truths import Drgn, lines


def drgn_values(case, name):
    """The numbers of an object that drgn printed, by path: item[1].number."""
    values, path, index = {}, [], []
    rows = iter(lines(case, 'truth', 'drgn.txt'))
    for row in rows:
        if row.startswith(f'{name} at '):
            break
    for row in rows:
        text = row.strip()
        if text in ('}', '},'):
            if not path:
                break
            path.pop()
            index.pop()
        elif text == '{':
            path.append(f'[{index[-1]}]')
            index[-1] += 1
            index.append(0)
        elif text.endswith('{'):
            path.append('.' + re.match(r'\.(\w+) = ', text)[1])
            index.append(0)
        else:
            m = re.match(r'\.(\w+) = \(.*?\)(?=[-\d{])(.*?),?$', text)
            values.update(numbers(''.join(path) + '.' + m[1], m[2]))
    return {path.removeprefix('.'): value for path, value in values.items()}


def numbers(path, text):
    """A number, those of a row, or an address, behind which may stand the text there."""
    if text.startswith('{'):
        return {f'{path}[{i}]': n for i, n in enumerate(re.findall(r'-?\d+', text))}
    return {path: text.split(' ')[0]}


def check_values(name, path, case):
    """Bit-fields, unions, arrays and pointers, as drgn printed them."""
    for symbol, kind in (('fx_state', 'fx_state'), ('fx_mutex', 'mutex'), ('fx_timer', 'timer_list')):
        with attempt(name), compared(f'{name} type {kind} {symbol}') as compare:
            shown = document('type', path, kind, symbol)
            compare('address', shown['address'], Drgn(case).objects[symbol])
            got = {m['name']: m.get('value') for m in shown['members']}
            for member, value in drgn_values(case, symbol).items():
                compare(member, got.get(member), value)


def check_list(name, path, arguments, want):
    with attempt(name), compared(f'{name} list {" ".join(arguments)}') as compare:
        nodes = document('list', path, *arguments)['nodes']
        compare('nodes', [{k: node.get(k) for k in w} for node, w in zip(nodes, want)], want)
        compare('how many', len(nodes), len(want))


def check_lists(name, path, case):
    drgn, state = Drgn(case), drgn_values(case, 'fx_state')
    check_list(name, path, ['modules', '--type', 'module', '--member', 'list', '--show', 'name'],
               [dict(address=m['address'], name=m['name']) for m in drgn.modules])
    check_list(name, path, ['fx_state+0x10', '--type', 'fx_item', '--member', 'node', '--show', 'number,bits.c'],
               [{'address': hex(int(drgn.objects['fx_state'], 16) + 0x20 + 40 * i),
                 'number': int(state[f'item[{i}].number']), 'bits.c': int(state[f'item[{i}].bits.c'])} for i in range(3)])
    if drgn.waiters:
        check_list(name, path, ['fx_mutex', '--head', 'mutex.wait_list', '--type', 'mutex_waiter', '--member', 'list',
                                '--show', 'task,task.pid'],
                   [{'task': address, 'task.pid': pid} for address, pid in drgn.waiters])
    pids = sorted({t['pid'] for t in drgn.tasks} - {0})
    check_xarray(name, path, pids)


def check_xarray(name, path, pids):
    """The table of pids holds every number that a task, a group or a session has."""
    with attempt(name), compared(f'{name} list init_pid_ns --head pid_namespace.idr') as compare:
        nodes = document('list', path, 'init_pid_ns', '--head', 'pid_namespace.idr', '--type', 'pid')['nodes']
        there = [node['index'] for node in nodes]
        compare('in order', there == sorted(set(there)) or there, True)
        compare('pids that it lacks', [pid for pid in pids if pid not in there], [])


def check_objects(name, path, case):
    check_values(name, path, case)
    check_lists(name, path, case)
