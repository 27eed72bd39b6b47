// NestJS's ClientTCP of either version, with promises that keep all that an Observable says.
import { importFrom, nestjs } from './versions.mjs';

export async function nestClientOf(major, port) {
  const { ClientProxyFactory, Transport } = await nestjs(major);
  const { firstValueFrom, lastValueFrom, timeout, toArray } = await importFrom(major, 'rxjs');
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
  const answer = (pattern, data) => client.send(pattern, data).pipe(timeout({ first: 30_000, each: 30_000 }));
  return {
    /** All values; rejects with what the Observable ended with. */
    all: (pattern, data) => lastValueFrom(answer(pattern, data).pipe(toArray())),
    send: (pattern, data) => lastValueFrom(answer(pattern, data)),
    /** Values and the error behind them: `{ values, error }`. */
    outcome: (pattern, data) => new Promise((resolve) => {
      const values = [];
      answer(pattern, data).subscribe({
        next: (value) => values.push(value),
        error: (error) => resolve({ values, error }),
        complete: () => resolve({ values }),
      });
    }),
    emit: (pattern, data) => firstValueFrom(client.emit(pattern, data), { defaultValue: undefined }),
    close: () => client.close(),
  };
}
