import type { WorldGroup, WorldUser } from '../../world.ts';

/** The password of everybody in the demo world. */
export const demoPassword = 'demo';

/** Who a newcomer is. */
export const newcomer = 'sam';

function person(sip: string, dn: string, num: string, more: Partial<WorldUser> = {}): WorldUser {
  return { sip, dn, num, password: demoPassword, licensed: true, chat: true, ...more };
}

const favourites = ['mia', 'jonas', 'lena', 'amira', 'max', 'raj', 'tom'];

export const people: WorldUser[] = [
  person('sam', 'Sam Keller', '20', { favourites, about: 'start with this one' }),
  person('mia', 'Mia Brandt', '21', { favourites: ['sam', 'lena'], about: 'types and answers' }),
  person('lena', 'Lena Hoffmann', '22', {
    note: 'At my desk until four',
    about: 'writes by herself after a minute',
  }),
  person('jonas', 'Jonas Weber', '23', { activity: 'busy', note: 'Focus time', about: 'answers briefly' }),
  person('amira', 'Amira Haddad', '24', { calendar: 'Customer visit in Augsburg' }),
  person('raj', 'Rajesh Venkataraman', '25', { activity: 'away', note: 'Back on Thursday' }),
  person('petra', 'Petra Klein', '26', { note: 'Montags und freitags nicht im Haus', about: 'offline' }),
  person('tobias', 'Tobias Lang', '27', { activity: 'dnd', note: 'In the server room' }),
  person('pia', 'Pia Neumann', '28'),
  person('henrik', 'Henrik Olsen', '29', { about: 'offline' }),
  person('kim', 'Kim 🌻', '30'),
  person('yael', 'יעל לוי', '32', { note: 'בבית היום' }),
  person('omar', 'عمر الخطيب', '33', { about: 'offline' }),
  person('max', 'Dr. Maximiliane Freifrau von Hohenstein-Oberndorff zu Rosenberg', '34', {
    email: 'maximiliane.von.hohenstein-oberndorff@example.com',
  }),
  person('sofia', 'Sofía Martínez', '35', { onThePhone: true }),
  person('giulia', 'Giulia Ferrari', '36'),
  person('claire', 'Claire Dubois', '37', { activity: 'away', note: 'Lunch' }),
  person('ben', 'Ben Carter', '38'),
  person('nina', 'Nina Schäfer', '39', { about: 'offline' }),
  person('frontdesk', 'Front desk', '10'),
  person('tom', 'Tom Fischer', '40', { licensed: false, about: 'no licence: nothing is stored' }),
  person('jule', 'Jule Berger', '41', { licensed: false, about: 'no licence, offline' }),
  person('vera', 'Vera Schmitt', '42', { chat: false, about: 'cannot log in to the chat' }),
];

export const groups: WorldGroup[] = [
  {
    sip: 'grp-aurora',
    dn: 'Project Aurora',
    members: ['sam', 'mia', 'jonas', 'amira', 'raj', 'tobias'],
    admins: ['amira'],
  },
  {
    sip: 'grp-lunch',
    dn: 'Lunch 🍜',
    members: ['sam', 'mia', 'lena', 'kim', 'ben', 'pia'],
    admins: ['kim', 'sam'],
  },
  {
    sip: 'grp-support',
    dn: 'Support Niederlassung München und Oberbayern (Rufbereitschaft)',
    members: ['sam', 'petra', 'tobias', 'nina', 'jonas'],
    admins: ['petra'],
  },
  {
    sip: 'grp-release',
    dn: 'Release 14',
    members: ['sam', 'jonas', 'raj', 'ben', 'max', 'claire'],
    admins: ['max'],
  },
];
