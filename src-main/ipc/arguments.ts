// What the window may say, to the letter. The window shows what strangers wrote, so an argument is believed only
// after this check, and its size is bounded before anything works on it.
import * as v from 'valibot';
import type { CommandArgument, CommandName, DiscussionId, DroppedFile } from './contract.ts';
import { autostartSchema, preferenceSchemas } from './preferences.ts';

/** Sizes in UTF-16 units. */
export const limits = {
  html: 1_000_000,
  address: 1000,
  url: 8192,
  credential: 1000,
  id: 2000,
  note: 2000,
  description: 20_000,
  path: 32_768,
  name: 1000,
  /** Files in one drop, and bytes of those that come as bytes: pictures of the clipboard. */
  files: 50,
  pasted: 50 * 1024 * 1024,
  groupName: 1000,
  /** Changes of members in one go. */
  members: 1000,
  settingName: 100,
  /** One text of a setting, and how many a list has. */
  setting: 32_768,
  settingList: 100,
  /** Discussions on one screen. */
  visible: 1000,
};

const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
const id = text(limits.id);
const html = text(limits.html);

const schemas: { [N in CommandName]: v.GenericSchema<unknown, CommandArgument<N>> } = {
  snapshot: v.undefined(),
  login: v.strictObject({
    server: text(limits.address),
    user: text(limits.credential),
    password: text(limits.credential),
    remember: v.boolean(),
  }),
  cancelLogin: v.undefined(),
  logout: v.undefined(),
  reconnect: v.undefined(),
  openDiscussion: v.strictObject({ discussion: id }),
  closeDiscussion: v.undefined(),
  reading: v.strictObject({ discussion: v.nullable(id), inputFocused: v.boolean() }),
  loadOlder: v.strictObject({ discussion: id }),
  send: v.strictObject({ discussion: id, html }),
  resend: v.strictObject({ message: id }),
  discard: v.strictObject({ message: id }),
  stopSending: v.strictObject({ message: id }),
  attach: v.strictObject({ discussion: id }),
  removeUpload: v.strictObject({ upload: id }),
  retryUpload: v.strictObject({ upload: id }),
  inspectAttachment: v.strictObject({ attachment: id }),
  saveAttachment: v.strictObject({ attachment: id, choose: v.boolean(), confirmed: v.boolean() }),
  cancelSave: v.strictObject({ attachment: id }),
  openSaved: v.strictObject({ attachment: id, confirmed: v.boolean() }),
  showSaved: v.strictObject({ attachment: id }),
  chooseDownloadFolder: v.undefined(),
  editMessage: v.strictObject({ message: id, html }),
  deleteMessage: v.strictObject({ message: id }),
  keepMessage: v.strictObject({ message: id }),
  typing: v.strictObject({ discussion: id, typing: v.boolean() }),
  draft: v.strictObject({ discussion: id, html }),
  editing: v.strictObject({ discussion: id, edit: v.nullable(v.strictObject({ message: id, html })) }),
  startChat: v.strictObject({ address: text(limits.address) }),
  findPerson: v.strictObject({ address: text(limits.address) }),
  saveGroup: v.strictObject({
    discussion: v.nullable(id),
    name: text(limits.groupName),
    members: v.pipe(
      v.array(
        v.strictObject({
          sip: id,
          name: text(limits.id),
          change: v.picklist(['member', 'admin', 'remove']),
        }),
      ),
      v.maxLength(limits.members),
    ),
  }),
  deleteGroup: v.strictObject({ discussion: id }),
  hideGroup: v.strictObject({ discussion: id }),
  readMembers: v.strictObject({ discussion: id }),
  watchPresence: v.strictObject({ discussions: v.pipe(v.array(id), v.maxLength(limits.visible)) }),
  setOwnPresence: v.strictObject({
    activity: v.picklist(['', 'away', 'busy', 'dnd']),
    note: text(limits.note),
  }),
  // Absent and `undefined` are the same: a changed preference is one that has a value.
  setPreferences: v.pipe(
    v.partial(v.strictObject(preferenceSchemas)),
    v.transform(
      (given) =>
        Object.fromEntries(
          Object.entries(given).filter(([, value]) => value !== undefined),
        ) as CommandArgument<'setPreferences'>,
    ),
  ),
  proxyLogin: v.strictObject({
    user: text(limits.credential),
    password: text(limits.credential),
    remember: v.boolean(),
  }),
  dismissProxy: v.undefined(),
  setAutostart: v.strictObject({ mode: autostartSchema }),
  mute: v.strictObject({ until: v.picklist(['hour', 'tomorrow', 'never']) }),
  settings: v.undefined(),
  setSetting: v.strictObject({
    name: text(limits.settingName),
    value: v.nullable(
      v.union([
        v.boolean(),
        v.pipe(v.number(), v.finite()),
        text(limits.setting),
        v.pipe(v.array(text(limits.setting)), v.maxLength(limits.settingList)),
      ]),
    ),
  }),
  openPlace: v.strictObject({ place: v.picklist(['logs', 'profile', 'licences']) }),
  connectAnew: v.undefined(),
  dismissNotice: v.strictObject({ id }),
  prepareReport: v.undefined(),
  saveReport: v.strictObject({ description: text(limits.description) }),
  showReport: v.undefined(),
  checkForUpdates: v.undefined(),
  installUpdate: v.undefined(),
  openLink: v.strictObject({ url: text(limits.url) }),
  painted: v.strictObject({
    discussion: v.nullable(id),
    messages: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
};

export function isCommand(name: unknown): name is CommandName {
  return typeof name === 'string' && Object.hasOwn(schemas, name);
}

const dropped = v.strictObject({
  discussion: id,
  files: v.pipe(
    v.array(
      v.union([
        v.strictObject({ path: v.pipe(text(limits.path), v.nonEmpty()) }),
        v.strictObject({
          name: text(limits.name),
          bytes: v.pipe(
            v.instance(Uint8Array<ArrayBufferLike>),
            v.check((bytes) => bytes.length <= limits.pasted),
          ),
        }),
      ]),
    ),
    v.maxLength(limits.files),
  ),
});

/** What the preload script hands over of a drop or a paste; null: it is not that. Never throws. */
export function checkDropped(argument: unknown): { discussion: DiscussionId; files: DroppedFile[] } | null {
  const result = v.safeParse(dropped, argument);
  return result.success ? result.output : null;
}

export type Checked<N extends CommandName> =
  | { ok: true; value: CommandArgument<N> }
  /** `problem` names the place and the expectation, never the value: it may be a password. */
  | { ok: false; problem: string };

/** Checks the argument of a command. Never throws. */
export function checkArgument<N extends CommandName>(name: N, argument: unknown): Checked<N> {
  const result = v.safeParse(schemas[name], argument);
  if (result.success) return { ok: true, value: result.output as CommandArgument<N> };
  const [issue] = result.issues;
  const place = v.getDotPath(issue) ?? 'argument';
  return { ok: false, problem: `${place} is not ${issue.expected ?? issue.type}` };
}
