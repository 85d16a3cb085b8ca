// The demo PBX of `npm start`, on a free loopback port and for one run only. Prints one line of JSON once it takes
// connections, `{ login, chat }`: who the newcomer is logged in as, and the conversation to look at first. It ends with
// its standard input, so that it never outlives the program that started it.
import { demoWorld, startPbx } from '../test/pbx/index.ts';

const world = demoWorld();
const pbx = await startPbx({ world });
const user = world.users.find(({ sip }) => sip === world.newcomer);
if (user === undefined) throw new Error(`the world '${world.name}' has no newcomer`);

const login = { server: pbx.url, user: user.sip, password: user.password };
process.stdout.write(`${JSON.stringify({ login, chat: liveliestChat(user.sip) })}\n`);

async function end() {
  await pbx.close();
  process.exit(0);
}
process.stdin.on('end', end).resume();
process.on('SIGTERM', end);

/** The person with whom the newcomer has written most, of those who answer if there are any. */
function liveliestChat(own) {
  const counts = new Map();
  for (const { from, to } of world.history(Date.now())) {
    const other = from === own ? to : to === own ? from : null;
    if (other !== null) counts.set(other, (counts.get(other) ?? 0) + 1);
  }
  const answering = new Set(
    world.bots?.colleagues.filter(({ manner }) => manner === 'helpful').map(({ sip }) => sip),
  );
  const people = [...counts].sort((a, b) => b[1] - a[1]).map(([sip]) => sip);
  return people.find((sip) => answering.has(sip)) ?? people[0] ?? user.favourites?.[0];
}
