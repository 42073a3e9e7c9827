"""Runs vmcore, and counts what is checked."""
import contextlib
import functools
import json
import os
import subprocess
import threading
import traceback

VMCORE = os.environ.get('VMCORE') or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), '..', '..', 'vmcore-cli', 'vmcore')


class Tally(threading.local):
    """Each thread's own counts; a section adds them to the total."""
    checks = 0
    failures = 0


tally = Tally()
total = {'checks': 0, 'failures': 0}
lock = threading.Lock()


def check(what, got, want):
    tally.checks += 1
    if got != want:
        failed(f'{what}: got {str(got)[:300]}, want {str(want)[:300]}')


def check_same(what, got, want):
    """Compares many bytes; what differs is told by its place."""
    tally.checks += 1
    if got != want:
        size = min(len(got), len(want))
        at = next((i for i in range(0, size, 4096) if got[i:i + 4096] != want[i:i + 4096]), size)
        at = next((i for i in range(at, min(at + 4096, size)) if got[i] != want[i]), size)
        failed(f'{what}: got {len(got)} bytes, want {len(want)}, they differ from {at:#x} on: '
               f'got {got[at:at + 16].hex()}, want {want[at:at + 16].hex()}')


def failed(what):
    tally.failures += 1
    print(f'FAILED {what}', flush=True)


@contextlib.contextmanager
def attempt(name):
    """Checks that can't go on after the first surprise, while others can."""
    try:
        yield
    except Exception as e:
        where = traceback.extract_tb(e.__traceback__)[-1]
        failed(f'{name}: {type(e).__name__} {e} in {os.path.basename(where.filename)}:{where.lineno}')


@contextlib.contextmanager
def section(name):
    """Checks that are summed up in one line."""
    tally.checks = tally.failures = 0
    with attempt(name):
        yield
    with lock:
        total['checks'] += tally.checks
        total['failures'] += tally.failures
    print(f'{name}: {"FAILED" if tally.failures else "ok"}', flush=True)


def run(*args):
    return subprocess.run([VMCORE, *args], capture_output=True, stdin=subprocess.DEVNULL)


def vmcore(*args, code=0):
    done = run(*args)
    check(f'exit code of vmcore {" ".join(args)} ({done.stderr.decode()!r})', done.returncode, code)
    return done.stdout


def document(*args, code=0):
    return json.loads(vmcore(*args, '--json', code=code) or b'{}')


@functools.cache
def said(*args):
    """A document that several checks look at, and none changes."""
    return document(*args)


def check_refused(what, *args):
    """One clear line, and nothing else."""
    done = run(*args)
    said = done.stderr.decode()
    clear = said.startswith('vmcore: ') and said.count('\n') == 1 and 'Exception' not in said
    check(f'{what}: vmcore {" ".join(args)}', (done.returncode, done.stdout, clear or said), (1, b'', True))


def number(text):
    return int(text, 16)
