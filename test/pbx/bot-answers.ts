import type { Seeded } from './seeded.ts';

export interface Heard {
  text: string;
  /** First name of who wrote. */
  name: string;
  attachments: number;
  /** Milliseconds since 1970 UTC. */
  now: number;
  /** How many messages this person has sent to the bot so far, this one included. */
  count: number;
}

interface Rule {
  hears: RegExp;
  says: string[];
  /** For German, when the message is German. */
  sagt: string[];
}

/** What a colleague says to what; the first rule that fits wins, so the special ones come first. */
const rules: Rule[] = [
  {
    hears: /\b(what time|how late|wie sp(?:ä|ae)t|wieviel uhr|wie viel uhr)\b/i,
    says: ['It is {time} here.', '{time}, almost time for a break.'],
    sagt: ['Es ist {time}.', '{time} – fast Zeit für eine Pause.'],
  },
  {
    hears: /\b(what day|welcher tag|which day|what.s the date)\b/i,
    says: ['{weekday}, all day long 🙂'],
    sagt: ['{weekday}, den ganzen Tag 🙂'],
  },
  {
    hears: /\b(thank|thanks|thx|cheers|danke|merci|grazie|gracias)\b/i,
    says: ['You’re welcome!', 'Any time 🙂', 'No problem at all.'],
    sagt: ['Gerne!', 'Immer doch 🙂', 'Kein Problem.'],
  },
  {
    hears: /\b(bye|see you|good night|tsch(?:ü|ue)ss|bis sp(?:ä|ae)ter|bis morgen|feierabend|ciao)\b/i,
    says: ['See you!', 'Bye {name}, have a good one.'],
    sagt: ['Bis dann!', 'Tschüss {name}, mach’s gut.'],
  },
  {
    hears: /\b(how are you|how.s it going|how do you do|wie geht.?s|wie geht es|alles gut)\b/i,
    says: [
      'Good, thanks! A bit too much mail, as always. And you?',
      'Quite well, the sun helps. How about you?',
    ],
    sagt: ['Gut, danke! Nur zu viele Mails, wie immer. Und dir?', 'Ganz gut, die Sonne hilft. Und bei dir?'],
  },
  {
    hears: /\b(lunch|hungry|pizza|canteen|mittag\w*|hunger|kantine|essen)\b/i,
    says: [
      'Lunch sounds good. 12:15 at the door?',
      'I have something with me today, but I’ll join you for a coffee.',
    ],
    sagt: [
      'Mittagessen klingt gut. 12:15 an der Tür?',
      'Ich hab heute was dabei, komme aber auf einen Kaffee mit.',
    ],
  },
  {
    hears: /\b(coffee|tea|kaffee|tee|break|pause)\b/i,
    says: ['Coffee, always. Left machine, two minutes?', 'Give me ten minutes, then yes ☕'],
    sagt: ['Kaffee geht immer. Linke Maschine, in zwei Minuten?', 'Gib mir zehn Minuten, dann gerne ☕'],
  },
  {
    hears: /\b(review|meeting|appointment|call at|invite|besprechung|termin)\b/i,
    says: [
      'The review is in 3.04, at eleven. I have it in my calendar.',
      'I’m free after two, would that suit you?',
    ],
    sagt: [
      'Die Besprechung ist um elf in 3.04, steht in meinem Kalender.',
      'Ab zwei hätte ich Zeit, passt dir das?',
    ],
  },
  {
    hears: /\b(aurora|klinik|ward|station 7)\b/i,
    says: [
      'Ward 7 is up, only that one display name is missing. Tobias is on site.',
      'Aurora looks good. Amira wants to tell the customer tonight.',
    ],
    sagt: [
      'Station 7 läuft, nur der eine Anzeigename fehlt. Tobias ist vor Ort.',
      'Bei Aurora sieht alles gut aus. Amira sagt es heute noch dem Kunden.',
    ],
  },
  {
    hears: /\b(slides?|document|offer|quote|report|folien|angebot|bericht|dokument)\b/i,
    says: [
      'I’ll have a look this afternoon and write my comments into it.',
      'Is it the version in the folder, or a newer one?',
    ],
    sagt: [
      'Ich schau heute Nachmittag drüber und schreibe Kommentare rein.',
      'Ist das die Version im Ordner oder eine neuere?',
    ],
  },
  {
    hears:
      /\b(broken|doesn.t work|does not work|error|crash\w*|problem|bug|kaputt|fehler|geht nicht|st(?:ö|oe)rung)\b/i,
    says: [
      'Oh. Since when? And does it happen to others, too?',
      'Hm, what exactly do you see? A screenshot would help me.',
    ],
    sagt: [
      'Oje. Seit wann? Und haben andere das auch?',
      'Hm, was genau siehst du? Ein Screenshot würde helfen.',
    ],
  },
  {
    hears: /\b(call me|phone|ring me|ruf\w* .*an|telefon\w*)\b/i,
    says: ['I’ll call you in five minutes.', 'Still on the other line, can I call you back?'],
    sagt: ['Ich ruf dich in fünf Minuten an.', 'Bin noch im Gespräch, ich rufe zurück, ja?'],
  },
  {
    hears: /\b(joke|funny|witz)\b/i,
    says: [
      'Why did the phone wear glasses? It had lost its contacts.',
      'I would tell you one about UDP, but you might not get it.',
    ],
    sagt: ['Warum trug das Telefon eine Brille? Es hatte seine Kontakte verloren.'],
  },
  {
    hears: /\b(where|wo|wohin)\b.*\?/i,
    says: ['Third floor, I think, next to 3.04.', 'Have you looked in the shared folder?'],
    sagt: ['Dritter Stock, glaube ich, neben 3.04.', 'Hast du im gemeinsamen Ordner nachgesehen?'],
  },
  {
    hears: /\b(when|wann|until when|bis wann)\b.*\?/i,
    says: ['Tomorrow before noon, if nothing comes in between.', 'By Thursday at the latest.'],
    sagt: ['Morgen Vormittag, wenn nichts dazwischenkommt.', 'Spätestens am Donnerstag.'],
  },
  {
    hears: /\b(who|wer|wem|wen)\b.*\?/i,
    says: ['Amira should know, it’s her customer.', 'I think that is Tobias.'],
    sagt: ['Amira müsste das wissen, das ist ihr Kunde.', 'Ich glaube, das ist Tobias.'],
  },
  {
    hears: /\b(why|warum|wieso|weshalb)\b.*\?/i,
    says: [
      'Good question. Historical reasons, I’m afraid.',
      'Because the customer asked for it, if I remember correctly.',
    ],
    sagt: [
      'Gute Frage. Historische Gründe, fürchte ich.',
      'Weil der Kunde es so wollte, wenn ich mich richtig erinnere.',
    ],
  },
  {
    hears: /\b(can you|could you|would you|please|kannst du|k(?:ö|oe)nntest du|w(?:ü|ue)rdest du|bitte)\b/i,
    says: [
      'Sure, I’ll take care of it.',
      'Yes, can do. Is tomorrow early enough?',
      'Of course. Give me half an hour.',
    ],
    sagt: ['Klar, mach ich.', 'Ja, gern. Reicht morgen früh?', 'Natürlich. Gib mir eine halbe Stunde.'],
  },
  {
    hears:
      /\b(hi|hello|hey|good morning|morning|good afternoon|hallo|moin|servus|guten (?:morgen|tag)|gr(?:ü|ue)(?:ß|ss) (?:dich|gott))\b/i,
    says: ['Hi {name}! What’s up?', 'Hello {name} 🙂'],
    sagt: ['Hallo {name}! Was gibt’s?', 'Hi {name} 🙂'],
  },
  {
    hears: /^\W*(yes|yep|yeah|ok|okay|sure|fine|great|perfect|ja|jo|passt|gut|super|prima)\b.{0,20}$/i,
    says: ['Great 👍', 'Perfect, then that is settled.'],
    sagt: ['Super 👍', 'Perfekt, dann machen wir das so.'],
  },
  {
    hears: /^\W*(no|nope|not really|nein|nee)\b.{0,30}$/i,
    says: ['Okay, no worries.', 'All right, then later.'],
    sagt: ['Okay, kein Problem.', 'Alles klar, dann später.'],
  },
  {
    hears: /\?\s*$/,
    says: [
      'I’m not sure, let me find out and get back to you.',
      'I think so, but let me check that first.',
      'Hm. What makes you ask?',
    ],
    sagt: [
      'Bin nicht sicher, ich frage nach und melde mich.',
      'Ich glaube schon, aber ich prüfe das kurz.',
      'Hm. Wie kommst du darauf?',
    ],
  },
  {
    hears: /^\P{L}{1,12}$/u,
    says: ['😄', '🙂👍'],
    sagt: ['😄'],
  },
  {
    hears: /(?:)/,
    says: [
      'I see. Tell me if I can help with that.',
      'Got it, thanks for telling me.',
      'Interesting! Does Amira know already?',
      'Makes sense to me.',
    ],
    sagt: [
      'Verstehe. Sag Bescheid, wenn ich helfen kann.',
      'Alles klar, danke für die Info.',
      'Spannend! Weiß Amira das schon?',
      'Klingt vernünftig.',
    ],
  },
];

