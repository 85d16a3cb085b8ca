// What needs no eye: nothing is wider than the window, axe finds nothing, and the focus is somewhere that can be seen.
import axe from 'axe-core';
import { expect, type Client } from './launch.ts';

/** Keeps a picture of what is on screen, and checks it. */
export async function check(client: Pick<Client, 'window' | 'keepPicture'>, name: string): Promise<void> {
  const { window } = client;
  await client.keepPicture(name);
  const wider = await window.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('dialog[open]')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ tagName, className }) => `${tagName} ${className}`),
  );
  expect(wider, `${name} is wider than there is room`).toEqual([]);
  await window.evaluate(axe.source);
  const violations = await window.evaluate(async () => {
    const found = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      // A menu floats over the page: it belongs to its button and not to a region.
      rules: { region: { enabled: document.querySelector('[role=menu]') === null } },
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  expect(violations, name).toEqual([]);
}

/** Where the focus is and how it shows; 'lost' when it is nowhere. */
export function focusOf({ window }: Pick<Client, 'window'>): Promise<string> {
  return window.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return 'lost';
    const name = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? '';
    const what = `${element.tagName.toLowerCase()} '${name}'`;
    if (!element.checkVisibility({ visibilityProperty: true })) return `hidden ${what}`;
    // The ring is on the element, on the frame that it stands in, on what of it is shown, or over it.
    const shows = [
      element,
      element.closest('.frame'),
      element.nextElementSibling,
      element.parentElement,
      ...element.children,
    ].some((one) => one !== null && getComputedStyle(one).outlineStyle !== 'none');
    return shows ? what : `no ring on ${what}`;
  });
}

/**
 * Goes by Tab until it is where it began, and expects that the focus is seen at each stop and that nothing in `scope` that
 * can be used was left out. Answers with the names of the stops, as `focusOf` has them.
 */
export async function walk(client: Pick<Client, 'window'>, scope: string, name: string): Promise<string[]> {
  const { window } = client;
  const stops: string[] = [];
  // Marked in the page, since two stops may have one name.
  const visit = () =>
    window.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const before = element.dataset['walked'] !== undefined;
      element.dataset['walked'] = '';
      return before;
    });
  while (!(await visit())) {
    stops.push(await focusOf(client));
    expect(stops.length, `${name}: Tab does not come around`).toBeLessThan(200);
    await window.keyboard.press('Tab');
    await expectFocus(client, `${name}: after Tab from ${stops.at(-1)}`);
  }
  const missed = await window.evaluate((scope) => {
    const used = 'button, select, input, textarea, a[href], audio, [contenteditable=true], [tabindex="0"]';
    const found = [...(document.querySelector(scope)?.querySelectorAll<HTMLElement>(used) ?? [])];
    const missed = found.filter((one) => {
      if (one.dataset['walked'] !== undefined || one.matches(':disabled') || one.tabIndex < 0) return false;
      // Of radio buttons one is a stop, and the arrows lead to the others.
      const group = one.matches('[type=radio]') && one.closest('[role=radiogroup]');
      if (group && group.querySelector('[data-walked]') !== null) return false;
      return one.checkVisibility({ visibilityProperty: true });
    });
    const names = missed.map((one) => one.getAttribute('aria-label') ?? one.outerHTML.slice(0, 120));
    for (const one of document.querySelectorAll('[data-walked]')) one.removeAttribute('data-walked');
    return found.length === 0 ? [`nothing in ${scope}`] : names;
  }, scope);
  expect(missed, `${name}: Tab does not lead there`).toEqual([]);
  return stops;
}

export async function expectFocus(client: Pick<Client, 'window'>, after: string): Promise<void> {
  await expect.poll(() => focusOf(client), after).not.toMatch(/^(?:lost|hidden|no ring)/);
}
