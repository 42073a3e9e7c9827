"""What is measured with: the tools, built once, and for each place the dumps, made when a row first needs them."""
import json
import os
import shutil
import subprocess

from measure import Failed, Meter

HERE = os.path.dirname(os.path.abspath(__file__))
HELLO = '''public class Hello {
  public static void main(String[] args) {
    System.out.println("Hello");
  }
}
'''
# A Java that tells the launcher's options.
TELLING = '''#!/bin/sh
printf '%s\\n' "$@"
'''
MAKEDUMPFILE = {'zlib': '-c', 'lzo': '-l'}


def call(*argv, **options):
    """What the command prints."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise Failed(f'{argv[0]}: exit status {done.returncode}: {(done.stderr or done.stdout).strip()[-500:]}')
    return done.stdout


def need(tool):
    """Fails when there is no such tool."""
    if not shutil.which(tool):
        raise Failed(f'needs {tool}')


class Tools:
    """What is run: vmcore with its launcher, a Java with its options, and the peers that aren't installed."""

    def __init__(self, folder):
        self._folder = folder
        told = call('bash', '-c', 'set -eu; here=$1; . "$here/common"; trap - EXIT; printf "%s\\n" "$vmcore" "$jdk" "$classpath"',
                    'bash', HERE, env={**os.environ, 'TMPDIR': folder})
        self.vmcore, self.java_home, self._classpath = told.splitlines()
        self.java = os.path.join(self.java_home, 'bin', 'java')
        self.options = self._launcher_options('read', '--format=raw')
        self.meter = Meter(self._compiled('run'), folder)

    def _launcher_options(self, *command):
        """The JVM's options that the launcher gives for a command, but for the cache of vmcore.jar."""
        home = os.path.join(self._folder, 'telling')
        os.makedirs(os.path.join(home, 'bin'))
        with open(os.path.join(home, 'release'), 'w') as f:
            f.write('JAVA_VERSION="25"\n')
        with open(os.path.join(home, 'bin', 'java'), 'w') as f:
            f.write(TELLING)
        os.chmod(f.name, 0o755)
        told = call(self.vmcore, *command, env={**os.environ, 'VMCORE_JAVA': home}).splitlines()
        return [each for each in told[:told.index('-cp')] if not each.startswith(('-XX:AOTCache=', '-Xlog:disable'))]

    def made(self, name, make):
        """The path of a file of the folder, made when it isn't there."""
        path = os.path.join(self._folder, name)
        if not os.path.exists(path):
            make(path)
        return path

    def hello(self):
        """A bare java Hello."""
        def compiled(path):
            source = path.replace('.class', '.java')
            with open(source, 'w') as f:
                f.write(HELLO)
            call(os.path.join(self.java_home, 'bin', 'javac'), '-d', self._folder, source)
        self.made('Hello.class', compiled)
        return [self.java, '-cp', self._folder, 'Hello']

    def kdumpfile(self):
        """The reader that is written in C."""
        return self._compiled('kdumpfile', '-lkdumpfile')

    def _compiled(self, name, *libraries):
        need('gcc')
        return self.made(name, lambda path: call('gcc', '-O2', '-o', path, os.path.join(HERE, name + '.c'), *libraries))

    def reader(self, *options):
        """The reader that is written in Java, its class path of jars only: no other serves for a cache."""
        jar = self.made('samples.jar', lambda path: call(
            os.path.join(self.java_home, 'bin', 'jar'), 'cf', path, '-C', self._classpath.split(':')[0], '.'))
        path = ':'.join([jar] + self._classpath.split(':')[1:])
        return [self.java, *self.options, *options, '-cp', path, 'org.vmcore.samples.KdumpReading']

    def trained(self, name, *arguments):
        """A cache of the Java reader's code and of how it was used, made in a training run."""
        return self.made(name + '.aot', lambda path: call(*self.reader('-XX:AOTCacheOutput=' + path), *arguments))

    def dump(self, kind, path, size, segments):
        """A dump that is made up."""
        call(self.java, '-cp', self._classpath, 'org.vmcore.samples.BenchDumps', kind, path, str(size), str(segments))

    def image_size(self, dump):
        """In bytes."""
        return int(json.loads(call(self.vmcore, 'info', '--json', dump))['size'], 0)


