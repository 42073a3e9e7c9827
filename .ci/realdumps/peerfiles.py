"""What vmcore makes out of a dump for the other tools, and what has to hold of these files themselves."""
import os
import subprocess

from .peerdifferences import knows
from .running import VMCORE, check, check_same


def content(path):
    with open(path, 'rb') as f:
        return f.read()


class PeerFiles:
    def __init__(self, name, case, folder):
        self.name, self.case, self.folder = name, case, folder
        self.dump = os.path.join(case, 'vmcore.elf')
        self.vmlinux = self.made('vmlinux', 'debuginfo', self.dump)
        self.bare = self.made('bare', 'debuginfo', '--without-text', self.dump)
        self.gdb = self.made('vmlinux-gdb', 'debuginfo', '--for', 'gdb', self.dump)
        self.core = self.made('core', 'core', self.dump)
        self.modules = os.path.join(folder, 'modules')
        self.made('again', 'debuginfo', '--modules', self.modules, self.dump)

    def made(self, name, *arguments):
        path = os.path.join(self.folder, name)
        done = subprocess.run([VMCORE, *arguments, '--no-sync', '-o', path], capture_output=True, stdin=subprocess.DEVNULL,
                              env={**os.environ, 'VMCORE_OPTS': '-Xmx256m'})
        check(f'{self.name}: {" ".join(arguments)}: {done.stderr.decode()!r}', done.returncode, 0)
        return path

    def folders(self):
        return [self.case, self.folder]

    def check(self):
        if knows('size', self.name):
            check(f'{self.name}: at most 45 MB', os.path.getsize(self.vmlinux) <= 45e6, True)
        check(f'{self.name}: at most 10 MB without text', os.path.getsize(self.bare) <= 10e6, True)
        check_same(f'{self.name}: made twice', content(os.path.join(self.folder, 'again')), content(self.vmlinux))
        for form in sorted(forms(self.case)):
            other = self.made('other', 'debuginfo', '--force', os.path.join(self.case, form))
            check_same(f'{self.name}: the same out of {form}', content(other), content(self.vmlinux))
        for path in self.vmlinux, self.bare, self.gdb, self.core:
            check(f'{self.name}: what readelf warns of in {os.path.basename(path)}', warnings(path), '')


def forms(case):
    for form in 'mdf/elf-d31', 'mdf/kd-zlib-d31', 'mdf/kd-lzo-d31', 'mdf/kd-zlib-d0', 'kd-zstd-d31':
        if os.path.exists(os.path.join(case, form)):
            yield form


def warnings(path):
    done = subprocess.run(['readelf', '-W', '-a', '--debug-dump=info,abbrev,frames', path], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    return done.stderr.decode(errors='replace')[:1000]
