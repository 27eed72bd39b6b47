"""The picture: rates and latencies of all peers, on logarithmic axes."""


def plot(results, peers, path):
    """Why there is no picture, or None."""
    try:
        import matplotlib
    except ImportError:
        return 'matplotlib is not installed (python3-matplotlib)'
    matplotlib.use('Agg')
    from matplotlib import pyplot

    figure, ((rate, latency), (connections, typed)) = pyplot.subplots(2, 2, figsize=(13, 9))

    def bars(axes, title, reports, key, label):
        names = list(reports)
        drawn = axes.barh([peers.title(name) for name in names], [reports[name][key] for name in names],
                          color=['#c0392b' if name == 'nestcpp' else '#7f8c8d' for name in names])
        axes.bar_label(drawn, labels=[f'{reports[name][key]:,.0f}' for name in names], padding=3)
        axes.set(title=title, xlabel=label, xscale='log')
        axes.set_xlim(left=min(each[key] for each in reports.values()) / 3)
        axes.margins(x=0.2)
        axes.invert_yaxis()

    bars(rate, 'Echo of four validated strings, 16 × 16, one core', results['throughput'], 'per_second', 'messages/s')
    bars(typed, 'Typed client to typed server, 16 × 16', results['typed']['16 × 16'], 'per_second', 'calls/s')

    percentiles = {'p50': 'p50_us', 'p90': 'p90_us', 'p99': 'p99_us', 'p99.9': 'p999_us'}
    for name, each in results['throughput'].items():
        latency.plot(list(percentiles), [each[key] for key in percentiles.values()], marker='o', label=peers.title(name))
    latency.set(title='Latency, 16 × 16', ylabel='µs', yscale='log')
    latency.legend()

    for name in peers.echo:
        connections.plot(list(results['connections']),
                         [each[name]['per_second'] for each in results['connections'].values()], marker='o',
                         label=peers.title(name))
    connections.set(title='By connections × in flight', ylabel='messages/s', yscale='log')
    connections.legend()

    figure.tight_layout()
    figure.savefig(path, dpi=110)
    return None