class Inputs:
    """The dumps in one folder. Of the large ones there is only the last that was asked for."""

    def __init__(self, tools, folder, given, oldmem, given_large, large):
        self._tools = tools
        self._folder = folder
        self._given = given
        self._oldmem = oldmem
        self._given_large = given_large
        self._large = None
        self.size = large

    def out(self, name):
        """The path of a file that is written."""
        return os.path.join(self._folder, name)

    def _made(self, name, make):
        path = self.out(name)
        if not os.path.exists(path):
            try:
                make(path)
            except BaseException:
                if os.path.exists(path):
                    os.unlink(path)
                raise
        return path

    def _made_large(self, name, make):
        if self._large and self._large != self.out(name):
            os.unlink(self._large)
        self._large = None
        self._large = self._made(name, make)
        return self._large

    def vmcore(self):
        """The saved /proc/vmcore."""
        if not self._given:
            raise Failed('needs VMCORE, a saved /proc/vmcore')
        return self._made('vmcore', lambda path: shutil.copyfile(self._given, path))

    def oldmem(self):
        """A guest's RAM, its holes kept."""
        if not self._oldmem:
            raise Failed("needs --oldmem, a guest's RAM")
        return self._made('oldmem', lambda path: call('cp', '--sparse=auto', self._oldmem, path))

    def kdump(self, how):
        """The vmcore as a kdump-compressed dump."""
        if how in MAKEDUMPFILE:
            return self._made('kdump-' + how, lambda path: _makedumpfile(how, self.vmcore(), path))
        return self._made('kdump-' + how, lambda path: call(
            self._tools.vmcore, 'convert', '--no-sync', '--compress', how, '-o', path, self.vmcore()))

    def large_kdump(self, how):
        """Its memory again and again, as a kdump-compressed dump."""
        def make(path):
            elf = path + '.elf'
            try:
                call(os.path.join(HERE, 'enlarge'), str(self.size), self.vmcore(), elf)
                _makedumpfile(how, elf, path)
            finally:
                if os.path.exists(elf):
                    os.unlink(elf)
        return self._made_large('large-kdump-' + how, make)

    def large_vmcore(self, level):
        """A saved /proc/vmcore of a large machine; where nothing has to be asked of its kernel, one that is made larger."""
        if self._given_large:
            return self._made_large('large-vmcore', lambda path: shutil.copyfile(self._given_large, path))
        if level:
            return self.vmcore()
        return self._made_large('large-elf', lambda path: call(os.path.join(HERE, 'enlarge'), str(self.size), self.vmcore(), path))

    def headers_only(self):
        """A dump that is all holes, of 8 segments."""
        return self._made('holes', lambda path: self._tools.dump('sparse', path, self.size, 8))

    def large(self, kind, size):
        """A dump of one segment, filled, or of data and holes."""
        return self._made_large(f'{kind}-{size}', lambda path: self._tools.dump(kind, path, size, 1))

    def crash_headers(self):
        """Of a machine that has RAM of the large size from address 0."""
        def make(path):
            iomem = path + '.iomem'
            with open(iomem, 'w') as f:
                f.write(f'00000000-{self.size - 1:08x} : System RAM\n')
            call(self._tools.vmcore, 'prepare', '--arch', 'x86_64', '--iomem', iomem, '--keep-first-mib', '-o', path)
        return self._made('headers', make)


def _makedumpfile(how, source, target):
    need('makedumpfile')
    call('makedumpfile', '--message-level', '0', MAKEDUMPFILE[how], '-d', '0', source, target)
