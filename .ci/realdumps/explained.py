"""How the kernel explains itself: its tasks, modules, types and objects, and why it crashed, of each case's dumps."""
import os
import subprocess
import tempfile

from . import crashchecks, objectchecks, taskchecks, typechecks
from .running import attempt
from .truths import Drgn, kernel_threads

# Every structure, and more forms of a dump.
everything = False


def whole(case):
    return next(path for path in (os.path.join(case, form) for form in ('vmcore.elf', 'elf')) if os.path.exists(path))


def is_there(case):
    """Whether it is known what the kernel should say of itself."""
    return bool(kernel_threads(case))


def filtered(case, arch, folder):
    """A kdump-compressed form with the pages that -d 31 leaves; makedumpfile reads those of its own architecture alone."""
    for form in 'mdf/kd-lzo-d31', 'kd-zlib-d31':
        if os.path.exists(os.path.join(case, form)):
            return form, os.path.join(case, form)
    if arch != 'x86_64' or not os.path.exists(os.path.join(case, 'vmcore.elf')):
        return None, None
    path = os.path.join(folder, 'kd-lzo-d31')
    subprocess.run(['makedumpfile', '--message-level', '0', '-l', '-d', '31', os.path.join(case, 'vmcore.elf'), path],
                   check=True, stdin=subprocess.DEVNULL)
    return 'kd-lzo-d31', path


def forms(case, arch, folder):
    """Name and path of the forms beside the whole one."""
    form, path = filtered(case, arch, folder)
    if path:
        yield form, path
    if everything:
        for form in 'mdf/kd-zlib-d0', 'mdf/elf-d31', 'kdump-zlib', 'kd-zstd-d31', 'mdf/flat-zlib-d31', 'elf-paging':
            if os.path.exists(os.path.join(case, form)):
                yield form, os.path.join(case, form)


def check_explained(name, case, form, meta):
    name, path = os.path.basename(case), whole(case)
    taskchecks.check_kernel_at_work(name, path, case, meta)
    if os.path.exists(os.path.join(case, 'kernel', 'structs.json')):
        typechecks.check_types(name, path, case, everything)
    if Drgn(case).objects:
        objectchecks.check_objects(name, path, case)
    with attempt(name):
        if Drgn(case).there:
            crashchecks.check_crash(name, path, case)
        elif meta['arch'] in taskchecks.PAGED:
            crashchecks.check_none(name, path)
    with tempfile.TemporaryDirectory() as folder:
        for other, other_path in forms(case, meta['arch'], folder):
            for command in (['ps', '--threads'], ['modules'], ['crash'], ['type', 'task_struct']):
                taskchecks.check_same(f'{name}/{other}', command, other_path, path)
