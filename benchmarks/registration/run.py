#!/usr/bin/env python3
"""Registrations and reads a second through the whole system on PostgreSQL: ours and its twin in NestJS 12 (TypeORM), in
turns, on both HTTP adapters, and pgbench with the same statements. `scripts/bench --registrations` builds what it needs and starts the server.

    NESTCPP_TEST_PG='host=… port=… user=… password=…' run.py [--seconds S] [--rounds N] [--connections K] [--warm-up S] [--hash both|cheap|real]

After each load it waits until all who were registered are welcomed, and counts them. Prints medians, ratios and where the
time goes. Figures of one run may be compared with each other, those of different runs may not."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'compare'))
from processes import TICKS, Cores, Server, free_port, run_load  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
BINARIES = ROOT / 'build/release/bin'
TWIN = ROOT / 'benchmarks/compare/nestjs/registration'
SERVICES = ('user_service', 'notification_service', 'gateway')
NEST = 'NestJS 12'
ADAPTERS = {'nestcpp on cpp-httplib': 'httplib', 'nestcpp on Beast': 'beast'}
CHEAP_HASH = {'PASSWORD_HASH_KIB': '8', 'PASSWORD_HASH_OPS': '1'}


class Postgres:
    """The server that NESTCPP_TEST_PG names."""

    def __init__(self, text):
        self.settings = dict(word.split('=', 1) for word in text.split())
        self.environment = {**os.environ, 'PGHOST': self.settings['host'], 'PGPORT': self.settings['port'],
                            'PGUSER': self.settings['user'], 'PGPASSWORD': self.settings['password']}

    def ask(self, sql, database='postgres'):
        return subprocess.run(['psql', '-X', '-q', '-At', '-d', database, '-c', sql], env=self.environment, check=True,
                              capture_output=True, text=True).stdout.strip()

    def make(self, *names):
        for name in names:
            self.ask(f'DROP DATABASE IF EXISTS {name} WITH (FORCE)')
            self.ask(f'CREATE DATABASE {name}')

    def variables(self, name):
        return {'DB_TYPE': 'postgres', 'DB_HOST': self.settings['host'], 'DB_PORT': self.settings['port'],
                'DB_USERNAME': self.settings['user'], 'DB_PASSWORD': self.settings['password'], 'DB_NAME': name}

    def cpu_seconds(self):
        """Of all its processes, also of those that have ended."""
        pid = int(self.ask("SELECT pg_read_file('postmaster.pid')").split('\n')[0])
        total = 0
        for entry in Path('/proc').iterdir():
            try:
                fields = (entry / 'stat').read_text().rpartition(')')[2].split() if entry.name.isdigit() else None
            except OSError:
                continue
            if fields and int(fields[1]) == pid:
                total += int(fields[11]) + int(fields[12])
            elif fields and int(entry.name) == pid:
                total += sum(int(each) for each in fields[11:15])
        return total / TICKS


class System(ExitStack):
    """The three services on databases and in a folder of their own, while the `with` block runs."""

    def __init__(self, kind, postgres, hashing):
        super().__init__()
        self.kind, self.postgres = kind, postgres
        ports = {name: (free_port(), free_port()) for name in SERVICES}
        common = {'LOG_LEVEL': 'warn', 'HTTP_ADAPTER': ADAPTERS.get(kind, ''), **hashing,
                  'USER_SERVICE_PORT': str(ports['user_service'][1]),
                  'NOTIFICATION_SERVICE_PORT': str(ports['notification_service'][1])}
        folder = Path(self.enter_context(tempfile.TemporaryDirectory(dir=mail_root())))
        postgres.make('bench_users', 'bench_notifications')
        databases = {'user_service': 'bench_users', 'notification_service': 'bench_notifications'}
        self.services = {}
        for name in SERVICES:
            environment = {**os.environ, **common, 'HTTP_PORT': str(ports[name][0])}
            if name in databases:
                environment |= {**postgres.variables(databases[name]), 'TCP_PORT': str(ports[name][1])}
            (folder / name).mkdir()
            command = ['node', TWIN / f'{name}.cjs'] if kind == NEST else [BINARIES / name]
            server = Server(command, Cores().all, ports[name][0], cwd=folder / name, env=environment,
                            stdout=subprocess.DEVNULL)
            self.services[name] = self.enter_context(server)
        for server in self.services.values():
            wait_for(server.port)
        self.gateway = self.services['gateway']

    def cpu(self):
        return {**{name: server.cpu_seconds() for name, server in self.services.items()},
                'PostgreSQL': self.postgres.cpu_seconds()}

    def resident_bytes(self):
        return sum(server.resident_bytes() for server in self.services.values())

    def counts(self):
        """Users, and welcomes that are sent; each user's must be one."""
        users = int(self.postgres.ask('SELECT count(*) FROM users', 'bench_users'))
        sent, welcomed = self.postgres.ask(
            "SELECT count(*), count(DISTINCT user_id) FROM notifications WHERE status = 'sent'",
            'bench_notifications').split('|')
        return users, int(sent), int(welcomed)

    def settle(self, patience=120):
        end = time.monotonic() + patience
        while True:
            users, sent, welcomed = self.counts()
            if users == sent == welcomed or time.monotonic() > end:
                return users, sent, welcomed
            time.sleep(0.2)


