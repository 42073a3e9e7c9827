"""A root folder of another Debian, whose programs are run on files of this one."""
import os
import subprocess

PACKAGES = 'crash,gdb,python3-drgn'


class PeerRoot:
    def __init__(self, folder):
        self.folder = os.path.realpath(folder)

    @classmethod
    def made(cls, folder):
        mirror = next(line.split()[0] for line in subprocess.run(
            ['apt-get', 'indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'],
            capture_output=True, check=True, text=True).stdout.splitlines() if line.rstrip('/').endswith('/debian'))
        subprocess.run(['debootstrap', '--variant=minbase', f'--include={PACKAGES}', 'trixie', folder, mirror],
                       check=True, capture_output=True, stdin=subprocess.DEVNULL)
        return cls(folder)

    def run(self, *command, folders, stdin='', seconds=300):
        """Its stdout and stderr. The folders are there under the same names, in a mount name space that ends with it."""
        mounts = ''.join(f'mkdir -p "$root{folder}" && mount --bind "{folder}" "$root{folder}" && ' for folder in folders)
        script = f'root=$1; shift; {mounts}mount -t proc proc "$root/proc" && exec chroot "$root" "$@"'
        done = subprocess.run(
            ['unshare', '--mount', 'sh', '-c', script, '-', self.folder, 'env', '-i', 'HOME=/root', 'TERM=dumb', 'LC_ALL=C.UTF-8',
             'PATH=/usr/sbin:/usr/bin', *command], input=stdin.encode(), capture_output=True, timeout=seconds)
        return done.stdout.decode('latin-1'), done.stderr.decode('latin-1')

    def versions(self):
        crash, _ = self.run('crash', '--version', folders=[])
        gdb, _ = self.run('gdb', '--version', folders=[])
        drgn, _ = self.run('python3', '-c', 'import drgn; print(drgn.__version__)', folders=[])
        return f'{crash.strip().splitlines()[0]}, {gdb.splitlines()[0]}, drgn {drgn.strip()}'
