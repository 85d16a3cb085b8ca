import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discussionId, normaliseSip, parseAddress } from '../../../src-main/chat/address.ts';

describe('a typed address', () => {
  test.each([
    ['bob', { sip: 'bob' }],
    ['  bob ', { sip: 'bob' }],
    ['bob@example.com', { sip: 'bob@example.com' }],
    ['sip:bob@example.com', { sip: 'bob@example.com' }],
    ['SIP:bob@example.com;transport=tls', { sip: 'bob@example.com' }],
    ['im:bob@example.com', { sip: 'bob@example.com' }],
    ['im:j%C3%B6rg@example.com', { sip: 'jörg@example.com' }],
    ['Bob Miller <sip:bob@example.com>', { sip: 'bob@example.com' }],
    ['jörg', { sip: 'jörg' }],
    ['first.last-2', { sip: 'first.last-2' }],
    ['23', { num: '23' }],
    ['+49 (7031) 730-09', { num: '+49703173009' }],
    ['tel:+49-7031', { num: '+497031' }],
  ])('%s is understood', (typed, address) => {
    expect(parseAddress(typed)).toEqual({ ok: true, value: address });
  });

  test.each([
    ['', 'address-empty'],
    ['   ', 'address-empty'],
    ['sip:', 'address-invalid'],
    ['Bob Miller', 'address-invalid'],
    ['https://example.com', 'address-invalid'],
    ['a@b@c', 'address-invalid'],
    ['@example.com', 'address-invalid'],
    ['bob@', 'address-invalid'],
    ['tel:bob', 'address-invalid'],
    ['<script>', 'address-invalid'],
    ['a,b', 'address-invalid'],
    ['bo\u202eb', 'address-invalid'],
    ['x'.repeat(300), 'address-invalid'],
  ])('%j is refused with %s', (typed, code) => {
    expect(parseAddress(typed)).toEqual({ ok: false, reason: { code } });
  });

  test('never throws, and what it accepts it accepts again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.emailAddress()), (typed) => {
        const parsed = parseAddress(typed);
        if (parsed.ok) expect(parseAddress(parsed.value.sip ?? parsed.value.num)).toEqual(parsed);
      }),
    );
  });
});

describe('the address by which a discussion is known', () => {
  test.each([
    ['Bob', 'bob'],
    [' bob@EXAMPLE.com', 'bob'],
    ['sip:bob@example.com', 'bob'],
    ['im:bob', 'bob'],
    ['bob@other.example.com', 'bob@other.example.com'],
    ['@example.com', '@example.com'],
  ])('of %s in example.com is %s', (sip, id) => {
    expect(discussionId({ sip }, 'Example.com')).toBe(id);
  });

  test('keeps numbers apart from names', () => {
    expect(discussionId({ num: '2 3' }, 'example.com')).toBe('num:23');
    expect(discussionId({ sip: '23' }, 'example.com')).toBe('23');
  });

  test('is the same for every way of writing it, and when it is normalised again', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,20}$/);
    fc.assert(
      fc.property(name, fc.domain(), fc.constantFrom('', 'sip:', 'IM:', ' '), (user, domain, scheme) => {
        for (const writing of [
          user,
          user.toUpperCase(),
          `${user}@${domain}`,
          `${user}@${domain.toUpperCase()}`,
        ]) {
          expect(normaliseSip(scheme + writing, domain)).toBe(user);
        }
        expect(normaliseSip(normaliseSip(`${user}@a.${domain}`, domain), domain)).toBe(`${user}@a.${domain}`);
      }),
    );
  });
});
