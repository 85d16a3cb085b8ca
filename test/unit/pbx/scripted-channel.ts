import type { Result } from '../../../src-main/ipc/contract.ts';
import type { AppChannel, RequestError, RequestOutcome } from '../../../src-main/pbx/app-connection.ts';
import type { Frame, JsonObject } from '../../../src-main/pbx/frames.ts';
import { parseFrame, serialise } from '../../../src-main/pbx/frames.ts';

type Sent = JsonObject & { mt: string };
type Answered = Result<RequestOutcome, RequestError>;

/** The other side of the port AppChannel, played by the test: every frame passes through its text as on a link. */
export interface ScriptedChannel extends AppChannel {
  readonly sent: Sent[];
  /** Answers the oldest open request of this kind; the last frame is its result. */
  answer(mt: string, ...frames: Sent[]): Promise<void>;
  fail(mt: string, code: RequestError): Promise<void>;
  /** A frame that belongs to no request. */
  push(api: string, frame: Sent): void;
  /** A frame of the subscription that this request started. */
  tell(mt: string, select: JsonObject, frame: Sent): void;
  open: boolean;
  /** What was sent is confirmed at once; else by `arrived`. */
  prompt: boolean;
  /** Everything that was sent so far is there. */
  arrived(): void;
}

export function createScriptedChannel(): ScriptedChannel {
  const sent: Sent[] = [];
  const requests: { mt: string; resolve: (outcome: Answered) => void }[] = [];
  const subscriptions: { frame: Sent; received: (frame: Frame) => void }[] = [];
  const listeners = new Map<string, (frame: Frame) => void>();
  const unconfirmed: (() => void)[] = [];

  function take(mt: string) {
    const index = requests.findIndex((request) => request.mt === mt);
    const [request] = index < 0 ? [] : requests.splice(index, 1);
    if (request === undefined) throw new Error(`no open request ${mt}`);
    return request;
  }

  /** Lets everything that waits for an answer run. */
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

  const channel: ScriptedChannel = {
    sent,
    open: true,
    prompt: true,
    confirm(arrived) {
      unconfirmed.push(arrived);
      if (channel.prompt) channel.arrived();
    },
    arrived() {
      for (const arrived of unconfirmed.splice(0)) arrived();
    },
    send(frame) {
      if (channel.open) sent.push(overTheWire(frame));
      return channel.open;
    },
    request(frame) {
      sent.push(overTheWire(frame));
      return new Promise((resolve) => requests.push({ mt: frame.mt, resolve }));
    },
    subscribe(frame, received) {
      sent.push(overTheWire(frame));
      const subscription = { frame, received };
      subscriptions.push(subscription);
      return () => void subscriptions.splice(subscriptions.indexOf(subscription), 1);
    },
    listen: (api, received) => void listeners.set(api, received),
    async answer(mt, ...frames) {
      const all = frames.map(overTheWire);
      const result = all.pop();
      if (result === undefined) throw new Error('an answer has a result');
      take(mt).resolve({ ok: true, value: { indications: all, result } });
      await settled();
    },
    async fail(mt, code) {
      take(mt).resolve({ ok: false, reason: { code } });
      await settled();
    },
    push(api, frame) {
      const listener = listeners.get(api);
      if (listener === undefined) throw new Error(`nobody listens to ${api}`);
      listener(overTheWire(frame));
    },
    tell(mt, select, frame) {
      const found = subscriptions.findLast(
        (one) =>
          one.frame.mt === mt && Object.entries(select).every(([name, value]) => one.frame[name] === value),
      );
      if (found === undefined) throw new Error(`no subscription ${mt}`);
      found.received(overTheWire(frame));
    },
  };
  return channel;
}

function overTheWire(frame: Sent): Frame {
  const parsed = parseFrame(serialise(frame));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.frame;
}
