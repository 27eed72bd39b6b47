// Random JSON texts, the odd ones among them: the same for the same seed.

const oddNumbers = [
  '-0', '0', '1e21', '1e20', '1e-7', '1e-6', '9007199254740991', '9007199254740992', '9007199254740993',
  '-9007199254740991', '-9007199254740993', '123456789012345678901', '1e999', '-1e999', '1e-999', '5e-324', '2e-324',
  '0.1', '0.30000000000000004', '1.0', '1E3', '-0.0', '-0e5', '100000000000000000000000', '4.35', '0.000001234',
  '1.7976931348623157e308', '1.7976931348623159e308', '-1.50e+2', '4294967295', '4294967294', '18446744073709551616',
];
const oddKeys = [
  '__proto__', 'constructor', 'toString', 'a', 'b', 'A', 'B', '0', '1', '9', '10', '01', '-1', '4294967294', '4294967295',
  '1e3', '', ' ', '_id', 'id', 'ID', 'user_id', 'userName', 'a\u0000', '1\u0001', 'k"', 'k\\', 'length', 'toJSON',
];
const otherKeys = ['é', 'я', 'привет', '漢字', '😀', 'ñ', 'ø', 'Zoë', 'ß', '\ud800', '\udc00x'];
const oddStrings = ['', 'é€😀', '\ud800', '\udfff', 'a\ud83d', '\ude00\ud83d', '\u2028\u2029', '\u007f', '\b\t\n\f\r', '\u0000\u001f',
  '/', '"', '\\', '\uFEFF', '\uFFFF', '5', 'true', 'null', '1e3', '{"a":1}', '"quoted"', ' 5 ', '[1]', '漢'.repeat(20)];

const shortEscapes = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const plain = /^[ !#-[\]-~]*$/;

export function jsonSource(seed) {
  let state = seed >>> 0;
  const random = () => {  // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(random() * limit);
  const oneOf = (list) => list[below(list.length)];
  const space = () => (below(8) === 0 ? oneOf([' ', '\n', '\t', '\r ', '  ']) : '');
  const digits = () => String(BigInt(below(2 ** 32)) * BigInt(below(2 ** 32)) >> BigInt(below(64)));

  // A literal: some characters escaped that need not be, lone surrogates always, as UTF-8 has none.
  const literal = (text) => (below(2) === 0 && plain.test(text) ? `"${text}"` : `"${Array.from(text, (character) => {
    const short = shortEscapes[character];
    const code = character.codePointAt(0);
    const unit = (value) => {
      const hex = value.toString(16).padStart(4, '0');
      return `\\u${below(2) === 0 ? hex : hex.toUpperCase()}`;
    };
    if ((code >= 0xd800 && code <= 0xdfff) || (code < 0x20 && (!short || below(3) === 0))) return unit(code);
    if (short) return short;
    if (below(12) === 0) return Array.from({ length: character.length }, (_, index) => unit(character.charCodeAt(index))).join('');
    return character === '/' && below(2) === 0 ? '\\/' : character;
  }).join('')}"`);

  const word = () => Array.from({ length: below(6) }, () => String.fromCharCode(0x20 + below(95))).join('');
  const string = () => (below(3) === 0 ? oneOf(oddStrings) : word());
  const key = (ascii) => {
    if (!ascii && below(12) === 0) return oneOf(otherKeys) + (below(2) === 0 ? word() : '');
    return below(3) === 0 ? oneOf(oddKeys) : word();
  };
  const number = () => {
    if (below(3) === 0) return oneOf(oddNumbers);
    return (below(3) === 0 ? '-' : '') + digits() + (below(3) === 0 ? `.${digits()}` : '') +
      (below(4) === 0 ? oneOf(['e', 'E+', 'e-']) + below(330) : '');
  };

  // As a tree, so that it can be told again in another order: [open, [[key literal or undefined, tree or text], …], close].
  const tree = (depth, ascii) => {
    if (depth < 8 && below(depth < 2 ? 2 : 4) === 0) {
      const object = below(3) !== 0;
      const size = depth < 3 && below(16) === 0 ? 17 + below(8) : below(5);
      const members = Array.from({ length: size }, () => [object ? literal(key(ascii)) : undefined, tree(depth + 1, ascii)]);
      return [object ? '{' : '[', members, object ? '}' : ']'];
    }
    return oneOf([() => oneOf(['true', 'false', 'null']), number, () => literal(string()), () => literal(string())])();
  };
  const told = (node) => (typeof node === 'string' ? node : node[0] + space() +
    node[1].map(([name, value]) => (name === undefined ? '' : `${name}${space()}:${space()}`) + told(value) + space()).join(`,${space()}`) + node[2]);
  const deep = () => {
    const depth = 6 + below(below(20) === 0 ? 900 : 30);
    const open = Array.from({ length: depth }, () => oneOf(['[', '{"a":', '{"1":', '[0,']));
    return open.join('') + told(tree(7, true)) + open.map((each) => (each[0] === '{' ? '}' : ']')).reverse().join('');
  };
  const broken = (text) => {
    let result = text;
    for (let edits = 1 + below(3); edits > 0; --edits) {
      const at = below(result.length + 1);
      result = below(2) === 0 ? result.slice(0, at) + result.slice(at + 1)
        : result.slice(0, at) + '{}[]",:0-1e.tn \\ux\t'[below(20)] + result.slice(at);
    }
    return result.toWellFormed();
  };
  const shuffled = (list) => list.map((each) => [random(), each]).sort(([a], [b]) => a - b).map(([, each]) => each);
  // The same members in another order. Repeated keys would become another value.
  const reordered = (node) => {
    if (typeof node === 'string') return node;
    const members = node[1].map(([name, value]) => [name, reordered(value)]);
    return [node[0], node[0] === '{' ? shuffled(members) : members, node[2]];
  };
  const changed = (node) => {
    if (typeof node === 'string' || node[1].length === 0) return oneOf([number(), literal(string()), node]);
    const at = below(node[1].length);
    return [node[0], node[1].map(([name, value], index) => [name, index === at ? changed(value) : value]), node[2]];
  };

  return {
    text: () => {
      const kind = below(40);
      if (kind === 0) return deep();
      if (kind < 3) return broken(told(tree(0, false)));
      if (kind < 8) return literal(told(tree(0, false)));  // a pattern sent as text
      return told(tree(0, false));
    },
    pair: () => {
      const members = Array.from({ length: 2 + below(5) }, () => [literal(below(2) === 0 ? oneOf(otherKeys) + word() : key(false)), tree(1, false)]);
      const one = ['{', members, '}'];
      return [told(one), told(oneOf([reordered, changed])(one))];
    },
  };
}
