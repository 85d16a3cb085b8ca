import { afterEach, describe, expect, it } from 'vitest';
import { smallWorld, startPbx, type Pbx, type PbxStartOptions, type Peer } from '../index.ts';
import { asId, type JsonObject } from '../json.ts';
import { RawClient } from './raw-client.ts';

const running: Pbx[] = [];

async function start(options: PbxStartOptions = {}): Promise<Pbx> {
  const pbx = await startPbx(options);
  running.push(pbx);
  return pbx;
}

afterEach(async () => {
  for (const pbx of running.splice(0)) await pbx.close();
});

async function reader(pbx: Pbx, sip: string): Promise<Peer> {
  const peer = await pbx.user(sip);
  await peer.openMessages();
  return peer;
}

async function chats(peer: Peer, unread = false): Promise<JsonObject[]> {
  const answers = await peer.request({ mt: 'ReadChats', topic: peer.sip, ...(unread ? { unread } : {}) });
  return answers.filter((frame) => frame.mt === 'ReadChatsInd');
}

async function chat(peer: Peer, sip: string, more: JsonObject = {}): Promise<JsonObject[]> {
  const answers = await peer.request({ mt: 'ReadChat', topic: peer.sip, sip, ...more });
  return answers.filter((frame) => frame.mt === 'ReadChatInd').map((frame) => frame.msg as JsonObject);
}

function badges(peer: Peer): string[] {
  return peer.frames
    .filter((frame) => frame.mt === 'UpdatePresence' && frame.sip === 'chat')
    .flatMap((frame) => (frame.presence as JsonObject[]).map((item) => String(item.note)));
}

describe('the messages session', () => {
  it('has an id beyond 2^53, written as digits', async () => {
    const alice = await (await start()).user('alice');
    const { session } = await alice.openMessages();
    expect(asId(session)).toBeGreaterThan(2n ** 53n);
    expect(typeof session).toBe('bigint');
  });

  it('has it as a string when switched so', async () => {
    const alice = await (await start({ switches: { ids: 'strings' } })).user('alice');
    expect((await alice.openMessages()).session).toMatch(/^\d+$/);
  });

  it('is refused without a licence', async () => {
    const tom = await (await start()).user('tom');
    expect(await tom.request({ mt: 'Session' })).toMatchObject([{ mt: 'Error', api: 'PbxMessages' }]);
  });

  it('is met with silence without a licence when switched so', async () => {
    const pbx = await start({ switches: { unlicensedSession: 'silent' } });
    const tom = await pbx.user('tom');
    tom.sendApp({ api: 'PbxMessages', mt: 'Session', src: 'x' });
    await tom.request({ mt: 'SubscribeProfile' }, 'PbxApi');
    expect(tom.frames.some((frame) => frame.src === 'x')).toBe(false);
  });

  it('is needed before every other request', async () => {
    const alice = await (await start()).user('alice');
    expect(await alice.request({ mt: 'ReadChats', topic: 'alice' })).toMatchObject([{ mt: 'Error' }]);
  });

  it('ends with Error when the licence is withdrawn, and comes back with it', async () => {
    const pbx = await start();
    const alice = await reader(pbx, 'alice');
    pbx.setLicence('alice', false);
    await alice.frame('Error');
    expect((await alice.request({ mt: 'Session' }))[0]?.mt).toBe('Error');
    pbx.setLicence('alice', true);
    await alice.openMessages();
  });

  it('ends with Error when the service goes, and can be opened again when it is back', async () => {
    const pbx = await start();
    const alice = await reader(pbx, 'alice');
    await pbx.setMessagesService(false);
    await alice.frame('Error');
    expect((await alice.request({ mt: 'Session' }))[0]?.mt).toBe('Error');
    await pbx.setMessagesService(true);
    await alice.openMessages();
    expect(await chats(alice)).toHaveLength(1);
  });

  it('carries src, whatever it is, and none where there was none', async () => {
    const alice = await reader(await start(), 'alice');
    alice.sendApp({ api: 'PbxMessages', mt: 'ReadGroups', src: '12:"odd" src' });
    await alice.frame('ReadGroupsResult', (frame) => frame.src === '12:"odd" src');
    alice.sendApp({ api: 'PbxMessages', mt: 'ReadGroups' });
    await alice.frame('ReadGroupsResult', (frame) => !('src' in frame));
  });
});