def mail_root():
    """In memory, as PostgreSQL without fsync nearly is: a file system without a journal looks at every file that was
    deleted in the last minutes, those of the run before, when it makes a new one. With NESTCPP_PG_FSYNC=on the disk is
    what is measured, and the mails are on it."""
    memory = '/dev/shm'
    return memory if os.environ.get('NESTCPP_PG_FSYNC', 'off') == 'off' and os.access(memory, os.W_OK) else None


def wait_for(port, patience=60):
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{port}/', timeout=2):
                return
        except urllib.error.HTTPError:  # it answers
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def load(server, given, *what):
    return run_load([BINARIES / 'http_load', '--port', '{port}', *what], Cores().all, server,
                    connections=given.connections, warm_up=given.warm_up, seconds=given.seconds)


def measure(kind, postgres, given, hashing):
    with System(kind, postgres, hashing) as system:
        before = system.cpu()
        report = {'registrations': load(system.gateway, given, '--register', 'p')}
        users, sent, welcomed = system.settle()
        after = system.cpu()
        report['cpu_us'] = {name: (after[name] - before[name]) * 1e6 / users for name in after}
        report['resident'] = system.resident_bytes()
        report['users'], report['sent'], report['welcomed'] = users, sent, welcomed
        some = postgres.ask('SELECT id FROM users LIMIT 1', 'bench_users')
        report['reads'] = load(system.gateway, given, '--path', f'/users/{some}')
        return report


def pgbench(postgres, given):
    """Transactions a second of registration.sql, on tables that the services' own migrations make."""
    postgres.make('bench_statements')
    for name in ('user_service', 'notification_service'):
        subprocess.run([BINARIES / name, 'migrate'], check=True, capture_output=True,
                       env={**os.environ, **postgres.variables('bench_statements')})
    out = subprocess.run(['pgbench', '-n', '-M', 'prepared', '-c', str(given.connections), '-T', str(given.seconds), '-f',
                          Path(__file__).with_name('registration.sql'), 'bench_statements'], env=postgres.environment,
                         check=True, capture_output=True, text=True).stdout
    return next(float(line.split()[2]) for line in out.splitlines() if line.startswith('tps'))


def middle(reports, *path):
    def at(report):
        for each in path:
            report = report[each]
        return report
    return statistics.median(at(report) for report in reports)


def show(title, results):
    print(f'### {title}\n')
    print('| | registrations/s | p50 ms | p99 ms | reads/s | p50 ms | p99 ms | resident, three services | users | welcomed once |')
    print('|---|---|---|---|---|---|---|---|---|---|')
    for kind, reports in results.items():
        cells = []
        for what in ('registrations', 'reads'):
            cells += [f'{middle(reports, what, "per_second"):,.0f}', f'{middle(reports, what, "p50_us") / 1000:.1f}',
                      f'{middle(reports, what, "p99_us") / 1000:.1f}']
        cells.append(f'{middle(reports, "resident") / 1e6:.0f} MB')
        users, welcomed = (sum(report[each] for report in reports) for each in ('users', 'welcomed'))
        doubled = sum(report['sent'] - report['welcomed'] for report in reports)
        cells += [f'{users:,}', f'{welcomed:,}' + (f', {doubled} twice' if doubled else '')]
        print(f'| {kind} | ' + ' | '.join(cells) + ' |')
    print('\n| processor time for a registration, µs | ' + ' | '.join([*SERVICES, 'PostgreSQL']) + ' |')
    print('|---' * 5 + '|')
    for kind, reports in results.items():
        print(f'| {kind} | ' + ' | '.join(f'{middle(reports, "cpu_us", name):,.0f}' for name in [*SERVICES, 'PostgreSQL'])
              + ' |')
    print()
    for kind, reports in results.items():
        if kind != NEST and NEST in results:
            print(f'{kind}: ' + ', '.join(
                f'{what} {middle(reports, what, "per_second") / middle(results[NEST], what, "per_second"):.2f} × {NEST}'
                for what in ('registrations', 'reads')))
    print()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--seconds', type=int, default=5)
    options.add_argument('--warm-up', type=float, default=10)  # the twin is compiled as it runs
    options.add_argument('--rounds', type=int, default=3)
    options.add_argument('--connections', type=int, default=16)
    options.add_argument('--hash', choices=('both', 'cheap', 'real'), default='both')
    given = options.parse_args()
    postgres = Postgres(os.environ['NESTCPP_TEST_PG'])
    kinds = list(ADAPTERS)
    if shutil.which('node') and (TWIN / 'node_modules').is_dir():
        kinds.append(NEST)
    else:
        print('without NestJS: node or its packages are missing (scripts/bench --registrations installs them)')

    statements = []
    for name, title, hashing in (('cheap', 'A hash that costs next to nothing', CHEAP_HASH),
                                 ('real', 'The hash as it should be', {})):
        if given.hash not in ('both', name):
            continue
        results = {kind: [] for kind in kinds}
        for _ in range(given.rounds):
            for kind in kinds:
                results[kind].append(measure(kind, postgres, given, hashing))
            if hashing:
                statements.append(pgbench(postgres, given))
        show(f'{title}: {given.connections} connections, one request each at a time', results)
        if hashing:
            bench = statistics.median(statements)
            print(f'pgbench with the statements of a registration: {bench:,.0f}/s; ' + ', '.join(
                f'{kind} reaches {middle(results[kind], "registrations", "per_second") / bench:.2f} of it'
                for kind in ADAPTERS) + '\n')


if __name__ == '__main__':
    main()
