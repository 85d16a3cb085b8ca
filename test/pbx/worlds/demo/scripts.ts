/**
 * What has been said, discussion by discussion. One line is: working days ago, time of day, who, text. A text may name
 * files in brackets at its end and start with '!' when the newcomer has not read it. Day 0 is today: there the time is
 * minutes ago.
 */
export interface Script {
  /** The other person, or a group. */
  with: string;
  lines: string;
}

export const scripts: Script[] = [
  {
    with: 'mia',
    lines: `41 09:12 mia Welcome to the team, Sam! 🎉 I'm two doors down, in case you need anything.
41 09:15 sam Thank you! First question: where is the good coffee?
41 09:15 mia Second floor, left machine. Never the right one.
41 09:16 sam 😂 noted
33 14:02 mia Do you have the address of the new office in Verona?
33 14:09 sam Via Roma 12, third floor. The bell says "Ferrari".
33 14:10 mia Grazie!
20 10:30 sam Could you look over my slides for Thursday? Mostly the part about presence.
20 10:48 mia Sure. Send them over
20 10:49 sam Here they are [slides-presence.pdf]
20 11:31 mia Really nice. Two things:<ul><li>slide 4: the colours are hard to tell apart</li><li>slide 9: say <b>who</b> sees the note</li></ul>
20 11:33 sam Very good points, fixed both
12 16:20 mia Kurze Frage: heißt es bei uns „Gruppe“ oder „Raum“?
12 16:24 sam Gruppe. „Raum“ haben wir letztes Jahr abgeschafft.
12 16:24 mia Danke, dann ändere ich das in der Anleitung
5 08:55 mia This is how the new reception looks, I love the light [reception.png]
5 09:01 sam Wow, that came out well
5 09:02 sam And the plant survived!
2 15:40 mia Customer day is on. 34 have registered so far.
2 15:44 sam That's more than last year, isn't it?
2 15:45 mia By ten! I booked the large room.
0 52 mia !Good morning! Are you coming to the review at eleven?
0 50 mia !I would like to show the new start page, if we have five minutes left`,
  },
  {
    with: 'lena',
    lines: `28 11:00 lena Hi Sam, HR here. Could you send me the signed form when you find a minute?
28 11:21 sam Of course: [form-signed.pdf]
28 11:22 lena Perfect, that was quick
9 13:30 lena Do you want to keep Thursday as your home office day?
9 13:41 sam Yes please
9 13:42 lena Noted
3 17:05 lena The shuttle to the customer day leaves at 7:40 from the car park, not 8:00!
3 17:06 sam Ouch. Thanks for telling me 🙏`,
  },
  {
    with: 'amira',
    lines: `30 09:40 amira Lindner asked for a second site. I put the draft in the folder.
30 09:52 sam Is that the one with the 60 phones?
30 09:53 amira 80 by now. They keep growing
30 10:04 sam Then we need the bigger licence. I'll check the price.
30 11:30 sam Checked: it is a bit over <b>4,100</b>, with the maintenance.
30 11:31 amira They expected five. Very good.
16 15:00 amira Verschiebe bitte unseren Termin auf 16 Uhr, ich stehe im Stau.
16 15:01 sam Kein Problem, fahr vorsichtig
16 15:02 amira 🚗🚗🚗🐌
6 10:10 amira The numbers for September, before I forget [numbers-september.csv]
6 10:20 sam Thanks! Who gets these besides me?
6 10:21 amira Only Max and you, please don't pass them on
1 17:30 amira I'm at the customer tomorrow, call me on the mobile if Aurora burns`,
  },
  {
    with: 'raj',
    lines: `38 10:00 raj Hello Sam, the build server has a new address, please update your bookmark.
38 10:05 sam Done, thank you
25 12:00 raj Did you see the crash report from Oslo?
25 12:14 sam Yes. It is the same stack as in spring, I think:<br><code>at Call.release (call.c:412)</code>
25 12:15 raj Exactly that line. I'll take it.
24 09:30 raj Fixed. A release was handled twice when both ends hung up in the same moment.
24 09:31 sam Beautiful. Will it be in 14?
24 09:32 raj Already is
0 95 raj !I am back on Thursday, but one thing cannot wait:
0 94 raj !please do <b>not</b> roll out build 1400031 anywhere. The upgrade forgets the time zone.
0 93 raj !1400032 is fine.`,
  },
  {
    with: 'petra',
    lines: `35 08:20 petra Guten Morgen, wer übernimmt nächste Woche die Rufbereitschaft?
35 08:41 sam Ich, wenn Nina dafür die Woche danach macht.
35 08:43 petra Abgemacht, ich trage es so ein.
14 18:02 petra Nachtrag zum Ticket 48113: Der Kunde war sehr zufrieden, ausdrücklich auch mit der Nachbereitung. Danke!
14 18:10 sam Das freut mich, gebe ich weiter
1 16:55 petra !Denkst du bitte an die Übergabe am Freitag? Die Liste hängt an. [uebergabe.txt]`,
  },
  {
    with: 'tobias',
    lines: `22 14:00 sam Tobias, could you send me the cut-over plan for the data centre? In the chat is fine.
22 14:25 tobias {plan}
22 14:31 sam That is… thorough. Thank you!
22 14:32 tobias You did say in the chat is fine
8 09:00 tobias Server room is 24 °C again. I ordered a new fan.
8 09:10 sam Thanks. Tell me if you need an approval`,
  },
  {
    with: 'pia',
    lines: `18 13:00 sam Can I change our slot to Tuesday, 10:00, room 3.04, and bring Ben along?
18 13:07 pia k
7 13:00 sam Is it okay if we do it without slides?
7 13:01 pia y
7 13:01 sam You are my favourite correspondent
7 13:02 pia ❤️`,
  },
  {
    with: 'kim',
    lines: `27 12:00 kim 🌻
27 12:02 sam 🌻🌻
13 12:30 kim Who votes for Thai on Friday?
13 12:31 sam 🙋
13 12:31 kim 😍
2 11:58 kim 🎂`,
  },
  {
    with: 'yael',
    lines: `19 10:00 yael שלום סם, המסמכים מוכנים. אשלח אותם עד 17:30 היום.
19 10:12 sam Thank you! English or Hebrew?
19 10:13 yael Both :) גם בעברית וגם באנגלית
4 09:05 yael הפגישה מחר ב־10:00 (Room 3.04), נכון?
4 09:20 sam Yes, see you there`,
  },
  {
    with: 'omar',
    lines: `23 11:11 omar مرحباً سام، هل وصلت الأجهزة؟
23 11:40 sam All twelve of them, thank you
23 11:41 omar ممتاز 👍 رقم الشحنة 774-10`,
  },
  {
    with: 'max',
    lines: `32 08:00 max Dear Sam, would you be so kind as to prepare two pages on the chat migration for the board?
32 08:30 sam With pleasure. Until when?
32 08:31 max The Monday after next.
23 17:00 sam Here it is, two pages and a half [chat-migration.pdf]
23 17:45 max Excellent. I have taken the liberty of cutting the half.
3 10:00 max The board has agreed. Congratulations to all of you!
3 10:01 sam 🎉 That is great news, I'll tell the team`,
  },
  {
    with: 'giulia',
    lines: `17 15:15 giulia Ciao Sam! Puoi chiamarmi domani mattina?
17 15:30 sam Sure, at nine?
17 15:31 giulia Perfetto
10 10:00 giulia The Verona line has been stable for a week now. Grazie mille!`,
  },
  {
    with: 'claire',
    lines: `15 11:20 claire Salut! Is the French text in the release notes final?
15 11:25 sam Almost. "Boîte vocale" or "messagerie vocale"?
15 11:26 claire « Messagerie vocale », toujours !
15 11:27 sam Merci`,
  },
  {
    with: 'sofia',
    lines: `11 12:00 sofia ¿Tienes un minuto? The intercom at the gate rings in Madrid.
11 12:02 sam Haha, really?
11 12:02 sofia Really. A very polite parcel driver, too.
11 12:30 sam Fixed, wrong entry in the call list. Lo siento!`,
  },
  {
    with: 'ben',
    lines: `21 16:00 ben Is there a way to see who has read a message?
21 16:05 sam No, and I like it that way :)
21 16:06 ben Fair
1 11:00 ben Found a thing: paste this into the search and it stays empty: <code>&lt;b&gt;hello&lt;/b&gt; &amp; more</code>
1 11:08 sam Looks fine here. Which version?
1 11:09 ben Ah. The old one. Sorry for the noise`,
  },
  {
    with: 'henrik',
    lines: `36 09:00 henrik God morgen! The pallets for Oslo left yesterday.
36 09:10 sam Takk :)
26 14:14 henrik All here, nothing broken.`,
  },
  {
    with: 'frontdesk',
    lines: `6 10:45 frontdesk Your visitor, Ms Ito, is at the front desk.
6 10:46 sam On my way, two minutes
1 15:10 frontdesk There is a parcel for you.`,
  },
  {
    with: 'service@partner.example',
    lines: `29 10:00 sam Hello, who would be the contact for the gate intercom?
29 13:20 service@partner.example Good afternoon, that is the night shift: please write to this address after 20:00.`,
  },
  {
    with: 'grp-aurora',
    lines: `40 10:00 amira Welcome to Project Aurora everybody! Goal: Klinik Nord on the new PBX by the end of the quarter.
40 10:01 jonas 🚀
40 10:03 tobias Rack is mounted, power and network are in.
40 10:05 sam I'll write the plan for the wards this week
39 16:00 sam First version of the ward plan [ward-plan.csv]
39 16:20 mia Ward 7 has two kitchens, one is missing
39 16:24 sam Fixed, thanks
31 09:00 amira Steering meeting went well. They liked the chat most of all.
31 09:02 raj Of course they did 😎
21 08:00 tobias Maintenance tonight from 22:00. The old PBX stays on as a fallback.
20 07:10 tobias All done at 01:20. No incidents.
20 07:30 amira 👏👏👏
10 11:00 jonas Load test: 400 calls, 0 lost. Memory flat.
10 11:02 amira Love it. Screenshot for the customer?
10 11:05 jonas [load-test.png]
1 14:00 amira Ward 7 moves tomorrow morning. Who is on site?
1 14:03 sam Me, from 7:30
1 14:04 tobias Me too
0 80 tobias !On site. Ward 7 is up, all 14 phones registered.
0 71 jonas !Calls look good from here
0 70 jonas !One phone in the kitchen has no display name, though
0 64 amira !@Sam can you fix the name? The head nurse noticed it as well…
0 40 mia !The sister from ward 7 says thank you for the quiet ringing at night :)`,
  },
  {
    with: 'grp-lunch',
    lines: `37 11:30 kim Pizza or Thai?
37 11:31 ben Thai
37 11:31 mia Thai!
37 11:33 pia p
37 11:34 kim Thai it is
15 11:40 lena The canteen has Kaiserschmarrn today. I repeat: Kaiserschmarrn.
15 11:41 sam Leaving now
15 11:41 mia Already in the queue
3 11:45 kim Does anybody want to try the new ramen place?
3 11:50 ben In!
3 11:51 sam Me too
0 25 kim !Ramen again? 🍜 12:15 at the door`,
  },
  {
    with: 'grp-support',
    lines: `34 08:00 petra Plan für die Rufbereitschaft: KW gerade Sam und Nina, KW ungerade Tobias und Jonas.
34 08:10 nina Passt
34 08:12 jonas Passt mir auch
12 22:14 nina Stadtwerke: Zentrale nicht erreichbar. Ich bin dran.
12 22:31 nina Wieder da, ein Netzteil war ausgefallen. Ersatz liegt im Schrank.
12 22:32 petra Danke dir, schlaf gut!
4 17:00 tobias Übergabe: keine offenen Störungen. Das Wochenende kann kommen.`,
  },
  {
    with: 'grp-release',
    lines: `26 10:00 max The release date of version 14 is confirmed.
26 10:05 raj Code freeze is on Wednesday then
26 10:06 claire Translations will be ready on Tuesday evening
26 10:07 ben And the test plan is at 92 %
11 09:00 raj Freeze.
11 09:01 ben ❄️
5 15:00 jonas Release candidate 2 is on the test system
5 15:30 claire French and Italian checked, all fine
2 16:00 max I have signed it. Thank you, all of you.`,
  },
  {
    with: 'nina',
    lines: `8 07:45 nina Guten Morgen! Tauschen wir am Dienstag?
8 07:58 sam Gern, ich nehme deine Spätschicht
8 07:59 nina 🙏`,
  },
];

