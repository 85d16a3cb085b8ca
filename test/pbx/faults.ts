import { stringifyJson, type JsonObject } from './json.ts';

/**
 * What can go wrong on the way, on demand. Lasting faults are properties; faults that strike one frame are rules;
 * both can be set while the PBX runs, through the object or through `/control`.
 */
export type LinkKind = 'client' | 'app';

export interface FrameRule {
  /**
   * - drop-before, drop-after: the link breaks instead of the frame, or right behind it
   * - swallow: the frame is lost; duplicate: it comes twice; delay: it and all behind it come `ms` later
   * - garbage: `text` (default: half a JSON object) is sent before it
   * - half-open: from this frame on the link is silent in both directions, pings included, and stays open
   * - refuse, on the way in: it is not done. A call ends with `cause` (default 41), a request gets Error
   */
  action:
    'drop-before' | 'drop-after' | 'swallow' | 'duplicate' | 'delay' | 'garbage' | 'half-open' | 'refuse';
  /** Seen from the PBX; default 'out'. */
  direction?: 'in' | 'out';
  mt?: string;
  /** The `type` within a Signaling frame: 'setup', 'conn', 'facility' … */
  sig?: string;
  kind?: LinkKind;
  user?: string;
  /** A part of its JSON text. */
  has?: string;
  /** Strikes at the n-th frame that fits, from 1 (default) on. */
  nth?: number;
  /** Strikes so often; default 1. */
  times?: number;
  ms?: number;
  text?: string;
  cause?: number;
}

export interface FrameContext {
  direction: 'in' | 'out';
  kind: LinkKind;
  user: string;
  frame: JsonObject;
}

/** What `drop`, `halfOpen` and `garbage` aim at; everything when empty. */
export interface LinkFilter {
  kind?: LinkKind;
  user?: string;
}

export interface LinkTarget {
  readonly kind: LinkKind;
  readonly user: string;
  drop(): void;
  setHalfOpen(value: boolean): void;
  sendRaw(text: string): void;
}

export class Faults {
  /** New connections are answered with 503 before the upgrade. */
  refuseConnections = false;
  /** Every outgoing frame comes so much later, in order. */
  delayMs = 0;
  /** LoginResult carries a digest that proves nothing. */
  wrongLoginDigest = false;
  /** Uploads fail: with status 500, with 200 {"ok":false}, or by a broken connection in the middle. */
  upload: 'none' | 'status' | 'ok-false' | 'cut' = 'none';
  /** Uploads and downloads take their time: so many bytes in a second each; 0 = as fast as it goes. */
  fileRate = 0;
  /** Downloads fail: with status 500, by a redirect to `redirectTo`, or by a broken connection in the middle. */
  download: 'none' | 'status' | 'redirect' | 'cut' = 'none';
  redirectTo = '';

  #rules: { rule: FrameRule; seen: number; struck: number }[] = [];
  #links = new Set<LinkTarget>();

  /** Adds a rule for single frames. */
  on(rule: FrameRule): void {
    this.#rules.push({ rule, seen: 0, struck: 0 });
  }

  /** Everything works again; links that are half-open speak again. */
  clear(): void {
    this.#rules = [];
    this.refuseConnections = false;
    this.delayMs = 0;
    this.wrongLoginDigest = false;
    this.upload = 'none';
    this.fileRate = 0;
    this.download = 'none';
    this.halfOpen(false);
  }

  /** Breaks the links that fit, without a closing handshake; the result is their number. */
  drop(filter: LinkFilter = {}): number {
    const links = this.#matching(filter);
    for (const link of links) link.drop();
    return links.length;
  }

  halfOpen(value: boolean, filter: LinkFilter = {}): number {
    const links = this.#matching(filter);
    for (const link of links) link.setHalfOpen(value);
    return links.length;
  }

  /** Sends a text that is no frame to the links that fit. */
  garbage(text = '{"mt":"Half', filter: LinkFilter = {}): number {
    const links = this.#matching(filter);
    for (const link of links) link.sendRaw(text);
    return links.length;
  }

  /** The rules that strike this frame. Called once per frame by the link. */
  strike(context: FrameContext): FrameRule[] {
    const struck: FrameRule[] = [];
    for (const entry of this.#rules) {
      if (!fits(entry.rule, context)) continue;
      entry.seen += 1;
      if (entry.seen < (entry.rule.nth ?? 1) || entry.struck >= (entry.rule.times ?? 1)) continue;
      entry.struck += 1;
      struck.push(entry.rule);
    }
    return struck;
  }

  attach(link: LinkTarget): void {
    this.#links.add(link);
  }

  detach(link: LinkTarget): void {
    this.#links.delete(link);
  }

  #matching(filter: LinkFilter): LinkTarget[] {
    return [...this.#links].filter(
      (link) =>
        (filter.kind === undefined || link.kind === filter.kind) &&
        (filter.user === undefined || link.user === filter.user),
    );
  }
}

function fits(rule: FrameRule, context: FrameContext): boolean {
  const sig = context.frame.sig;
  const type = typeof sig === 'object' && sig !== null && !Array.isArray(sig) ? sig.type : undefined;
  return (
    (rule.direction ?? 'out') === context.direction &&
    (rule.kind === undefined || rule.kind === context.kind) &&
    (rule.user === undefined || rule.user === context.user) &&
    (rule.mt === undefined || rule.mt === context.frame.mt) &&
    (rule.sig === undefined || rule.sig === type) &&
    (rule.has === undefined || stringifyJson(context.frame).includes(rule.has))
  );
}
