// The conversation between a person, the state and the PBX: commands come in, the wire reports, the reconciler does
// what the state wants. Nothing is decided here that a pure function could decide.
import type { AddressReason, DiscussionId, MessageId, Result } from '../ipc/contract.ts';
import type { Address } from '../pbx/index.ts';
import { discussionId, normaliseSip, parseAddress } from './address.ts';
import { serverHistory } from './history.ts';
import { createLoginDesk, type Connection } from './login.ts';
import type { AccountState } from './model.ts';
import type { Session, SessionPorts } from './ports.ts';
import { createReconciler, type Reconciler } from './reconcile.ts';
import { compose, longestOutgoing } from './rich-text.ts';
import { activeAccount } from './select.ts';
import { createTypingOut, type TypingOut } from './typing.ts';

export function createSession(ports: SessionPorts): Session {
  const { store, world } = ports;
  let working: { connection: Connection; reconciler: Reconciler; typing: TypingOut } | null = null;
  let watched: string[] = [];

  const desk = createLoginDesk(ports, {
    began(connection) {
      const { pbx, account } = connection;
      working = {
        connection,
        reconciler: createReconciler({ store, world, pbx, account, history: serverHistory(pbx) }),
        typing: createTypingOut(world, (to, typing) => pbx.sendTyping(to, typing)),
      };
      const { focused, visible } = store.state().window;
      pbx.setInUse(focused && visible);
      pbx.watchPresence(watched);
      working.reconciler.look();
    },
    ended() {
      working?.reconciler.stop();
      working?.typing.stop();
      working = null;
    },
  });

  store.subscribe(() => working?.reconciler.look());

  const active = (): AccountState | null => activeAccount(store.state());

  function inAccount(run: (account: AccountState) => void): null {
    const account = active();
    if (account) run(account);
    return null;
  }

  function open(account: AccountState, discussion: DiscussionId): void {
    if (account.open !== discussion) working?.typing.stop();
    store.dispatch({ type: 'discussion/opened', account: account.id, discussion });
  }

  async function startChat(typed: string): Promise<Result<{ discussion: DiscussionId }, AddressReason>> {
    const refuse = (code: AddressReason) => ({ ok: false as const, reason: { code } });
    const opened = (account: AccountState, discussion: DiscussionId) => {
      open(account, discussion);
      return { ok: true as const, value: { discussion } };
    };
    const parsed = parseAddress(typed);
    if (!parsed.ok) return parsed;
    const account = active();
    if (!account) return refuse('offline');
    if (isOwn(account, parsed.value)) return refuse('address-own');
    const id = discussionId(parsed.value, account.me.domain);
    if (account.discussions[id]) return opened(account, id);
    if (!working || account.link.state !== 'online') return refuse('offline');
    const found = await working.connection.pbx.findPerson(parsed.value);
    if (!found.ok) {
      if (found.reason.code === 'refused') return refuse('address-unknown');
      return refuse(found.reason.code === 'offline' ? 'offline' : 'no-answer');
    }
    if (!found.value) return refuse('address-unknown');
    // The PBX knows the person better than what was typed: a number leads to the user who has it.
    const person = found.value;
    const address: Address = person.sip === '' ? parsed.value : { sip: person.sip };
    const now = active();
    if (now?.id !== account.id) return refuse('offline');
    if (isOwn(now, address)) return refuse('address-own');
    const discussion = discussionId(address, now.me.domain);
    store.dispatch({ type: 'discussion/started', account: now.id, discussion, address, person });
    return opened(active() ?? now, discussion);
  }

  return {
    start: () => desk.withRemembered(),
    commands: {
      login: (a) => desk.withPassword(a),
      cancelLogin() {
        desk.cancel();
        return null;
      },
      async logout() {
        await desk.logout();
        return null;
      },
      reconnect() {
        working?.connection.pbx.retry();
        return null;
      },
      openDiscussion: ({ discussion }) => inAccount((account) => open(account, discussion)),
      closeDiscussion: () =>
        inAccount((account) => {
          working?.typing.stop();
          store.dispatch({ type: 'discussion/closed', account: account.id });
        }),
      reading({ discussion, inputFocused }) {
        store.dispatch({ type: 'window/reading', discussion, inputFocused });
        return null;
      },
      loadOlder({ discussion }) {
        working?.reconciler.loadOlder(discussion);
        return null;
      },
      send({ discussion, html }) {
        const account = active();
        if (!account?.discussions[discussion]) return { ok: false, reason: { code: 'unknown-discussion' } };
        if (html.length > longestOutgoing) return { ok: false, reason: { code: 'too-long' } };
        const text = compose(html);
        if (text === '') return { ok: false, reason: { code: 'empty' } };
        working?.typing.stop();
        const message: MessageId = `o${Buffer.from(world.random(12)).toString('hex')}`;
        const now = world.now();
        store.dispatch({ type: 'outbox/queued', account: account.id, discussion, message, html: text, now });
        return { ok: true, value: { message } };
      },
      resend: ({ message }) =>
        inAccount(({ id }) =>
          store.dispatch({ type: 'outbox/again', account: id, message, now: world.now() }),
        ),
      discard: ({ message }) =>
        inAccount(({ id }) => store.dispatch({ type: 'outbox/discarded', account: id, message })),
      typing: ({ discussion, typing }) =>
        inAccount((account) => {
          const known = account.discussions[discussion];
          if (known && account.link.state === 'online')
            working?.typing.typing(known.address, discussion, typing);
        }),
      draft: ({ discussion, html }) =>
        inAccount(({ id }) => {
          const draft = html.length > longestOutgoing ? html : compose(html);
          store.dispatch({ type: 'draft/changed', account: id, discussion, html: draft });
        }),
      startChat: ({ address }) => startChat(address),
      watchPresence: ({ discussions }) =>
        inAccount((account) => {
          const sips = discussions.flatMap((id) => {
            const known = account.discussions[id];
            return known?.kind === 'person' && known.address.sip !== undefined ? [known.address.sip] : [];
          });
          const next = [...new Set(sips)].sort();
          if (next.join('\n') === watched.join('\n')) return;
          watched = next;
          working?.connection.pbx.watchPresence(next);
        }),
      setOwnPresence({ activity, note }) {
        working?.connection.pbx.setOwnPresence(activity, note);
        return null;
      },
    },
    window({ focused, visible }) {
      const before = store.state().window;
      store.dispatch({ type: 'window/changed', focused, visible });
      if (focused === before.focused && visible === before.visible) return;
      working?.connection.pbx.setInUse(focused && visible);
      if (focused && visible && !(before.focused && before.visible)) working?.reconciler.focused();
    },
    power(event) {
      if (event === 'suspend') working?.connection.pbx.suspend();
      else working?.connection.pbx.retry();
    },
    close() {
      desk.close();
    },
  };
}

function isOwn(account: AccountState, address: Address): boolean {
  const { domain, sip } = account.me;
  return address.sip !== undefined && normaliseSip(address.sip, domain) === normaliseSip(sip, domain);
}