describe('stored chats', () => {
  it('list the chats with the time of the latest message, and unread counts only when asked', async () => {
    const alice = await reader(await start(), 'alice');
    const [plain] = await chats(alice);
    expect(plain).toMatchObject({ sip: 'bob', dn: 'Bob Brown', grp: false, timestamp: expect.any(Number) });
    expect(plain).not.toHaveProperty('unread');
    expect(await chats(alice, true)).toMatchObject([{ sip: 'bob', unread: 1 }]);
  });

  it('are read in pages, without a gap and without a message twice', async () => {
    const alice = await reader(await start(), 'alice');
    const texts: unknown[] = [];
    let older: JsonObject = {};
    for (;;) {
      const page = await chat(alice, 'bob', { count: 7, ...older });
      if (page.length === 0) break;
      texts.push(...page.map((message) => message.text));
      older = { older: page.at(-1)?.timestamp };
    }
    expect(texts).toEqual(Array.from({ length: 30 }, (_, index) => `Message ${30 - index}`));
  });

  it('are read in pages of seconds, with several messages in one second', async () => {
    const now = Date.now();
    const history = () =>
      Array.from({ length: 10 }, (_, index) => ({
        from: 'bob',
        to: 'alice',
        at: now - 90_000 + index * 300,
        text: `${index}`,
      }));
    const pbx = await start({
      world: smallWorld({ history }),
      switches: { timestamps: 's', chatOrder: 'oldest-first' },
    });
    const alice = await reader(pbx, 'alice');
    const texts: unknown[] = [];
    for (let older: JsonObject = {}; ;) {
      const page = await chat(alice, 'bob', { count: 3, ...older });
      if (page.length === 0) break;
      expect(String(page[0]?.timestamp)).toHaveLength(10);
      texts.unshift(...page.map((message) => message.text));
      older = { older: page[0]?.timestamp };
    }
    expect(texts).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('keep a message for both sides, with ids that a double cannot hold', async () => {
    const pbx = await start();
    const [alice, bob] = [await reader(pbx, 'alice'), await reader(pbx, 'bob')];
    alice.say('bob', 'kept?');
    await bob.waitFor((message) => message.text === 'kept?');
    const [mine] = await chat(alice, 'bob', { count: 1 });
    const [his] = await chat(bob, 'alice', { count: 1 });
    expect(mine).toMatchObject({ author: 'alice', dn: 'Alice Adams', text: 'kept?' });
    expect(his?.id).toBe(mine?.id);
    expect(asId(mine?.id)).toBeGreaterThan(2n ** 53n);
  });

  it('stand for offline peers: the service takes the call, and the message waits', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice');
    alice.say('olga', 'for later');
    await alice.until(() => alice.isConnectedTo('olga'), 'conn');
    const olga = await reader(pbx, 'olga');
    expect(await chats(olga, true)).toMatchObject([{ sip: 'alice', unread: 1 }]);
    expect(await chat(olga, 'alice')).toMatchObject([{ text: 'for later', author: 'alice' }]);
  });

  it('do not help a sender without a licence', async () => {
    const tom = await (await start()).user('tom');
    tom.say('olga', 'hello?');
    await tom.until(() => tom.causes.get('olga') === 20, 'release');
  });

  it('keep what a sender without a licence says to somebody online who has one', async () => {
    const pbx = await start();
    const [tom, alice] = [await pbx.user('tom'), await reader(pbx, 'alice')];
    tom.say('alice', 'hello');
    await alice.waitFor((message) => message.text === 'hello');
    expect(await chat(alice, 'tom')).toMatchObject([{ text: 'hello', author: 'tom' }]);
  });

  it('put long messages together from their segments', async () => {
    const pbx = await start();
    const alice = await reader(pbx, 'alice');
    alice.facility('olga', { type: 'im_message', mime: 'text/html', data: '<b>one ', more: true });
    alice.facility('olga', { type: 'im_message', mime: 'text/html', data: 'two</b>' });
    await alice.until(() => alice.isConnectedTo('olga'), 'conn');
    expect(await chat(alice, 'olga')).toMatchObject([{ text: '<b>one two</b>' }]);
  });

  it('reach a peer who comes online in the middle of the call', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice');
    alice.say('olga', 'one');
    await alice.until(() => alice.isConnectedTo('olga'), 'conn');
    const olga = await pbx.user('olga');
    alice.say('olga', 'two');
    await olga.waitFor((message) => message.text === 'two');
    expect(olga.messages.map((message) => message.text)).toEqual(['two']);
  });

  it.each(['service', 'peer'] as const)('connect the caller as switched: %s', async (storedConn) => {
    const pbx = await start({ switches: { storedConn } });
    const alice = await pbx.user('alice');
    const bob = await pbx.user('bob', { answer: 'never' });
    alice.say('bob', 'are you there?');
    await bob.until(() => bob.frames.some((frame) => frame.mt === 'Signaling'), 'setup');
    await alice.request({ mt: 'SubscribeProfile' }, 'PbxApi');
    expect(alice.isConnectedTo('bob')).toBe(storedConn === 'service');
    bob.signal(-1, { type: 'rel', cau: { num: 17 } });
    await alice.until(() => alice.isConnectedTo('bob'), 'conn');
  });

  it('belong to their owner alone', async () => {
    const bob = await reader(await start(), 'bob');
    const answers = await bob.request({ mt: 'ReadChats', topic: 'alice' });
    expect(answers.map((frame) => frame.mt)).toEqual(['ReadChatsResult']);
    const read = await bob.request({ mt: 'ReadChat', topic: 'alice', sip: 'bob' });
    expect(read.map((frame) => frame.mt)).toEqual(['ReadChatResult']);
  });
});

