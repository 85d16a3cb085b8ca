import { seeded } from '../seeded.ts';
import type { World, WorldMessage } from '../world.ts';
import { smallWorld } from './small.ts';

const words =
  'the offer invoice meeting tomorrow customer branch phone line works again thanks please see ticket'.split(
    ' ',
  );

/** Many discussions and many messages for one user, alice, to measure with. The first discussion has half of them. */
export function largeWorld(size: { discussions: number; messages: number }): World {
  const base = smallWorld();
  const others = Array.from({ length: size.discussions }, (_, index) => ({
    sip: `user${index + 1}`,
    dn: `User Number ${index + 1}`,
    num: String(1000 + index),
    password: `user${index + 1}`,
    licensed: true,
    chat: true,
  }));
  return smallWorld({
    name: 'large',
    users: [...base.users, ...others],
    history: (now) => {
      const random = seeded(7);
      const messages: WorldMessage[] = [];
      for (let index = 0; index < size.messages; index++) {
        const peer = others[index % 2 === 0 ? 0 : 1 + random.below(others.length - 1)]?.sip ?? 'bob';
        const mine = random.below(3) === 0;
        const text = Array.from({ length: 3 + random.below(20) }, () => random.of(words)).join(' ');
        const at = now - (size.messages - index) * 60_000;
        messages.push({ from: mine ? 'alice' : peer, to: mine ? peer : 'alice', at, text });
      }
      return messages;
    },
  });
}
