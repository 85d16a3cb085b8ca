import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compact,
  frameOfMembers,
  number,
  object,
  objects,
  parseFrame,
  rawMembers,
  rewritten,
  serialise,
  text,
  textOrNumber,
  truthy,
} from '../../../src-main/pbx/frames.ts';
import type { Json } from '../../../src-main/pbx/frames.ts';

function parsed(source: string) {
  const result = parseFrame(source);
  if (!result.ok) throw new Error(result.error);
  return result.frame;
}

/** JSON values as they can be on the wire, 64-bit integers among them; -0 has no JSON text of its own. */
const jsonValue = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: 'binary' }),
    // A large double without a fraction has the text of an integer, and comes back as one.
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((n) =>
        n === 0 ? 0 : Number.isInteger(n) && !Number.isSafeInteger(n) && Math.abs(n) < 1e21 ? BigInt(n) : n,
      ),
    fc.bigInt(-(2n ** 64n), 2n ** 64n).map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__'), fc.constant('constructor')), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value;

describe('a frame', () => {
  test('is an object with a string mt', () => {
    expect(parseFrame('{"mt":"Wake","type":"chat"}')).toEqual({
      ok: true,
      frame: { mt: 'Wake', type: 'chat' },
    });
  });

  test.each([
    ['', 'not-json'],
    ['{"mt":"Half', 'not-json'],
    ['<html>', 'not-json'],
    ['null', 'not-an-object'],
    ['[{"mt":"a"}]', 'not-an-object'],
    ['"mt"', 'not-an-object'],
    ['{}', 'no-mt'],
    ['{"mt":5}', 'no-mt'],
    ['{"__proto__":{"mt":"a"}}', 'no-mt'],
  ])('%j is not one: %s', (source, error) => {
    expect(parseFrame(source)).toEqual({ ok: false, error });
  });

  test('may have a byte order mark in front, and nothing else', () => {
    expect(parseFrame('\uFEFF {"mt":"x"}')).toEqual({ ok: true, frame: { mt: 'x' } });
    expect(parseFrame('\uFEFF\uFEFF{"mt":"x"}')).toEqual({ ok: false, error: 'not-json' });
    expect([...rawMembers('\uFEFF{"mt":"x"}')]).toEqual([['mt', '"x"']]);
  });

  test('that is too large is not even parsed', () => {
    expect(parseFrame('{"mt":"a"}', 9)).toEqual({ ok: false, error: 'too-large' });
    expect(parseFrame('{"mt":"a"}', 10).ok).toBe(true);
  });

  test('nested deeper than any stack is an error value', () => {
    const deep = `{"mt":"a","id":12345678901234567890,"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(() => parseFrame(deep)).not.toThrow();
  });

  test('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (source) => void parseFrame(source)));
    fc.assert(
      fc.property(jsonValue, fc.nat(200), (value, cut) => void parseFrame(serialise(value).slice(0, cut))),
    );
  });

  test('keeps every digit of a 64-bit id through parse and serialise', () => {
    const source =
      '{"mt":"PostResult","id":18446744073709551615,"session":-9223372036854775808,"key":"00018446744073709551615"}';
    const frame = parsed(source);
    expect(textOrNumber(frame.id)).toBe('18446744073709551615');
    expect(serialise(frame)).toBe(source);
  });

  test('leaves long digits inside strings and fractions alone', () => {
    const source =
      '{"mt":"a","text":"12345678901234567890","data":"a\\"12345678901234567890","f":0.12345678901234568}';
    expect(serialise(parsed(source))).toBe(source);
  });

  test('of any JSON value survives parse and serialise', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const source = serialise({ mt: 'x', value });
        const frame = parsed(source);
        expect(serialise(frame)).toBe(source);
        expect(frame.value).toEqual(value);
      }),
    );
  });

  test('cannot touch the prototype of anything', () => {
    const frame = parsed('{"mt":"a","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(frame)).toBe(Object.prototype);
    expect((frame as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('the readers', () => {
  test('answer with the value or with an empty one, and never throw', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(typeof text(value)).toBe('string');
        expect(typeof textOrNumber(value)).toBe('string');
        expect(number(value) ?? 0).toBeTypeOf('number');
        expect(typeof object(value)).toBe('object');
        expect(Array.isArray(objects(value))).toBe(true);
        expect(typeof truthy(value)).toBe('boolean');
      }),
    );
  });

  test('take a number that was written as a string', () => {
    expect([number('2'), number('-1'), number('x'), number(''), number(Infinity)]).toEqual([
      2,
      -1,
      null,
      null,
      null,
    ]);
  });

  test('know the ways in which others write true', () => {
    expect([true, 1, 'true', '1', 'x'].map(truthy)).toEqual([true, true, true, true, true]);
    expect([false, 0, 'false', '0', '', null, undefined].map(truthy)).toEqual(Array(7).fill(false));
  });
});

describe('the text as it came', () => {
  test('is cut out property by property', () => {
    const members = rawMembers('{ "mt":"a", "info" : { "2":1, "1": [1.0, "}"] } , "n":\n1e3,"\\u0064n":"x"}');
    expect([...members]).toEqual([
      ['mt', '"a"'],
      ['info', '{ "2":1, "1": [1.0, "}"] }'],
      ['n', '1e3'],
      ['dn', '"x"'],
    ]);
  });

  test('has the last of equal names, as JSON.parse does', () => {
    expect(rawMembers('{"a":1,"a":2}').get('a')).toBe('2');
  });

  test('of an empty object has no properties', () => {
    expect([...rawMembers(' { } ')]).toEqual([]);
  });

  test('without white space keeps that within strings', () => {
    expect(compact('{ "a" : "b  \\" c" ,\n\t"d":[ 1.0 , 2 ] }')).toBe('{"a":"b  \\" c","d":[1.0,2]}');
  });

  test('is cut out so that every part is the value that JSON.parse finds there', () => {
    const objectsOnly = fc.dictionary(fc.string({ unit: 'binary' }), jsonValue);
    fc.assert(
      fc.property(objectsOnly, fc.constantFrom(0, 1, 2), (value, indent) => {
        const source = JSON.stringify(JSON.parse(serialise(value)), null, indent);
        const members = rawMembers(source);
        const expected = JSON.parse(source) as Record<string, unknown>;
        expect([...members.keys()].sort()).toEqual(Object.keys(expected).sort());
        for (const [key, raw] of members) expect(JSON.parse(raw)).toEqual(expected[key]);
        expect(compact(source)).toBe(JSON.stringify(expected));
        expect(rewritten(source)).toBe(JSON.stringify(expected));
      }),
    );
  });

  test('goes into another frame unchanged', () => {
    const members = rawMembers('{"mt":"AppGetLoginResult","info":{"2":1.0,"1":"\\/"}}');
    members.delete('mt');
    expect(frameOfMembers('AppLogin', members)).toBe('{"mt":"AppLogin","info":{"2":1.0,"1":"\\/"}}');
  });

  test('of a megabyte in one string is no trouble', () => {
    const big = JSON.stringify({ mt: 'a', info: { note: 'x\\"'.repeat(400_000) } });
    expect(compact(rawMembers(big).get('info') ?? '').length).toBeGreaterThan(1_000_000);
  });
});