describe('what is unread', () => {
  it('is counted per chat, cleared by reading, and told by the badge note', async () => {
    const pbx = await start();
    const alice = await reader(pbx, 'alice');
    const bob = await pbx.user('bob');
    alice.sendClient({ mt: 'SubscribePresence', sip: 'chat' });
    await alice.until(() => badges(alice).at(-1) === '#badge:1', 'badge of 1');
    bob.say('alice', 'two');
    await alice.until(() => badges(alice).at(-1) === '#badge:2', 'badge of 2');
    expect(await chats(alice, true)).toMatchObject([{ sip: 'bob', unread: 2 }]);
    expect(await chat(alice, 'bob', { noind: true })).toEqual([]);
    await alice.until(() => badges(alice).at(-1) === '#badge:0', 'badge of 0');
    expect(await chats(alice, true)).toEqual([]);
  });

  it('is cleared on all devices by reading on one', async () => {
    const pbx = await start();
    const [desk, laptop] = [await reader(pbx, 'alice'), await reader(pbx, 'alice')];
    laptop.sendClient({ mt: 'SubscribePresence', sip: 'chat' });
    await laptop.until(() => badges(laptop).at(-1) === '#badge:1', 'badge of 1');
    await chat(desk, 'bob', { noind: true });
    await laptop.until(() => badges(laptop).at(-1) === '#badge:0', 'badge of 0');
  });

  it('is cleared message by message with SetRead', async () => {
    const pbx = await start();
    const alice = await reader(pbx, 'alice');
    const bob = await reader(pbx, 'bob');
    bob.say('alice', 'new');
    await alice.waitFor((message) => message.text === 'new');
    const [message] = await chat(bob, 'alice', { count: 1 });
    const [result] = await alice.request({ mt: 'SetRead', id: message?.id });
    expect(result).toMatchObject({ mt: 'SetReadResult', id: message?.id });
    expect(await chats(alice, true)).toMatchObject([{ unread: 1 }]);
  });

  it('never counts own messages', async () => {
    const pbx = await start();
    const bob = await reader(pbx, 'bob');
    bob.say('olga', 'mine');
    await bob.until(() => bob.isConnectedTo('olga'), 'conn');
    expect(await chats(bob, true)).toEqual([]);
  });

  it('has no note when switched so', async () => {
    const pbx = await start({ switches: { badgeNote: 'absent' } });
    const alice = await reader(pbx, 'alice');
    alice.sendClient({ mt: 'SubscribePresence', sip: 'chat' });
    await alice.frame('UpdatePresence', (frame) => frame.sip === 'chat' && frame.up === true);
    await chat(alice, 'bob', { noind: true });
    expect(badges(alice)).toEqual([]);
  });

  it('is told again after the service was away', async () => {
    const pbx = await start();
    const alice = await reader(pbx, 'alice');
    alice.sendClient({ mt: 'SubscribePresence', sip: 'chat' });
    await alice.until(() => badges(alice).length === 1, 'badge');
    await pbx.setMessagesService(false);
    await alice.frame('UpdatePresence', (frame) => frame.sip === 'chat' && frame.up === false);
    await pbx.setMessagesService(true);
    await alice.until(() => badges(alice).length > 1, 'badge again');
    expect(badges(alice).at(-1)).toBe('#badge:1');
  });
});

