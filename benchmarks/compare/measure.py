"""What is measured, by name. Every figure is the median of rounds in which all peers took turns."""

import json
import statistics
import subprocess
import sys
import time

from processes import Server, run_load, start

DTO = {'firstName': 'Ada', 'lastName': 'Lovelace', 'email': 'ada.lovelace@example.com', 'password': 'correct horse'}
CONNECTIONS = 5000


def say(text):
    print(text, file=sys.stderr, flush=True)


def median_of(reports):
    return {key: statistics.median(each[key] for each in reports) for key in reports[0]}


class Measure:
    def __init__(self, peers, cores, seconds, rounds, many_files):
        self.peers = peers
        self.cores = cores
        self.seconds = seconds
        self.rounds = rounds
        self.many_files = many_files

    def run(self):
        results = {}
        servers = {name: Server(peer.server, self.cores.server) for name, peer in self.peers.echo.items()}
        try:
            for name, server in servers.items():
                server.__enter__().wait_until_ready()
            self.warm_up(servers)
            results['throughput'] = self.turns(servers, 'throughput', rounds=self.rounds)
            results['plain'] = self.turns({name: each for name, each in servers.items() if name != 'bare'}, 'plain',
                                          pattern='echo.plain')
            results['single'] = self.turns(servers, 'a single caller', rounds=self.rounds, connections=1, in_flight=1)
            results['connections'] = self.by_connections(servers)
            results['payload'] = {size: self.turns(servers, f'payload of {size} bytes', payload=size)
                                  for size in (64, 1024, 16384)}
        finally:
            for server in servers.values():
                if hasattr(server, 'process'):
                    server.__exit__()
        results['two_cores'] = self.two_cores()
        results['typed'] = self.typed()
        results['memory'] = self.memory()
        results['start'] = self.start_to_answer()
        results['allocations'] = self.allocations()
        return results

    def load(self, name, server, cores=None, seconds=None, warm_up=0.3, **options):
        command = self.peers.echo[name].load
        return run_load(command, cores or self.cores.load, server, seconds=seconds or self.seconds, warm_up=warm_up,
                        **options)

    def warm_up(self, servers):  # node's just-in-time compiler wants its time
        for name, server in servers.items():
            if self.peers.echo[name].warms_up:
                say(f'  warming up {self.peers.title(name)}')
                for pattern in ('echo', 'echo.plain'):
                    self.load(name, server, seconds=min(4, 2 * self.seconds), pattern=pattern)

    def turns(self, servers, what, rounds=1, **options):
        taken = {name: [] for name in servers}
        for _ in range(rounds):
            for name, server in servers.items():
                taken[name].append(self.load(name, server, **options))
        medians = {name: median_of(each) for name, each in taken.items()}
        for name, each in medians.items():
            say(f'  {what}: {self.peers.title(name)}: {each["per_second"]:,.0f}/s, p50 {each["p50_us"]:,.1f} us')
        return medians

    def by_connections(self, servers):
        taken = {}
        for count, in_flight in ((1, 16), (16, 16), (256, 16), (CONNECTIONS, 1)):
            if count == CONNECTIONS and not self.many_files:
                say(f'  {count} connections: skipped, the limit of open files (ulimit -n) is too low')
                continue
            taken[f'{count} × {in_flight}'] = self.turns(servers, f'{count} connections', connections=count,
                                                         in_flight=in_flight)
        return taken

    def two_cores(self):
        taken = {}
        for threads in (1, 2):
            for name in ('nestcpp', 'bare'):
                with Server(self.peers.echo[name].with_threads(threads), self.cores.two) as server:
                    server.wait_until_ready()
                    report = self.load(name, server)
                    taken.setdefault(name, {})[threads] = report
                    say(f'  {threads} loops on two cores: {self.peers.title(name)}: {report["per_second"]:,.0f}/s')
        return taken

    def typed(self):
        shapes = {'16 × 16': (16, 16), '1 × 256': (1, 256), '1 × 1': (1, 1)}
        taken = {shape: {name: [] for name in self.peers.typed} for shape in shapes}
        for name, peer in self.peers.typed.items():
            with Server(peer.server, self.cores.server) as server:
                server.wait_until_ready()
                for _ in range(self.rounds):
                    for shape, (connections, in_flight) in shapes.items():
                        taken[shape][name].append(
                            run_load(peer.load, self.cores.load, server, connections=connections, in_flight=in_flight,
                                     seconds=self.seconds, warm_up=0.3))
            for shape in shapes:
                each = taken[shape][name] = median_of(taken[shape][name])
                say(f'  client to server, {shape}: {self.peers.title(name)}: {each["per_second"]:,.0f}/s, '
                    f'p50 {each["p50_us"]:,.1f} us')
        return taken

    def memory(self):
        """Resident bytes: idle after one answer, and for each of 5,000 connections that were answered once."""
        taken = {}
        for name, peer in self.peers.echo.items():
            with Server(peer.server, self.cores.server) as server:
                server.wait_until_ready()
                server.ask('echo', DTO)
                time.sleep(0.3)
                taken[name] = {'idle': server.resident_bytes()}
                if self.many_files:
                    taken[name]['connection'] = self.idle_connection(peer, server, taken[name]['idle'])
                say(f'  resident: {self.peers.title(name)}: {taken[name]}')
        return taken

    def idle_connection(self, peer, server, before):
        command = [str(each).replace('{port}', str(server.port)) for each in peer.load]
        with start(command + ['--connections', CONNECTIONS, '--idle', 'yes'], self.cores.load, stdin=subprocess.PIPE,
                   stdout=subprocess.PIPE) as load:
            if load.stdout.readline().strip() != 'idle':
                raise RuntimeError('the idle connections could not be opened')
            time.sleep(3)  # until a server has noticed that they are idle
            each = (server.resident_bytes() - before) / CONNECTIONS
            load.stdin.close()
        return each

    def start_to_answer(self):
        """Milliseconds from the process's start to the first answer."""
        taken = {}
        for name, peer in self.peers.echo.items():
            times = []
            for _ in range(5):
                with Server(peer.server, self.cores.server) as server:
                    server.ask('echo', DTO)
                    times.append((time.monotonic() - server.began) * 1000)
            taken[name] = statistics.median(times)
            say(f'  start to first answer: {self.peers.title(name)}: {taken[name]:.0f} ms')
        return taken

    def allocations(self):
        """Of a message in steady state: on the server, and in the process of a typed caller."""
        with Server(self.peers.counting, self.cores.server) as server:
            server.wait_until_ready()
            count = lambda: json.loads(server.ask('allocations', {'count': 0}))['response']['count']
            self.load('nestcpp', server, seconds=0.5)
            before = count()
            report = self.load('nestcpp', server, seconds=self.seconds, warm_up=0)
            taken = {'server': (count() - before) / report['messages']}
            report = run_load(self.peers.typed['nestcpp'].load, self.cores.load, server, seconds=self.seconds,
                              warm_up=0.3)
            taken['client'] = report['allocations']
        say(f'  heap allocations of a message: {taken}')
        return taken
