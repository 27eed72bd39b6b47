// One request on a connection of its own: sends what fetch would not, and reads the answer as it comes.
import { connect } from 'node:net';

/** The body of a chunked answer. */
function joined(body) {
  const parts = [];
  for (let at = 0; ;) {
    const end = body.indexOf('\r\n', at);
    const size = parseInt(body.subarray(at, end).toString(), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

/**
 * @param request `method`, `path`, `headers`, and `body` (a text or bytes) or `raw`, which goes as it is
 * @returns status, headers (lower case, an array where there are several), `body` as sent, `bytes` as meant
 */
export function askRaw(port, { name, method, path, headers = {}, body, raw }) {
  return new Promise((resolve, reject) => {
    const content = raw ?? body;
    const all = { Host: 'gateway', Connection: 'close', ...headers };
    if (content !== undefined && raw === undefined) all['Content-Length'] = String(Buffer.byteLength(content));
    const head = `${method} ${path} HTTP/1.1\r\n${Object.entries(all).map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n`;
    const socket = connect(port, '127.0.0.1');
    const chunks = [];
    const timer = setTimeout(() => { socket.destroy(); reject(new Error(`no answer to ${name}`)); }, 20_000);
    socket.on('connect', () => socket.write(Buffer.concat([Buffer.from(head), Buffer.from(content ?? '')])));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      // An event stream's connection may stay although it was asked to close.
      if (chunk.subarray(-5).toString() === '0\r\n\r\n' && /\r\nTransfer-Encoding: chunked\r\n/i.test(chunks[0].toString('latin1'))) socket.end();
    });
    socket.on('error', (error) => { if (chunks.length === 0) reject(error); });
    socket.on('close', () => {
      clearTimeout(timer);
      const answer = Buffer.concat(chunks);
      const gap = answer.indexOf('\r\n\r\n');
      const [status, ...lines] = answer.subarray(0, gap).toString('utf8').split('\r\n');
      const found = {};
      for (const line of lines) {
        const colon = line.indexOf(':');
        const key = line.slice(0, colon).toLowerCase();
        const value = line.slice(colon + 1).trim();
        found[key] = key in found ? [found[key], value].flat() : value;
      }
      const rest = answer.subarray(gap + 4);
      resolve({
        status: Number(status.split(' ')[1]),
        headers: found,
        body: rest.toString('utf8'),
        bytes: found['transfer-encoding'] === 'chunked' ? joined(rest) : rest,
      });
    });
  });
}
