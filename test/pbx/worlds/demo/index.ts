import type { BotPlan, World } from '../../world.ts';
import { demoFiles } from './files.ts';
import { demoHistory } from './history.ts';
import { groups, newcomer, people } from './people.ts';

export { demoPassword, newcomer } from './people.ts';

const bots: BotPlan = {
  colleagues: [
    { sip: 'mia', manner: 'helpful' },
    { sip: 'lena', manner: 'helpful' },
    { sip: 'jonas', manner: 'brief' },
    { sip: 'amira', manner: 'silent' },
    { sip: 'tobias', manner: 'silent' },
    { sip: 'pia', manner: 'brief' },
    { sip: 'kim', manner: 'helpful' },
    { sip: 'max', manner: 'silent' },
    { sip: 'sofia', manner: 'silent' },
    { sip: 'giulia', manner: 'silent' },
    { sip: 'claire', manner: 'silent' },
    { sip: 'ben', manner: 'brief' },
    { sip: 'yael', manner: 'silent' },
    { sip: 'frontdesk', manner: 'silent' },
    { sip: 'tom', manner: 'helpful' },
  ],
  unasked: [
    {
      from: 'lena',
      afterMs: 60_000,
      lines: ['Hi Sam! The room for the review has changed: it is 3.04 now.', 'See you there? 🙂'],
    },
    { from: 'kim', afterMs: 240_000, lines: ['Table for six is booked 🍜'] },
  ],
  presence: [
    {
      sip: 'jonas',
      everyMs: 95_000,
      states: [
        { activity: '', note: '' },
        { activity: 'busy', note: 'Focus time' },
        { activity: 'away', note: 'Coffee' },
      ],
    },
    {
      sip: 'claire',
      everyMs: 140_000,
      states: [
        { activity: '', note: 'Back at my desk' },
        { activity: 'dnd', note: 'In a meeting' },
      ],
    },
  ],
};

/** The office that a newcomer sees first: Sam Keller's, in the middle of a working day. */
export function demoWorld(): World {
  return {
    name: 'demo',
    domain: 'example.com',
    users: people.map((user) => ({ ...user })),
    groups,
    history: demoHistory,
    files: demoFiles(),
    bots,
    newcomer,
    oauth2Name: 'Company account',
  };
}
