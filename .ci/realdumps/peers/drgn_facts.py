"""Run by drgn: tasks, modules, stacks and the like of the crashed kernel, as one JSON document."""
import json

from drgn.helpers.linux import *
from drgn.helpers.linux.printk import get_dmesg


def attempt(what):
    try:
        return what()
    except Exception as e:
        return f'{type(e).__name__}: {e}'


def all_tasks():
    found = {t.value_(): t for c in for_each_possible_cpu(prog) for t in [idle_task(prog, c)]}
    found.update((t.value_(), t) for t in for_each_task(prog))
    return found.values()


def stack(task):
    return [(frame.pc, frame.name) for frame in prog.stack_trace(task)]


def facts():
    task = prog['init_task']
    return {
        'release': prog['init_uts_ns'].name.release.string_().decode(),
        'comm': task.comm.string_().decode(),
        'nr_threads': attempt(lambda: prog['nr_threads'].value_()),
        'online': attempt(lambda: list(for_each_online_cpu(prog))),
        'tasks': {hex(t.value_()): [t.pid.value_(), t.comm.string_().decode('latin-1'), attempt(lambda: task_state_to_char(t))]
                  for t in all_tasks()},
        'modules': {m.name.string_().decode(): hex(m.value_()) for m in
                    list_for_each_entry('struct module', prog['modules'].address_of_(), 'list')},
        'stacks': {hex(t.value_()): attempt(lambda: stack(t)) for t in all_tasks()},
        'log': get_dmesg(prog).decode('latin-1'),
        'slabs': attempt(lambda: sorted(s.name.string_().decode() for s in for_each_slab_cache(prog))),
        'mounts': attempt(lambda: len(list(for_each_mount(prog['init_task'].nsproxy.mnt_ns)))),
        'paths': attempt(lambda: [d_path(f.f_path).decode() for _, f in for_each_file(find_task(prog, 1))]),
        'symbol': prog.symbol('panic').name,
    }


print(json.dumps(facts()))
