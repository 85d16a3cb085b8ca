import type { World, WorldMessage } from '../world.ts';

/**
 * A handful of people for tests. Password of everybody: their sip. alice and bob have a licence, tom and tina have
 * none, vera may not chat, olga is licensed as well and, as everybody here, offline until a test logs her in.
 */
export function smallWorld(changes: Partial<World> = {}): World {
  const person = (sip: string, dn: string, num: string, licensed: boolean, chat = true) => ({
    sip,
    dn,
    num,
    password: sip,
    licensed,
    chat,
  });
  return {
    name: 'small',
    domain: 'example.com',
    users: [
      { ...person('alice', 'Alice Adams', '23', true), favourites: ['bob', 'tom'] },
      person('bob', 'Bob Brown', '24', true),
      person('olga', 'Olga Orlova', '25', true),
      person('tom', 'Tom Thompson', '31', false),
      person('tina', 'Tina Turner', '32', false),
      person('vera', 'Vera Vogel', '41', true, false),
    ],
    groups: [{ sip: 'grp-team', dn: 'Team', members: ['alice', 'bob', 'olga'], admins: ['alice'] }],
    history: (now) => {
      const messages: WorldMessage[] = [];
      for (let index = 0; index < 30; index++) {
        const from = index % 2 === 0 ? 'bob' : 'alice';
        const to = from === 'bob' ? 'alice' : 'bob';
        const unreadBy = index === 28 ? ['alice'] : [];
        messages.push({
          from,
          to,
          at: now - (30 - index) * 3_600_000,
          text: `Message ${index + 1}`,
          unreadBy,
        });
      }
      return messages;
    },
    ...changes,
  };
}
