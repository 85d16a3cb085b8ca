/**
 * Short exchanges between two colleagues, A and B, one line each. Words in braces are filled in from the lists below;
 * the same word within one exchange stays the same.
 */
export const exchanges: string[] = [
  `A: Morning! Did the {customer} people call back about the {thing}?
B: Not yet. I left a message with their front desk yesterday at {time}.
A: Okay. If they don't by noon I'll try {person}, she usually picks up.
B: Good idea, her direct line is in the ticket.
A: Found it, thanks`,
  `A: Can you have a quick look at ticket {ticket}?
B: The one with the {thing}?
A: Yes. They say it happens every {weekday}, always around {time}.
B: Sounds like the backup window. I'll check the logs.
B: Confirmed: CPU goes to {percent} % for about {minutes} minutes.
A: So we move the backup?
B: Moved it to three in the night. Let's see next {weekday}.
A: You're the best`,
  `B: Hast du kurz fünf Minuten?
A: Klar, worum geht's?
B: {customer} möchte die {thing} schon am {weekday} haben statt erst nächsten Monat.
A: Puh. Wer baut das auf?
B: Ich könnte hinfahren, müsste dann aber den Termin in {city} verschieben.
A: Mach das, in {city} eilt es nicht.
B: Alles klar, ich rufe dort an`,
  `A: Are you joining the {time} call?
B: Two minutes late, the previous one is running over
A: No worries, we start with the {thing} anyway`,
  `B: The new firmware is on the test PBX.
A: Nice! Anything that I should look at first?
B: The {thing}. And please keep an eye on memory, build {ticket} had a leak.
A: Will do. I'll let it run over {weekday}.
B: 👍`,
  `A: Do we still have one of the {thing} in stock?
B: Let me look
B: {count} in the cabinet in {city}, one of them with a scratched display
A: Please put one aside for {customer}
B: The scratched one? 😄
A: Very funny`,
  `A: Kommst du am {weekday} ins Büro?
B: Ja, ab {time}. Soll ich was mitbringen?
A: Die {thing} wären gut, wenn du sie noch hast.
B: Liegen schon im Auto`,
  `B: {customer} just asked if the contract includes weekends.
A: It does not. Mon to Fri, eight to six.
B: That's what I told them. They will want a quote.
A: I'll prepare one with {percent} % on top and you have a look before it goes out?
B: Perfect, send it over
A: Sent. Page three has the numbers
B: Looks good to me. I'd only drop the second paragraph.
A: Done and out. Thanks for the quick look!`,
  `A: Lunch?
B: Give me {minutes} minutes`,
  `A: Who was on call last {weekday}?
B: {person}. Why?
A: There is a note in {ticket} that I cannot read the sense of.
B: Let me guess: "it works now"
A: Word for word.`,
  `B: I'm at {customer} and the cabinet is locked. Who has the key?
A: The janitor, ask at the front desk for {person}.
B: Got it. He says hello by the way.
A: 😊 Tell him the same`,
  `A: Der Druck der Visitenkarten ist fertig, deine liegen am Empfang.
B: Super, danke! Ist der Tippfehler in der Adresse raus?
A: Ja, Straße jetzt mit ß :)
B: Na endlich`,
  `B: Question about the numbering plan in {city}: do we keep the {count} old extensions?
A: Keep them until the end of the quarter. After that they all move to three digits.
B: Then I'll add a note to the plan, otherwise somebody deletes them early.
A: Thanks. Happened in {city} before…
B: I remember. I was the one who put them back.`,
  `A: Heads up: maintenance on the trunk tonight, {time} to midnight.
B: Does {customer} know?
A: They got the mail on {weekday}. I'll call them once more in the afternoon.
B: Good. I'll be reachable on mobile if anything goes wrong.
A: All done, twenty minutes early. No complaints.
B: 🎉`,
  `B: I tested the {thing} with {count} parallel calls, no losses.
A: And with video?
B: Starts to stutter at {percent} % bandwidth. Expected, I'd say.
A: Write that down please, they will ask.`,
  `A: How was the training?
B: Good group, {count} people. Many questions about {thing}, we ran out of time for the last chapter.
A: Offer them a second date?
B: Already did, {weekday} in two weeks.`,
  `A: Kannst du bitte die Rechnung {ticket} freigeben?
B: Der Betrag stimmt nicht, da fehlt der Rabatt von {percent} %.
A: Stimmt, du hast recht. Ich lasse sie neu ausstellen.
B: Danke! Dann geb ich sie gleich frei`,
  `B: Our demo in {city} moved to {time}.
A: Same day?
B: Yes, still {weekday}.
A: Fine with me. I bring the {thing}.`,
  `A: The headset that you recommended has arrived. Sound is great
B: Told you. Charge it fully before the first long call, the battery display lies at first
A: Noted`,
  `B: Is it only me or is the ticket system slow today?
A: Slow here as well. Status page says they're on it since {time}.
B: Then it's time for coffee
A: Meet you there in {minutes}`,
  `A: {person} from {customer} wants to know whether messages are kept when the other side is offline.
B: With a licence, yes. They get them as soon as they log in.
A: And on the phone, too?
B: Same. It is all one history.
A: Great, that was the last open question.`,
  `A: Reminder: time sheets by {weekday} evening
B: Done this time!
A: Wow
B: I know, right`,
  `B: Ich hab für {customer} noch mal nachgerechnet: {count} Geräte, {minutes} Minuten pro Gerät.
A: Also ein ganzer Tag zu zweit.
B: Genau. {weekday} würde gehen.
A: Trag uns beide ein, ich bringe die {thing} mit.`,
  `A: They signed!! {customer} is on board
B: Congratulations! All {count} seats?
A: All of them, plus the {thing} as an option.
B: Cake on {weekday} then 🍰`,
  `B: Do you remember how we solved the one-way audio at {customer}?
A: Asymmetric route. Their second firewall answered from another interface.
B: Ah, right. Same picture here, I bet.
B: Yep. It was exactly that.`,
  `A: I'll be out from {time} today, dentist
B: Good luck! Anything that I should take over?
A: Only {ticket}, in case they call. Everything is in the notes.
B: Got it`,
];