describe('Post, Update, Delete', () => {
  it('change own messages for both sides', async () => {
    const pbx = await start();
    const [alice, bob] = [await reader(pbx, 'alice'), await reader(pbx, 'bob')];
    alice.say('bob', 'tpyo');
    await bob.waitFor((message) => message.text === 'tpyo');
    const [message] = await chat(alice, 'bob', { count: 1 });
    expect(await alice.request({ mt: 'Update', id: message?.id, text: 'typo' })).toMatchObject([
      { error: false },
    ]);
    expect((await chat(bob, 'alice', { count: 1 }))[0]?.text).toBe('typo');
    expect(await alice.request({ mt: 'Delete', id: message?.id })).toMatchObject([{ error: false }]);
    expect((await chat(bob, 'alice', { count: 1 }))[0]?.text).toBe('Message 30');
  });

  it('are told to every session that shows the message, unless switched off', async () => {
    for (const amendIndications of ['sent', 'absent'] as const) {
      const pbx = await start({ switches: { amendIndications } });
      const [alice, bob] = [await reader(pbx, 'alice'), await reader(pbx, 'bob')];
      const olga = await reader(pbx, 'olga');
      const own = (await chat(alice, 'bob')).find((message) => message.author === 'alice');
      await alice.request({ mt: 'Update', id: own?.id, text: 'other words' });
      await alice.request({ mt: 'Delete', id: own?.id });
      await chat(bob, 'alice');
      const heard = ({ frames }: Peer) =>
        frames
          .filter(({ mt }) => mt === 'Update' || mt === 'Delete')
          .map(({ mt, id, text }) => [mt, id === own?.id, text]);
      const both = [
        ['Update', true, 'other words'],
        ['Delete', true, undefined],
      ];
      expect(heard(bob)).toEqual(amendIndications === 'sent' ? both : []);
      expect(heard(alice)).toEqual(heard(bob));
      expect(heard(olga)).toEqual([]);
    }
  });

  it('are refused, or not answered, when switched so', async () => {
    const refusing = await reader(await start({ switches: { amending: 'refused' } }), 'alice');
    const own = (await chat(refusing, 'bob')).find((message) => message.author === 'alice');
    const update = { mt: 'Update', id: own?.id, text: 'other words' };
    expect(await refusing.request(update)).toMatchObject([{ mt: 'UpdateResult', error: true }]);
    expect(await refusing.request({ mt: 'Delete', id: own?.id })).toMatchObject([{ error: true }]);
    const silent = await reader(await start({ switches: { amending: 'unknown' } }), 'alice');
    silent.sendApp({ ...update, api: 'PbxMessages', src: 'never answered' });
    await chats(silent);
    expect(silent.frames.filter(({ src }) => src === 'never answered')).toEqual([]);
  });

  it('leave the messages of others alone', async () => {
    const alice = await reader(await start(), 'alice');
    const messages = await chat(alice, 'bob');
    const his = messages.find((message) => message.author === 'bob');
    expect(await alice.request({ mt: 'Update', id: his?.id, text: 'x' })).toMatchObject([{ error: true }]);
    expect(await alice.request({ mt: 'Delete', id: his?.id })).toMatchObject([{ error: true }]);
  });

  it('refuse text that is not plain, foreign authors and foreign topics', async () => {
    const alice = await reader(await start(), 'alice');
    const post = { mt: 'Post', author: 'alice', type: 1, topic: 'alice', notify: ['bob'], text: 'fine' };
    const attempts = [{ text: '<b a="b">x</b>' }, { author: 'bob' }, { topic: 'bob' }];
    for (const change of attempts) {
      expect(await alice.request({ ...post, ...change })).toMatchObject([{ mt: 'PostResult', error: true }]);
    }
    const [result] = await alice.request(post);
    expect(result).toMatchObject({ mt: 'PostResult', error: false, addsTo: result?.id });
  });

  it('lower the unread count when an unread message is deleted', async () => {
    const pbx = await start();
    const [alice, bob] = [await reader(pbx, 'alice'), await reader(pbx, 'bob')];
    bob.say('alice', 'oops');
    await alice.waitFor((message) => message.text === 'oops');
    const [message] = await chat(bob, 'alice', { count: 1 });
    await bob.request({ mt: 'Delete', id: message?.id });
    expect(await chats(alice, true)).toMatchObject([{ unread: 1 }]);
  });
});

