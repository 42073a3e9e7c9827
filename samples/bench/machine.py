"""Tells the machine, keeps one of its cores busy, and notices who else uses it."""
import mmap
import os
import platform
import resource
import subprocess
import sys
import time

TICK = os.sysconf('SC_CLK_TCK')
PAGE = mmap.PAGESIZE
# Ends with the script that started it, however that ends.
LOOP = '''
import os
parent = os.getppid()
while os.getppid() == parent:
    for _ in range(1000000):
        pass
'''


def describe(java_home):
    """The machine and the JDK in one sentence."""
    with open('/proc/meminfo') as f:
        gib = int(f.readline().split()[1]) / 2**20
    with open('/proc/cpuinfo') as f:
        models = [line.split(':', 1)[1].strip() for line in f if line.startswith('model name')]
    return (f'{len(os.sched_getaffinity(0))} cores ({models[0] if models else platform.machine()}), {gib:.0f} GiB of memory, '
            f'Linux {platform.release()}, {_jdk(java_home)}; a first touch of a page of memory takes {first_touch() * 1e6:.1f} µs')


def _jdk(java_home):
    with open(os.path.join(java_home, 'release')) as f:
        told = dict(line.strip().split('=', 1) for line in f if '=' in line)
    return ' '.join(told[key].strip('"') for key in ('IMPLEMENTOR', 'JAVA_RUNTIME_VERSION') if key in told)


def first_touch():
    """Seconds, the best of three, each of 32 MiB."""
    def touch():
        with mmap.mmap(-1, 32 << 20) as memory:
            if hasattr(mmap, 'MADV_NOHUGEPAGE'):
                memory.madvise(mmap.MADV_NOHUGEPAGE)
            start = time.perf_counter()
            for at in range(0, len(memory), PAGE):
                memory[at] = 1
            return (time.perf_counter() - start) / (len(memory) // PAGE)
    return min(touch() for _ in range(3))


def file_system(folder):
    """The type of the file system that the folder is in."""
    told = subprocess.run(['df', '--output=fstype', folder], check=True, capture_output=True, text=True)
    return told.stdout.split()[-1]


class BusyCore:
    """One core busy while the block runs, with a loop that is pinned to it; idle where it isn't asked for."""

    def __init__(self, busy):
        self._busy = busy
        self._loop = None

    def __enter__(self):
        if self._busy:
            core = min(os.sched_getaffinity(0))
            self._loop = subprocess.Popen(['taskset', '-c', str(core), sys.executable, '-c', LOOP])
        return self

    def __exit__(self, *failure):
        if self._loop:
            self._loop.kill()
            self._loop.wait()
            self._loop = None

    def seconds(self):
        """CPU time of the loop so far."""
        if not self._loop:
            return 0
        with open(f'/proc/{self._loop.pid}/stat') as f:
            user, system = f.read().rsplit(')', 1)[1].split()[11:13]
        return (int(user) + int(system)) / TICK


class Others:
    """What others use of the machine from here on, in cores."""

    def __init__(self, loop):
        self._loop = loop
        self._start = self._now()

    def cores(self):
        """Used by others, and stolen by the hypervisor."""
        elapsed, used, stolen, own = (now - then for now, then in zip(self._now(), self._start))
        return max(0, used - own) / elapsed, stolen / elapsed

    def _now(self):
        with open('/proc/stat') as f:
            user, nice, system, _, _, irq, softirq, stolen = (int(n) / TICK for n in f.readline().split()[1:9])
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        own = sum(usage.ru_utime + usage.ru_stime for usage in usages) + self._loop.seconds()
        return time.monotonic(), user + nice + system + irq + softirq, stolen, own
