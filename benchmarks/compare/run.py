#!/usr/bin/env python3
"""Runs the whole comparison and writes table.md, results.json and compare.png; scripts/bench builds what it needs."""

import argparse
import json
import signal
import sys
from pathlib import Path

from measure import CONNECTIONS, Measure, say
from peers import Peers
from plot import plot
from processes import Cores, allow_many_files
from report import tables


def main():
    root = Path(__file__).resolve().parents[2]
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--seconds', type=float, default=2, help='of one run')
    options.add_argument('--rounds', type=int, default=3, help='in which the peers take turns, for the main figures')
    options.add_argument('--out', type=Path, default=root / 'build/bench')
    options.add_argument('--peer', action='append', default=[], metavar='NAME=SERVER|LOAD',
                         help='one more typed peer: both commands, with {port}; the load takes and prints what '
                              'client_load does')
    given = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends the servers as well

    peers = Peers(root, given.peer)
    for reason in peers.missing:
        say(f'without {reason}')
    cores = Cores()
    if len(cores.all) < 2:
        say('one core only: servers and loads share it, and the figures mean little')
    many_files = allow_many_files(2 * CONNECTIONS + 1000)
    results = Measure(peers, cores, given.seconds, given.rounds, many_files).run()
    results['shared'] = cores.shared

    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / 'results.json').write_text(json.dumps(results, indent=1))
    table = tables(results, peers)
    (given.out / 'table.md').write_text(table)
    print(table)
    reason = plot(results, peers, given.out / 'compare.png')
    say(f'no plot: {reason}' if reason else f'plot: {given.out / "compare.png"}')


if __name__ == '__main__':
    sys.exit(main())
