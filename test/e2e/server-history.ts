// What the Messages service has of a chat, whatever a window shows of it.
import { stringifyJson } from '../pbx/json.ts';
import type { Peer } from '../pbx/peer.ts';

/** The texts of a chat of the peer, without their elements, the oldest first. It clears what is unread there. */
export async function stored(peer: Peer, sip: string): Promise<string[]> {
  await peer.openMessages();
  const found: { text: string; at: number }[] = [];
  let older: number | undefined;
  for (;;) {
    const answers = await peer.request({
      mt: 'ReadChat',
      topic: peer.sip,
      sip,
      count: 500,
      ...(older !== undefined && { older }),
    });
    const page = answers
      .filter(({ mt }) => mt === 'ReadChatInd')
      .map(({ msg }) => JSON.parse(stringifyJson(msg ?? {})) as { text: string; timestamp: number })
      .map(({ text, timestamp }) => ({ text: text.replace(/<[^>]*>/g, ''), at: timestamp }));
    found.unshift(...page.sort((a, b) => a.at - b.at));
    if (page.length < 500) return found.map(({ text }) => text);
    older = page[0]?.at;
  }
}
