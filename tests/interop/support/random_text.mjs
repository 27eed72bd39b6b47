// Random texts: variations of given ones, and texts that an expression accepts; the same for the same seed.

export function randomSource(seed) {
  let state = seed >>> 0;
  const next = () => {  // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return { below, oneOf: (list) => list[below(list.length)] };
}

const strange = ['', ' ', '\t', '\n', '\r\n', '\u0000', '\u007f', '\u00a0', '\u2028', '\ufeff', 'é', 'ß', 'ſ', 'İ', '漢', '😀', '\ud800', '\udc00', '０', '١',
  '.', ',', ':', ';', '-', '_', '+', '@', '/', '\\', '"', "'", '(', ')', '[', ']', '{', '}', '<', '>', '%', '#', '?', '&', '=', '$', '*', '|', '~', '^', '!',
  '0', '1', '9', 'a', 'Z', 'x', 'X', 'é\u0301', '\ufe0f', 'aa', '00', '..', '::'];

/** The text with one or two small changes. */
export function variationOf(random, text) {
  const { below, oneOf } = random;
  let units = text.split('');
  for (let changes = 1 + below(2); changes > 0; --changes) {
    const at = below(units.length + 1);
    switch (below(9)) {
      case 0: units.splice(at, 1); break;
      case 1: units.splice(at, 0, oneOf(strange)); break;
      case 2: units[Math.min(at, Math.max(units.length - 1, 0))] = oneOf(strange); break;
      case 3: units.splice(at, 0, units[Math.max(at - 1, 0)] ?? 'a'); break;
      case 4: units = units.join('').toUpperCase().split(''); break;
      case 5: units = units.join('').toLowerCase().split(''); break;
      case 6: if (units.length > 1) { const to = below(units.length); [units[at % units.length], units[to]] = [units[to], units[at % units.length]]; } break;
      case 7: units = units.slice(0, at); break;
      default: units.push(oneOf(strange)); break;
    }
  }
  return units.join('');
}

/** A text that the expression is likely to accept; look-arounds and references are not heeded. */
export function sampleOf(random, expression) {
  const { below, oneOf } = random;
  const source = expression.source;
  let at = 0;
  const classes = { d: [...'0123456789'], w: [...'aZ_09x'], s: [' ', '\t', '\u00a0'], D: ['a', '-'], W: ['-', ' '], S: ['a', '7'] };
  const escaped = () => {
    const c = source[at++];
    if (classes[c]) return classes[c];
    if (c === 'x') { at += 2; return [String.fromCharCode(parseInt(source.slice(at - 2, at), 16))]; }
    if (c === 'u' && source[at] !== '{') { at += 4; return [String.fromCharCode(parseInt(source.slice(at - 4, at), 16))]; }
    if (c === 'b' || c === 'B') return [''];
    return [{ n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', 0: '\0' }[c] ?? c];
  };
  const set = () => {
    const negated = source[at] === '^';
    if (negated) ++at;
    const members = [];
    while (source[at] !== ']') {
      const first = source[at] === '\\' ? (++at, escaped()) : [source[at++]];
      if (source[at] === '-' && source[at + 1] !== ']' && first.length === 1) {
        ++at;
        const last = source[at] === '\\' ? (++at, escaped()) : [source[at++]];
        const [low, high] = [first[0].charCodeAt(0), last[0].charCodeAt(0)];
        for (let i = 0; i < 6; ++i) members.push(String.fromCharCode(low + below(high - low + 1)));
        members.push(first[0], last[0]);
      } else {
        members.push(...first);
      }
    }
    ++at;
    return negated ? ['a', '7', '-', 'é'].filter((c) => !members.includes(c)).concat('q') : members;
  };
  // Each gives a function that makes a text.
  const atom = () => {
    const c = source[at++];
    if (c === '(') {
      let mute = false;
      if (source[at] === '?') {
        const lookBehind = source[at + 1] === '<' && '=!'.includes(source[at + 2]);
        mute = lookBehind || '=!'.includes(source[at + 1]);
        at += lookBehind ? 3 : 2;
        if (!mute && source[at - 1] === '<') at = source.indexOf('>', at) + 1;
      }
      const inner = either();
      ++at;
      return mute ? () => '' : inner;
    }
    if (c === '[') { const members = set(); return () => oneOf(members); }
    if (c === '\\') { const members = escaped(); return () => oneOf(members); }
    if (c === '.') return () => oneOf(['a', '1', '-', 'é', ' ']);
    return c === '^' || c === '$' ? () => '' : () => c;
  };
  const term = () => {
    const one = atom();
    let [least, most] = [1, 1];
    const counted = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(at));
    if (source[at] === '*') [least, most] = [0, 4];
    else if (source[at] === '+') [least, most] = [1, 4];
    else if (source[at] === '?') [least, most] = [0, 1];
    else if (counted) [least, most] = [Number(counted[1]), counted[3] ? Number(counted[3]) : Number(counted[1]) + (counted[2] ? 3 : 0)];
    else return one;
    at += counted && '{' === source[at] ? counted[0].length : 1;
    if (source[at] === '?') ++at;
    return () => Array.from({ length: least + below(most - least + 1) }, one).join('');
  };
  const sequence = () => {
    const terms = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') terms.push(term());
    return () => terms.map((make) => make()).join('');
  };
  const either = () => {
    const alternatives = [sequence()];
    while (source[at] === '|') { ++at; alternatives.push(sequence()); }
    return () => oneOf(alternatives)();
  };
  return either()();
}