describe('SetFilter, GetMore, Discussion', () => {
  it('add what fits, then more of it, then what is new', async () => {
    const pbx = await start();
    const [alice, bob] = [await reader(pbx, 'alice'), await pbx.user('bob')];
    const src = 'my filter';
    const added = (): unknown[] =>
      alice.frames.filter((frame) => frame.mt === 'Add' && frame.src === src).map((frame) => frame.text);
    alice.sendApp({
      api: 'PbxMessages',
      mt: 'SetFilter',
      src,
      count: 2,
      filter: { op: 'and', authors: ['bob'] },
    });
    await alice.frame('SetFilterResult', (frame) => frame.src === src);
    expect(added()).toEqual(['Message 27', 'Message 29']);
    const oldest = alice.frames.find((frame) => frame.mt === 'Add')?.timestamp;
    alice.sendApp({ api: 'PbxMessages', mt: 'GetMore', src, count: 1, timestamp: oldest });
    await alice.frame('GetMoreResult', (frame) => frame.src === src);
    expect(added()).toEqual(['Message 27', 'Message 29', 'Message 25']);
    bob.say('alice', 'fresh');
    await alice.until(() => added().includes('fresh'), 'Add of the new message');
  });

  it('combine filters with or', async () => {
    const alice = await reader(await start(), 'alice');
    const filter = { op: 'or', authors: ['nobody'], filters: [{ authors: ['alice'], notifies: ['bob'] }] };
    const answers = await alice.request({ mt: 'SetFilter', count: 50, filter });
    expect(answers.filter((frame) => frame.mt === 'Add')).toHaveLength(15);
  });

  it('read a discussion with its replies', async () => {
    const alice = await reader(await start(), 'alice');
    const post = { mt: 'Post', author: 'alice', type: 0, topic: 'alice', text: 'question' };
    const [first] = await alice.request(post);
    await alice.request({ ...post, text: 'answer', repliesTo: first?.id });
    const answers = await alice.request({ mt: 'Discussion', discussion: first?.addsTo });
    expect(answers.map((frame) => frame.text ?? frame.mt)).toEqual([
      'question',
      'answer',
      'DiscussionResult',
    ]);
  });
});

describe('ids on the wire', () => {
  it('are digits without quotes, and come back losslessly', async () => {
    const pbx = await start();
    const alice = await pbx.user('alice', { chat: false });
    const raw = await RawClient.open(pbx.appsUrl);
    raw.send({ mt: 'AppChallenge' });
    const { challenge } = await raw.next('AppChallengeResult');
    alice.sendClient({ mt: 'AppGetLogin', app: 'chat', challenge });
    const { mt: _mt, ...login } = await alice.frame('AppGetLoginResult');
    raw.send({ mt: 'AppLogin', ...login });
    await raw.next('AppLoginResult');
    raw.send({ api: 'PbxMessages', mt: 'Session' });
    await raw.next('SessionResult');
    expect(raw.texts.at(-1)).toMatch(/"session":90071992547\d{5}[,}]/);
    raw.send({ api: 'PbxMessages', mt: 'ReadChat', topic: 'alice', sip: 'bob', count: 1 });
    const { msg } = await raw.next('ReadChatInd');
    expect(raw.texts.find((text) => text.includes('ReadChatInd'))).toMatch(/"id":90071992547\d{5},/);
    raw.send({ api: 'PbxMessages', mt: 'Attachments', id: (msg as JsonObject).id });
    expect(await raw.next('AttachmentsResult')).toMatchObject({ files: [] });
  });
});
