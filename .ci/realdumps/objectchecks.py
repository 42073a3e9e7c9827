"""Values of a kernel's and a module's objects, and lists, beside what drgn read there."""
import re

from .differences import compared
from .running import attempt, document, vmcore
from .truths import Drgn, lines


def drgn_values(case, name):
    """The numbers of an object that drgn printed, by path: .item[1].number."""
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
            if m:
                values[''.join(path) + '.' + m[1]] = m[2]
    return values


def check_list(name, path, arguments, want):
    with attempt(name), compared(f'{name} list {" ".join(arguments)}') as compare:
        compare('nodes', [node['address'] for node in document('list', path, *arguments)['nodes']], want)


def check_lists(name, path, case):
    drgn = Drgn(case)
    items = re.compile(r'\.item\[(\d)\]\.node\.')
    check_list(name, path, ['modules', '--type', 'module', '--member', 'list'], [m['struct'] for m in drgn.modules])


def check_objects(name, path, case):
    check_lists(name, path, case)
