// The conversation between a person, the state and the PBX: commands come in, the wire reports, the reconciler does
// what the state wants. Nothing is decided here that a pure function could decide.
import type { DiscussionId, MessageId } from '../ipc/contract.ts';
import { createAmender, type Amender } from './amend.ts';
import { createDraftKeeper } from './drafts.ts';
import { createFileDesk } from './file-desk.ts';
import { createGroupDesk } from './group-desk.ts';
import { serverHistory } from './history.ts';
import { createLoginDesk, type Connection } from './login.ts';
import { isInUse, type AccountState } from './model.ts';
import { createPeopleDesk } from './people-desk.ts';
import type { Session, SessionPorts } from './ports.ts';
import { createReconciler, type Reconciler } from './reconcile.ts';
import { compose, longestOutgoing } from './rich-text.ts';
import { activeAccount } from './select.ts';
import { createTransfers, type Transfers } from './transfers.ts';
import { createTypingOut, type TypingOut } from './typing.ts';

export function createSession(ports: SessionPorts): Session {
  const { store, world } = ports;
  let working: {
    connection: Connection;
    reconciler: Reconciler;
    transfers: Transfers;
    typing: TypingOut;
    amender: Amender;
  } | null = null;
  let watched: string[] = [];
  let present = true;

  const desk = createLoginDesk(ports, {
    began(connection) {
      const { pbx, account } = connection;
      const reconciler = createReconciler({
        store,
        world,
        pbx,
        account,
        history: serverHistory(pbx),
        listEvery: ports.settings.listEvery,
      });
      working = {
        connection,
        reconciler,
        transfers: createTransfers({ store, world, pbx, account, files: ports.files }),
        amender: createAmender({ store, world, pbx, account, refresh: reconciler.refresh }),
        typing: createTypingOut(world, (to, typing) => pbx.sendTyping(to, typing)),
      };
      pbx.setInUse(isInUse(store.state().window));
      pbx.setActive(present);
      pbx.watchPresence(watched);
      working.reconciler.look();
      working.amender.look();
    },
    ended() {
      working?.amender.stop();
      working?.reconciler.stop();
      working?.transfers.stop();
      working?.typing.stop();
      working = null;
    },
  });

  const drafts = createDraftKeeper({ store, world, shelf: ports.drafts });
  store.subscribe(() => {
    drafts.look();
    working?.reconciler.look();
    working?.transfers.look();
    working?.amender.look();
  });

  const active = (): AccountState | null => activeAccount(store.state());

  const files = createFileDesk({ store, active, transfers: () => working?.transfers ?? null });

  function inAccount(run: (account: AccountState) => void): null {
    const account = active();
    if (account) run(account);
    return null;
  }

  function open(account: AccountState, discussion: DiscussionId): void {
    if (account.open !== discussion) working?.typing.stop();
    store.dispatch({ type: 'discussion/opened', account: account.id, discussion });
  }

  const people = createPeopleDesk({ store, active, pbx: () => working?.connection.pbx ?? null, open });
  const groups = createGroupDesk({
    store,
    working() {
      const account = active();
      return working && account ? { account, pbx: working.connection.pbx } : null;
    },
    changed: (discussion) => working?.reconciler.readMembers(discussion),
  });

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
      connectAnew() {
        working?.connection.pbx.suspend();
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
        const files = account.trays[discussion]?.length ?? 0;
        if (html.length > longestOutgoing) return { ok: false, reason: { code: 'too-long' } };
        const text = compose(html);
        if (text === '' && files === 0) return { ok: false, reason: { code: 'empty' } };
        working?.typing.stop();
        const message: MessageId = `o${Buffer.from(world.random(12)).toString('hex')}`;
        const now = world.now();
        store.dispatch({ type: 'outbox/queued', account: account.id, discussion, message, html: text, now });
        return { ok: true, value: { message } };
      },
      stopSending: ({ message }) =>
        inAccount(({ id }) => store.dispatch({ type: 'sending/stopped', account: id, message })),
      removeUpload: ({ upload }) =>
        inAccount(({ id }) => store.dispatch({ type: 'upload/removed', account: id, upload })),
      retryUpload: ({ upload }) =>
        inAccount(({ id }) => store.dispatch({ type: 'upload/again', account: id, upload })),
      cancelSave({ attachment }) {
        working?.transfers.cancelSave(attachment);
        return null;
      },
      resend: ({ message }) =>
        inAccount(({ id }) =>
          store.dispatch({ type: 'outbox/again', account: id, message, now: world.now() }),
        ),
      discard: ({ message }) =>
        inAccount(({ id }) => store.dispatch({ type: 'outbox/discarded', account: id, message })),
      editMessage: ({ message, html }) =>
        working?.amender.edit(message, html) ?? { ok: false, reason: { code: 'offline' } },
      deleteMessage({ message }) {
        working?.amender.remove(message);
        return null;
      },
      keepMessage({ message }) {
        working?.amender.keep(message);
        return null;
      },
      typing: ({ discussion, typing }) =>
        inAccount((account) => {
          const known = account.discussions[discussion];
          if (known && account.link.state === 'online')
            working?.typing.typing(known.address, discussion, typing);
        }),
      draft: ({ discussion, html }) =>
        inAccount(({ id }) =>
          store.dispatch({ type: 'draft/changed', account: id, discussion, html: asTyped(html) }),
        ),
      editing: ({ discussion, edit }) =>
        inAccount(({ id, discussions }) => {
          const begins = edit !== null && discussions[discussion]?.edit?.message !== edit.message;
          const typed = edit && { message: edit.message, html: asTyped(edit.html) };
          store.dispatch({ type: 'edit/changed', account: id, discussion, edit: typed });
          if (begins) working?.amender.learnId(edit.message);
        }),
      startChat: ({ address }) => people.startChat(address),
      findPerson: ({ address }) => people.findPerson(address),
      saveGroup: (a) => groups.saveGroup(a),
      deleteGroup: (a) => groups.deleteGroup(a),
      hideGroup: ({ discussion }) =>
        inAccount(({ id }) => store.dispatch({ type: 'group/hidden', account: id, discussion })),
      readMembers({ discussion }) {
        working?.reconciler.readMembers(discussion);
        return null;
      },
      watchPresence({ discussions }) {
        const next = people.watchable(discussions);
        if (next.join('\n') === watched.join('\n')) return null;
        watched = next;
        working?.connection.pbx.watchPresence(next);
        return null;
      },
      setOwnPresence({ activity, note }) {
        working?.connection.pbx.setOwnPresence(activity, note);
        return null;
      },
    },
    files,
    window({ focused, visible }) {
      const before = store.state().window;
      store.dispatch({ type: 'window/changed', focused, visible });
      if (focused === before.focused && visible === before.visible) return;
      working?.connection.pbx.setInUse(isInUse(store.state().window));
      if (focused && visible && !(before.focused && before.visible)) working?.reconciler.focused();
    },
    locked(locked) {
      store.dispatch({ type: 'window/locked', locked });
      working?.connection.pbx.setInUse(isInUse(store.state().window));
    },
    power(event) {
      if (event === 'suspend') working?.connection.pbx.suspend();
      else working?.connection.pbx.retry();
    },
    activity(active) {
      present = active;
      working?.connection.pbx.setActive(active);
    },
    close() {
      drafts.flush();
      desk.close();
    },
  };
}

/** What is too long to be sent is only shown again, in the input that it came from. */
function asTyped(html: string): string {
  return html.length > longestOutgoing ? html : compose(html);
}
