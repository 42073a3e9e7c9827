"""What `type` says of structures, beside what drgn says by DWARF, and pahole and bpftool by BTF."""
import json
import os
import re

from .differences import compared
from .running import attempt, document, number, vmcore
from .truths import lines

# Of these alone a plain run looks at: those that the commands themselves go by, and one of each kind.
WORTH = '''struct task_struct|struct module|struct page|struct mm_struct|struct pid|struct pt_regs|struct rq|struct mutex
 struct printk_info|struct thread_struct|struct maple_node|struct net_device|struct sk_buff|struct prb_data_block|struct slab
 struct irq_desc|union|spinlock_t|vm_flags_t|enum module_state|enum pageflags'''.replace('\n ', '|').split('|')


def spelled(name):
    """A type's name as DWARF and BTF agree on it: without spaces, 'long unsigned int' as 'unsigned long'."""
    def words(found):
        some = found[0].split()
        if len(some) > 1 and 'int' in some and {'long', 'short', 'unsigned', 'signed'} & {*some}:
            some.remove('int')
        return ' '.join(sorted(some))
    name = re.sub(r'\b(struct|union|enum) (<anonymous>|\{\s*(\.\.\.|…)?\s*\}|\(anon\))', r'\1', name)
    name = re.sub(r'[A-Za-z_]\w*(\s+[A-Za-z_]\w*)*', words, name)
    return re.sub(r'(?<=\W) | (?=\W)', '', name).replace('[0]', '[]')


def flat(members):
    """Place in bits, size in bits and type of each member by name."""
    return {m['name']: (number(m['offset']) * 8 + m.get('bit_offset', 0),
                        m['bit_size'] if 'bit_size' in m else number(m['size']) * 8, spelled(m['type'])) for m in members}


def compare_struct(compare, got, want):
    compare('size', number(got['size']), want['size'])
    got = flat(got.get('members', []))
    want = {name: (at, size or 0, spelled(kind)) for name, at, size, kind in want['members']}
    # Those of a structure without a name of its own are told, too: lru_gen.list.
    compare('members', [n for n in got if n.split('.')[0] not in want], [n for n in want if n not in got])
    for name in want:
        if name in got:
            compare(name, got[name], want[name])


def struct_names(case, everything):
    with open(os.path.join(case, 'kernel', 'structs.json')) as f:
        structs = json.load(f)
    return {n: s for n, s in structs.items() if everything or n in WORTH}


def check_structs(name, path, case, everything):
    """Every member's place, size and type."""
    for struct, want in struct_names(case, everything).items():
        with attempt(name), compared(f'{name} type {struct}') as compare:
            got = document('type', path, struct)
            if struct.startswith('enum'):
                compare('enumerators', {e['name']: int(e['value']) for e in got['enumerators']}, want)
            else:
                compare_struct(compare, got, want)


def pahole_texts(case):
    """What pahole printed of each structure."""
    texts, text = {}, []
    for line in lines(case, 'kernel', 'pahole.txt'):
        text.append(line)
        if line.startswith('}'):
            texts[text[0].removesuffix(' {')] = text
            text = []
        elif not line and len(text) == 1:
            text = []
    return texts


def check_texts(name, path, case, everything):
    """The text is pahole's, line by line."""
    for struct, want in pahole_texts(case).items():
        if everything or struct in WORTH:
            with attempt(name), compared(f'{name} type {struct}, as text') as compare:
                got = vmcore('type', path, struct).decode().rstrip('\n').split('\n')
                for i in range(max(len(got), len(want))):
                    compare(f'line {i + 1}', *(rows[i] if i < len(rows) else None for rows in (got, want)))


def module_structs(case):
    """What bpftool read out of the module's own BTF: of each named structure its size, and of each member its place in
    bits."""
    structs, members = {}, None
    for row in lines(case, 'kernel', 'btf-module.txt'):
        struct = re.match(r"\[\d+\] (STRUCT|UNION) '(\w+)' size=(\d+) ", row)
        member = re.match(r"\t'(\w+)' type_id=\d+ bits_offset=(\d+)", row)
        if struct:
            members = []
            structs[f'{struct[1].lower()} {struct[2]}'] = int(struct[3]), members
        elif row.startswith('['):
            members = None
        elif member and members is not None:
            members.append((member[1], int(member[2])))
    return structs


def check_module_types(name, path, case):
    for struct, (size, members) in module_structs(case).items():
        with attempt(name), compared(f'{name} type {struct}, of a module') as compare:
            got = document('type', path, struct)
            compare('size', number(got['size']), size)
            compare('members', {n: at for n, (at, _, _) in flat(got['members']).items() if '.' not in n}, dict(members))


def check_types(name, path, case, everything):
    check_structs(name, path, case, everything)
    check_texts(name, path, case, everything)
    check_module_types(name, path, case)
