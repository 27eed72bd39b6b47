"""Servers and loads as processes: pinned to cores, started, asked what they used, and ended again."""

import json
import os
import resource
import shlex
import socket
import subprocess
import time

TICKS = os.sysconf('SC_CLK_TCK')


def allow_many_files(wanted):
    """Raises the limit of open files as far as it goes; says whether `wanted` may be open."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    enough = hard == resource.RLIM_INFINITY or hard >= wanted
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if enough else hard, hard))
    return enough


def free_port():
    with socket.socket() as asked:
        asked.bind(('127.0.0.1', 0))
        return asked.getsockname()[1]


class Cores:
    """Which cores servers and loads run on: one each where there are two, and never each other's."""

    def __init__(self):
        self.all = sorted(os.sched_getaffinity(0))
        self.server = self.all[:1]
        self.load = self.all[-1:]
        self.two = self.all[:2]
        self.shared = len(self.all) < 3  # two cores for the server leave none for the load


def start(command, cores, **options):
    def prepare():
        os.sched_setaffinity(0, cores)
        try:  # before whatever else runs here; Linux shares cores between sessions first, then within each
            os.setsid()
            os.setpriority(os.PRIO_PROCESS, 0, -19)
            with open('/proc/self/autogroup', 'w') as autogroup:
                autogroup.write('-19')
        except OSError:
            pass

    return subprocess.Popen([str(each) for each in command], text=True, stderr=subprocess.DEVNULL, preexec_fn=prepare,
                            **options)


class Server:
    """A server that runs while the `with` block does."""

    def __init__(self, command, cores, port=None, **options):
        self.port = port or free_port()
        self.command = [str(each).replace('{port}', str(self.port)) for each in command]
        self.cores = cores
        self.options = {'stdout': subprocess.PIPE, **options}

    def __enter__(self):
        self.process = start(self.command, self.cores, **self.options)
        self.began = time.monotonic()
        return self

    def wait_until_ready(self):
        for line in self.process.stdout:
            if line.startswith('listening'):
                return self
        raise RuntimeError(f'{shlex.join(self.command)} did not start')

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def cpu_seconds(self):
        with open(f'/proc/{self.process.pid}/stat') as stat:
            fields = stat.read().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_bytes(self):
        with open(f'/proc/{self.process.pid}/status') as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith('VmRSS'))

    def ask(self, pattern, data, patience=20):
        """Sends one request as soon as the server takes it; the reply as text."""
        packet = json.dumps({'pattern': pattern, 'data': data, 'id': '1'}, separators=(',', ':'))
        frame = f'{len(packet)}#{packet}'.encode()
        end = time.monotonic() + patience
        while True:
            try:
                with socket.create_connection(('127.0.0.1', self.port), timeout=patience) as connection:
                    connection.sendall(frame)
                    answer = b''
                    while not answer.endswith(b'}'):
                        some = connection.recv(65536)
                        if not some:
                            raise RuntimeError('the connection was closed')
                        answer += some
                    return answer.partition(b'#')[2].decode()
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.0002)


def run_load(command, cores, server, **options):
    """One run of a load against a server: what it reports, and the server's processor time for each message."""
    arguments = [text for name, value in options.items() for text in (f'--{name.replace("_", "-")}', str(value))]
    whole = [str(each).replace('{port}', str(server.port)) for each in command] + arguments + ['--json', 'yes']
    before = server.cpu_seconds()
    began = time.monotonic()
    with start(whole, cores, stdout=subprocess.PIPE) as load:
        out = load.communicate(timeout=options.get('seconds', 5) + options.get('warm_up', 0) + 60)[0]
    if load.returncode != 0:
        raise RuntimeError(f'{shlex.join(whole)} failed')
    report = json.loads(out)
    # Of all that was answered, the warm-up's included, at the same rate.
    answered = report['per_second'] * min(time.monotonic() - began, options['seconds'] + options['warm_up'])
    report['server_cpu_us'] = (server.cpu_seconds() - before) * 1e6 / answered if answered else 0
    return report
