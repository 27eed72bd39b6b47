"""Who is compared: how each peer is started and loaded. `{port}` stands for the port."""

import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Peer:
    title: str
    server: list
    load: list
    warms_up: bool = False

    def with_threads(self, count):
        return [*self.server[:-1], str(count)]


class Peers:
    def __init__(self, root, more):
        bin_ = Path(root, 'build/release/bin')
        echo_load = [bin_ / 'echo_load', '--port', '{port}']
        nestcpp = [bin_ / 'echo_server', '--port', '{port}', '--io-threads', '1']
        self.counting = [bin_ / 'echo_server_counting', *nestcpp[1:]]
        self.echo = {
            'nestcpp': Peer('nestcpp', nestcpp, echo_load),
            'bare': Peer('bare echo on Asio', [bin_ / 'bare_echo', '--port', '{port}', '--io-threads', '1'],
                         [*echo_load, '--frames', 'bare']),
        }
        self.missing = []
        nestjs = Path(root, 'benchmarks/compare/nestjs')
        for version in ('11', '12'):
            if (nestjs / version / 'node_modules').is_dir():
                self.echo[f'nestjs{version}'] = Peer(
                    f'NestJS {version}', ['node', nestjs / 'echo.cjs', nestjs / version, '{port}'], echo_load, True)
            else:
                self.missing.append(f'NestJS {version}: its packages are not installed (node ≥ 20.19 and npm)')

        self.typed = {'nestcpp': Peer('nestcpp', nestcpp, [bin_ / 'client_load', '--port', '{port}'])}
        grpc = Path(root, 'build/peers/grpc/bin')
        if (grpc / 'grpc_load').exists():
            self.typed['grpc'] = Peer('gRPC C++ (callback API)', [grpc / 'grpc_server', '--port', '{port}'],
                                      [grpc / 'grpc_load', '--port', '{port}'])
        else:
            self.missing.append('gRPC C++: not built (libgrpc++-dev, libprotobuf-dev, protobuf-compiler-grpc)')
        for each in more:
            name, server, load = each.split('=', 1)[0], *each.split('=', 1)[1].split('|')
            self.typed[name] = Peer(name, shlex.split(server), shlex.split(load))

    def title(self, name):
        return (self.echo.get(name) or self.typed[name]).title
