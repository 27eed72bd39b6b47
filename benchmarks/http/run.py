#!/usr/bin/env python3
"""Requests a second of one trivial route on one core: nestcpp on both adapters, bare cpp-httplib, bare Beast, sockets
that write the same bytes every time, and NestJS 12 on Express and on Fastify, in turns; the load has the other core. `scripts/bench --http` builds what it needs.

    run.py [--seconds S] [--rounds N] [--connections K] [--warm-up S]

Prints medians and ratios. Figures of one run may be compared with each other, those of different runs may not."""

import argparse
import shutil
import socket
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'compare'))
from processes import Cores, Server, run_load  # noqa: E402


def wait_for(port, patience=20):
    end = time.monotonic() + patience
    while True:
        try:
            socket.create_connection(('127.0.0.1', port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def main():
    root = Path(__file__).resolve().parents[2]
    binaries = root / 'build/release/bin'
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument('--seconds', type=float, default=2)
    options.add_argument('--warm-up', type=float, default=5)  # Node compiles as it runs
    options.add_argument('--rounds', type=int, default=3)
    options.add_argument('--connections', type=int, default=32)
    given = options.parse_args()
    cores = Cores()

    peers = {
        'nestcpp on Beast': [binaries / 'http_server', '{port}', 'beast'],
        'bare Beast': [binaries / 'bare_beast', '{port}'],
        'bare sockets': [binaries / 'bare_sockets', '{port}'],
        'nestcpp on cpp-httplib': [binaries / 'http_server', '{port}', 'httplib'],
        'bare cpp-httplib': [binaries / 'bare_httplib', '{port}', given.connections + 2],
    }
    nest = root / 'benchmarks/compare/nestjs'
    if shutil.which('node') and (nest / 'http/node_modules').is_dir():
        for platform in ('express', 'fastify'):
            peers[f'NestJS 12 on {platform.capitalize()}'] = ['node', nest / 'hello.cjs', '{port}', platform]
    else:
        print('without NestJS: node or its packages are missing (scripts/bench --http installs them)')

    rates = {name: [] for name in peers}
    for _ in range(given.rounds):
        for name, command in peers.items():
            with Server(command, cores.server) as server:
                wait_for(server.port)
                rates[name].append(run_load([binaries / 'http_load', '--port', '{port}'], cores.load, server,
                                            connections=given.connections, warm_up=given.warm_up, seconds=given.seconds))

    median = {name: statistics.median(each['per_second'] for each in runs) for name, runs in rates.items()}
    cost = {name: statistics.median(each['server_cpu_us'] for each in runs) for name, runs in rates.items()}
    print(f'| {given.connections} connections, one request each at a time | requests/s | p99 µs '
          '| server’s processor time for a request, µs |')
    print('|---|---|---|---|')
    for name, runs in rates.items():
        p99 = statistics.median(each['p99_us'] for each in runs)
        print(f'| {name} | {median[name]:,.0f} | {p99:,.0f} | {cost[name]:.1f} |')
    print()
    nests = [name for name in rates if name.startswith('NestJS')]
    for ours, bare in (('nestcpp on Beast', 'bare Beast'), ('nestcpp on cpp-httplib', 'bare cpp-httplib')):
        print(f'{ours}: ' + ', '.join(f'{median[ours] / median[name]:.2f} × {name}' for name in [bare, *nests]))
        print(f'{ours}, by processor time: ' +
              ', '.join(f'{cost[name] / cost[ours]:.2f} × {name}' for name in [bare, *nests]))
    print('bare sockets, the most that a server may reach here: ' +
          ', '.join(f'{median["bare sockets"] / median[name]:.2f} × {name}' for name in nests))


if __name__ == '__main__':
    main()