export function cutOverPlan(): string {
  const steps = [
    'announce the window to every ward and to the front desk, and put the printed notice at both entrances',
    'export the configuration of the old PBX, copy it to the share, and check that the copy opens',
    'confirm with the carrier that both trunks stay up and that the numbers can be moved back within ten minutes',
    'register two test phones per ward on the new PBX and call them from outside, from inside, and from the lift',
    'move the numbers of one ward, wait five minutes, look at the call list, and only then continue with the next',
    'walk through the ward and ask one person on each corridor to make a call; write down what they say in their words',
    'compare the alarm server before and after, including the silent alarms, together with the technician on duty',
    'switch the voicemail, leave one message in every box that belongs to a doctor on call, and listen to it',
    'check the emergency numbers from a phone of each kind: desk, DECT, and the one in the lift',
    'keep the old PBX running and connected for two weeks, without numbers, as a way back',
  ];
  const blocks: string[] = ['<p><b>Cut-over plan, data centre and wards</b></p>'];
  let round = 1;
  while (blocks.join('').length < 5200) {
    const items = steps.map(
      (step, index) =>
        `<li>${String(8 + Math.floor(index / 2)).padStart(2, '0')}:${index % 2 === 0 ? '00' : '30'} ${step}</li>`,
    );
    blocks.push(`<p>Night ${round}, wards ${round * 2 - 1} and ${round * 2}:</p><ol>${items.join('')}</ol>`);
    round += 1;
  }
  return blocks.join('');
}
