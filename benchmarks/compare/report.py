"""The tables, as Markdown."""


def number(value):
    return f'{value:,.0f}' if abs(value) >= 100 else f'{value:.3g}'


def duration(microseconds):
    return f'{microseconds / 1000:,.2f} ms' if microseconds >= 1000 else f'{microseconds:,.1f} µs'


def rows(header, lines):
    out = ['| ' + ' | '.join(header) + ' |', '|' + '---|' * len(header)]
    return out + ['| ' + ' | '.join(str(each) for each in line) + ' |' for line in lines] + ['']


class Figure:
    """One line of the design's table: what was measured, against its floor and its aim."""

    def __init__(self, what, floor, aim, measured, unit='', smaller_is_better=False):
        self.what, self.floor, self.aim, self.measured, self.unit = what, floor, aim, measured, unit
        self.smaller_is_better = smaller_is_better

    def reaches(self, bound):
        return self.measured <= bound if self.smaller_is_better else self.measured >= bound

    def verdict(self):
        if self.measured is None:
            return 'not measured here'
        if self.floor is None:
            return '–'
        return 'aim' if self.reaches(self.aim) else 'floor' if self.reaches(self.floor) else 'below the floor'

    def line(self):
        text = lambda value: '–' if value is None else number(value) + self.unit
        return [self.what, text(self.floor), text(self.aim), text(self.measured), self.verdict()]


def figures(results, peers):
    get = lambda what, name, key: results[what][name][key] if name in results[what] else None
    ratio = lambda a, b: a / b if a is not None and b else None
    nestcpp = results['throughput']['nestcpp']['per_second']
    taken = []
    for name in ('nestjs11', 'nestjs12'):
        if name in peers.echo:
            taken.append(Figure(f'messages/s over {peers.title(name)}’s, 16 connections × 16 in flight', 12, 25,
                                ratio(nestcpp, get('throughput', name, 'per_second')), '×'))
            taken.append(Figure(f'the same, over {peers.title(name)} with a handler and nothing around it, on both sides', None, None,
                                ratio(get('plain', 'nestcpp', 'per_second'), get('plain', name, 'per_second')), '×'))
    taken.append(Figure('messages/s over a bare framed echo’s', 0.25, 0.5,
                        ratio(nestcpp, get('throughput', 'bare', 'per_second'))))
    taken.append(Figure('the same, by the servers’ processor time for a message', 0.25, 0.5,
                        ratio(get('throughput', 'bare', 'server_cpu_us'), get('throughput', 'nestcpp', 'server_cpu_us'))))
    taken.append(Figure('p50 of a single caller over the bare echo’s', 1.4, 1.15,
                        ratio(get('single', 'nestcpp', 'p50_us'), get('single', 'bare', 'p50_us')), '×', True))
    for name in peers.typed:
        if name == 'nestcpp':
            continue
        best = lambda who: max(results['typed'][shape][who]['per_second'] for shape in ('16 × 16', '1 × 256'))
        taken.append(Figure(f'typed client to typed server, over {peers.title(name)}', 4, 8,
                            ratio(best('nestcpp'), best(name)), '×'))
    taken.append(Figure('heap allocations of a message, plain handler', 2, 0, results['allocations']['server'], '', True))
    memory = results['memory']['nestcpp']
    taken.append(Figure('resident memory of an idle service', 15, 8, memory['idle'] / 2**20, ' MB', True))
    if 'connection' in memory:
        taken.append(Figure('resident memory of an idle connection', 8, 3, memory['connection'] / 1024, ' KB', True))
    taken.append(Figure('start to first answer', 100, 30, results['start']['nestcpp'], ' ms', True))
    return taken


def losses(results, peers, taken):
    def listed(what):
        return [f'{each.what}: {number(each.measured)}{each.unit}' for each in taken if each.verdict() == what]
    out = ['below the floor: ' + each for each in listed('below the floor')]
    out += ['short of the aim: ' + each for each in listed('floor')]
    if len(peers.typed) > 1:
        single = results['typed']['1 × 1']
        worse = [peers.title(name) for name in single if single[name]['p50_us'] < single['nestcpp']['p50_us']]
        if worse:
            out.append('a single typed call is slower than with ' + ', '.join(worse))
    for name, each in results['memory'].items():
        if name != 'bare' and each.get('connection', 1e9) < results['memory']['nestcpp'].get('connection', 0):
            out.append(f'{peers.title(name)} keeps less memory for an idle connection '
                       f'({number(each["connection"] / 1024)} KB)')
    return out or ['nowhere: every aim is reached']


def tables(results, peers):
    out = ['### Floors and aims', '']
    taken = figures(results, peers)
    out += rows(['figure', 'floor', 'aim', 'measured', 'reaches'], [each.line() for each in taken])
    out += ['Where it loses:', '', *(f'- {each}' for each in losses(results, peers, taken)), '']

    shown = lambda reports: [[peers.title(name), number(each['per_second']), duration(each['p50_us']),
                              duration(each['p99_us']), duration(each['p999_us']),
                              f'{each["server_cpu_us"]:.2f} µs'] for name, each in reports.items()]
    header = ['messages/s', 'p50', 'p99', 'p99.9', 'server’s processor time for a message']
    for title, key in (('Echo of four validated strings, 16 connections × 16 in flight', 'throughput'),
                       ('The same without validation, filter and interceptors', 'plain'),
                       ('A single caller, one request at a time', 'single')):
        out += [f'### {title}', ''] + rows(['', *header], shown(results[key]))

    names = list(peers.echo)
    table = lambda title, first, by: [f'### {title}', ''] + rows(
        [first, *(peers.title(name) for name in names)],
        [[what, *(f'{number(each[name]["per_second"])}/s, p50 {duration(each[name]["p50_us"])}' for name in names)]
         for what, each in by.items()])
    out += table('By connections', 'connections × in flight', results['connections'])
    out += table('By payload, 16 × 16', 'bytes of JSON', results['payload'])

    out += ['### Typed client to typed server', '',
            'All clients of a peer on one core, its server on another.', '']
    out += rows(['connections × calls', 'peer', *header],
                [[shape, *line] for shape, reports in results['typed'].items() for line in shown(reports)])
    out += [f'Heap allocations of a call in the caller’s process, nestcpp: {number(results["allocations"]["client"])}.', '']

    out += ['### Two cores for the server', '']
    out += rows(['', 'one loop', 'two loops', 'ratio'],
                [[peers.title(name), number(each[1]['per_second']) + '/s', number(each[2]['per_second']) + '/s',
                  number(each[2]['per_second'] / each[1]['per_second'])] for name, each in results['two_cores'].items()])
    if results['shared']:
        out += ['There were two cores only: the load shared them with the server, so the ratio cannot be near 2.', '']

    out += ['### Memory and start', '']
    out += rows(['', 'resident when idle', 'each idle connection', 'start to first answer'],
                [[peers.title(name), f'{each["idle"] / 2**20:.1f} MB',
                  f'{each["connection"] / 1024:.1f} KB' if 'connection' in each else '–',
                  f'{number(results["start"][name])} ms'] for name, each in results['memory'].items()])
    if peers.missing:
        out += ['Not here: ' + '; '.join(peers.missing) + '.', '']
    return '\n'.join(out)