export const fillings: Record<string, string[]> = {
  customer: [
    'Lindner',
    'Hotel Seeblick',
    'Klinik Nord',
    'Stadtwerke',
    'Baumann & Söhne',
    'Fjord Logistics',
    'the school',
    'Alpenblick',
    'Novatec',
  ],
  thing: [
    'conference phone',
    'call forwarding',
    'headsets',
    'door intercom',
    'recording',
    'fax gateway',
    'DECT base',
    'voicemail',
    'spare power supply',
    'licences',
  ],
  person: ['Frau Sommer', 'Daniel', 'Ms Ito', 'Katrin', 'Paul', 'Mrs Jensen', 'Luca'],
  city: ['Stuttgart', 'Verona', 'Linz', 'Hamburg', 'Augsburg', 'Basel', 'Oslo'],
  weekday: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
  time: ['half past eight', '9:15', '10 o’clock', '13:30', 'three', '16:45'],
};

export const weekdaysGerman: Record<string, string> = {
  Monday: 'Montag',
  Tuesday: 'Dienstag',
  Wednesday: 'Mittwoch',
  Thursday: 'Donnerstag',
  Friday: 'Freitag',
};

export const thingsGerman: Record<string, string> = {
  'conference phone': 'Konferenztelefone',
  'call forwarding': 'Rufumleitungen',
  headsets: 'Headsets',
  'door intercom': 'Türsprechstellen',
  recording: 'Mitschnitte',
  'fax gateway': 'Faxgateways',
  'DECT base': 'DECT-Basen',
  voicemail: 'Anrufbeantworter',
  'spare power supply': 'Ersatznetzteile',
  licences: 'Lizenzen',
};

export const timesGerman: Record<string, string> = {
  'half past eight': 'halb neun',
  '9:15': '9:15 Uhr',
  '10 o’clock': 'zehn Uhr',
  '13:30': '13:30 Uhr',
  three: 'drei',
  '16:45': '16:45 Uhr',
};
