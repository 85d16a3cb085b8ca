import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openableLink } from '../../../src-main/shell/links.ts';

describe('a link', () => {
  it.each([
    ['https://example.com/a?b#c', 'https://example.com/a?b#c'],
    ['http://example.com', 'http://example.com/'],
    ['HTTPS://EXAMPLE.COM/', 'https://example.com/'],
    ['mailto:anna@example.com', 'mailto:anna@example.com'],
    ['tel:+49301234', 'tel:+49301234'],
    ['sip:anna@example.com', 'sip:anna@example.com'],
  ])('%s is opened', (link, opened) => {
    expect(openableLink(link)).toBe(opened);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    ' https://example.com',
    'https://exa mple.com',
    'file:///etc/passwd',
    'smb://server/share',
    'data:text/html,hello',
    'vbscript:x',
    'pbx-chat://app/index.html',
    'ms-msdt:/id',
    'example.com',
    '//example.com',
    '',
    'https://',
    `https://example.com/${'a'.repeat(2000)}`,
  ])('%j is not', (link) => {
    expect(openableLink(link)).toBeNull();
  });

  it('of any text is null or of a scheme that is allowed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((s) => `https:${s}`),
        ),
        (text) => {
          const link = openableLink(text);
          expect(link === null || /^(https?:\/\/|mailto:|tel:|sip:)/.test(link)).toBe(true);
        },
      ),
    );
  });
});
