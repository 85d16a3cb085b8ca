import { answerTo } from './bot-answers.ts';
import type { Pbx } from './index.ts';
import type { Peer, PeerMessage } from './peer.ts';
import { seeded, type Seeded } from './seeded.ts';
import type { BotPlan } from './world.ts';

export interface Bots {
  stop(): void;
}

const reconnectMs = 1500;

/** The colleagues of a world come in: they log in as everybody does, on real sockets, and answer in their manner. */
export async function startBots(pbx: Pbx): Promise<Bots> {
  const plan = pbx.world.bots;
  if (plan === undefined) return { stop: () => undefined };
  const timers = new Timers(pbx);
  const names = new Set(plan.colleagues.map((colleague) => colleague.sip));
  const bots = new Map<string, Bot>();
  for (const [index, { sip, manner }] of plan.colleagues.entries()) {
    const bot = new Bot(pbx, timers, sip, manner, names, seeded(index + 1));
    bots.set(sip, bot);
    await bot.arrive();
  }
  const stopUnasked = speakUnasked(pbx, plan, timers, bots);
  for (const { sip, everyMs, states } of plan.presence) changePresence(pbx, timers, sip, everyMs, states, 0);
  return {
    stop: () => {
      stopUnasked();
      timers.stop();
      for (const bot of bots.values()) bot.leave();
    },
  };
}

/** Every waiting moment of the bots, so that all can be called off at once. */
class Timers {
  readonly #pbx: Pbx;
  readonly #cancels = new Set<() => void>();
  #stopped = false;

  constructor(pbx: Pbx) {
    this.#pbx = pbx;
  }

  after(milliseconds: number, run: () => void): void {
    if (this.#stopped) return;
    const cancel = this.#pbx.core.clock.after(milliseconds, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}

class Bot {
  readonly #pbx: Pbx;
  readonly #timers: Timers;
  readonly #sip: string;
  readonly #manner: BotPlan['colleagues'][number]['manner'];
  readonly #others: Set<string>;
  readonly #random: Seeded;
  readonly #last = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #busyUntil = new Map<string, number>();
  #peer: Peer | undefined;

  constructor(
    pbx: Pbx,
    timers: Timers,
    sip: string,
    manner: BotPlan['colleagues'][number]['manner'],
    others: Set<string>,
    random: Seeded,
  ) {
    this.#pbx = pbx;
    this.#timers = timers;
    this.#sip = sip;
    this.#manner = manner;
    this.#others = others;
    this.#random = random;
  }

  async arrive(): Promise<void> {
    try {
      const peer = await this.#pbx.user(this.#sip, { replyOn: 'same-call' });
      this.#peer = peer;
      peer.onMessage = (message) => this.#hear(message);
      peer.onLost = () => this.#comeBack();
      if (this.#licensed) await peer.openMessages();
    } catch {
      this.#comeBack();
    }
  }

  leave(): void {
    this.#peer?.close();
    this.#peer = undefined;
  }

  /** Types for as long as a person would, then says it. */
  speak(to: string, text: string, thinkMs: number): void {
    const { clock } = this.#pbx.core;
    // One line after the other, also when two are due at once.
    const begin = Math.max(clock.now() + thinkMs, this.#busyUntil.get(to) ?? 0);
    const typingMs = Math.min(900 + text.length * 45, 6000);
    this.#busyUntil.set(to, begin + typingMs + 300);
    this.#timers.after(begin - clock.now(), () => {
      this.#peer?.setTyping(to, true);
      this.#timers.after(typingMs, () => {
        this.#peer?.setTyping(to, false);
        this.#peer?.say(to, text);
      });
    });
  }

  get #licensed(): boolean {
    return this.#pbx.core.directory.user(this.#sip)?.licensed === true;
  }

  #comeBack(): void {
    this.#peer?.close();
    this.#peer = undefined;
    this.#timers.after(reconnectMs, () => void this.arrive());
  }

  #hear(message: PeerMessage): void {
    const chat = message.group ?? message.from;
    const read = { mt: 'ReadChat', topic: this.#sip, sip: chat, noind: true };
    if (this.#licensed) this.#peer?.request(read).catch(() => undefined);
    if (this.#others.has(message.from) || this.#manner === 'silent') return;
    if (message.group !== undefined && !this.#answersIn(message)) return;
    const count = (this.#counts.get(message.from) ?? 0) + 1;
    this.#counts.set(message.from, count);
    const name = message.dn.split(' ')[0] ?? message.dn;
    const { text, attach } = message;
    const heard = { text, name, attachments: attach.length, now: this.#pbx.core.clock.now(), count };
    const answer = answerTo(heard, this.#manner, this.#last.get(chat), this.#random);
    this.#last.set(chat, answer);
    const readMs = Math.min(500 + text.length * 15, 3000) + this.#random.below(600);
    this.speak(chat, answer, readMs);
  }

  /** In a group whoever is called by name answers, else to a question the first who can. */
  #answersIn(message: PeerMessage): boolean {
    const plan = this.#pbx.world.bots?.colleagues ?? [];
    const group = this.#pbx.world.groups.find((one) => one.sip === message.group);
    const present = plan.filter(
      ({ sip, manner }) => manner !== 'silent' && group?.members.includes(sip) === true,
    );
    const firstName = (sip: string): string => this.#pbx.core.directory.displayName(sip).split(' ')[0] ?? sip;
    const named = present.filter(({ sip }) => new RegExp(`\\b${firstName(sip)}\\b`, 'i').test(message.text));
    if (named.length > 0) return named.some(({ sip }) => sip === this.#sip);
    return message.text.trimEnd().endsWith('?') && present[0]?.sip === this.#sip;
  }
}

function speakUnasked(pbx: Pbx, plan: BotPlan, timers: Timers, bots: Map<string, Bot>): () => void {
  const { watchers } = pbx.core.signal;
  const begin = (sip: string): void => {
    if (sip !== pbx.world.newcomer) return;
    watchers.delete(begin);
    for (const { from, afterMs, lines } of plan.unasked) {
      for (const [index, line] of lines.entries()) {
        timers.after(afterMs + index * 2500, () => bots.get(from)?.speak(sip, line, 0));
      }
    }
  };
  watchers.add(begin);
  return () => watchers.delete(begin);
}

function changePresence(
  pbx: Pbx,
  timers: Timers,
  sip: string,
  everyMs: number,
  states: BotPlan['presence'][number]['states'],
  next: number,
): void {
  timers.after(everyMs, () => {
    const state = states[next % states.length];
    if (state !== undefined) pbx.core.presence.setOwn(sip, state.activity, state.note);
    changePresence(pbx, timers, sip, everyMs, states, next + 1);
  });
}