const brief: [RegExp, string[]][] = [
  [/\?\s*$/, ['Yes.', 'Later today, in a meeting.', 'Will check.']],
  [/(?:)/, ['ok', '👍', 'Thanks']],
];

const attachmentAnswers = {
  says: ['Got the file, thank you!', 'Nice, I’ll have a look at it right away.'],
  sagt: ['Datei ist da, danke!', 'Schön, schaue ich mir gleich an.'],
};

/** An answer that fits, never the same twice in a row. */
export function answerTo(
  heard: Heard,
  manner: 'helpful' | 'brief',
  last: string | undefined,
  random: Seeded,
): string {
  const german = isGerman(heard.text);
  const choices = choicesFor(heard, manner, german).map((choice) => filledIn(choice, heard, german));
  const fresh = choices.filter((choice) => choice !== last);
  return random.of(fresh.length > 0 ? fresh : choices);
}

function choicesFor(heard: Heard, manner: 'helpful' | 'brief', german: boolean): string[] {
  if (manner === 'brief') return (brief.find(([hears]) => hears.test(heard.text)) ?? brief[1])?.[1] ?? [];
  if (heard.attachments > 0) return german ? attachmentAnswers.sagt : attachmentAnswers.says;
  const rule = rules.find(({ hears }) => hears.test(heard.text));
  return (german ? rule?.sagt : rule?.says) ?? ['👍'];
}

function filledIn(choice: string, heard: Heard, german: boolean): string {
  const language = german ? 'de' : 'en-GB';
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(heard.now);
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'long' }).format(heard.now);
  return choice.replace('{name}', heard.name).replace('{time}', time).replace('{weekday}', weekday);
}

export function isGerman(text: string): boolean {
  return /[äöüß]|\b(?:ich|du|wir|nicht|und|oder|ist|das|der|die|bitte|danke|hallo|moin|wann|wer|wie|warum|kannst|hast|heute|morgen frü?h|gut(?:en)?|ja|nein)\b/i.test(
    text,
  );
}
