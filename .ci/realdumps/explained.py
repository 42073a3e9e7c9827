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


def made(case, folder, level):
    """A kdump-compressed form of a dump of x86_64, by makedumpfile, which reads those of its own architecture alone."""
    path = os.path.join(folder, f'kd-lzo-d{level}')
    subprocess.run(['makedumpfile', '--message-level', '0', '-l', '-d', str(level), os.path.join(case, 'vmcore.elf'), path],
                   check=True, stdin=subprocess.DEVNULL)
    return os.path.basename(path), path


def forms(case):
    """Name and path of the other forms that are there."""
    some = ['mdf/kd-lzo-d31', 'kd-zlib-d31', 'kdump-zlib']
    more = ['mdf/kd-zlib-d0', 'mdf/elf-d31', 'kd-zstd-d31', 'mdf/flat-zlib-d31', 'elf-paging']
    for form in some + more * everything:
        if os.path.exists(os.path.join(case, form)):
            yield form, os.path.join(case, form)


def check_forms(name, path, case, arch):
    """Other forms say the same. Where there are none they are made: makedumpfile 1.7.2 takes the slab pages of 6.12 for
    the user's, so that -d 31 lacks some."""
    with tempfile.TemporaryDirectory() as folder:
        others = list(forms(case))
        if not others and arch == 'x86_64':
            others = [made(case, folder, 23)]
            less, less_path = made(case, folder, 31)
            taskchecks.check_less(f'{name}/{less}', less_path, path)
        for other, other_path in others:
            with attempt(f'{name}/{other}'):
                taskchecks.check_same(f'{name}/{other}', ['ps', '--threads'], other_path, path)
                taskchecks.check_same(f'{name}/{other}', ['modules'], other_path, path)
                if Drgn(case).there:  # it crashed
                    taskchecks.check_same(f'{name}/{other}', ['crash'], other_path, path)
                taskchecks.check_same(f'{name}/{other}', ['type'], other_path, path, 'task_struct')


def check_explained(name, case, form, meta):
    name, path = os.path.basename(case), whole(case)
    taskchecks.check_kernel_at_work(name, path, case, meta)
    if os.path.exists(os.path.join(case, 'kernel', 'structs.json')):
        typechecks.check_types(name, path, case, everything)
    if Drgn(case).objects:
        objectchecks.check_objects(name, path, case)
    with attempt(name):
        crashchecks.check_info(name, path, case)
    with attempt(name):
        if Drgn(case).there:
            crashchecks.check_crash(name, path, case)
        elif meta['arch'] in taskchecks.PAGED:
            crashchecks.check_none(name, path)
    check_forms(name, path, case, meta['arch'])
