// Writes assets/policies: examples for administrators, with every setting in them that there is. Run it when a setting
// comes or goes (`node scripts/policies.ts`); a test compares what is there with what this writes.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import en from '../assets/translations/en.json' with { type: 'json' };
import { otherFields, ownFields, type Field, type Fields } from '../src-main/disk/named-settings.ts';
import { wireSettings } from '../src-main/pbx/index.ts';

export const directory = path.resolve(import.meta.dirname, '../assets/policies');
const fields: Fields = { ...ownFields, ...otherFields('pbx', wireSettings) };

/** What an example gives a setting: its default, or where that is empty what one would write there. */
const examples: Readonly<Record<string, string>> = { server: 'pbx.example.com' };
const exampleOf = (name: string, field: Field) => examples[name] ?? field.initial;

const words: Readonly<Record<string, unknown>> = en;
const word = (key: string, otherwise: string): string => {
  const text = words[key];
  return typeof text === 'string' ? text : otherwise;
};

const escape = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

function json(): string {
  const recommended = Object.entries(fields)
    .filter(([name]) => name !== 'server')
    .map(([name, field]) => [name, exampleOf(name, field)]);
  const content = { locked: { server: examples['server'] }, recommended: Object.fromEntries(recommended) };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function plist(): string {
  const value = (given: unknown): string => {
    if (typeof given === 'boolean') return given ? '<true/>' : '<false/>';
    if (typeof given === 'number') return `<integer>${given}</integer>`;
    if (!Array.isArray(given)) return `<string>${escape(String(given))}</string>`;
    return `<array>${given.map((one) => `<string>${escape(String(one))}</string>`).join('')}</array>`;
  };
  const lines = (names: string[]) =>
    names.flatMap((name) => {
      const field = fields[name];
      return field ? [`    <key>${name}</key>`, `    ${value(exampleOf(name, field))}`] : [];
    });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    '  <key>locked</key>',
    '  <dict>',
    ...lines(['server']),
    '  </dict>',
    '  <key>recommended</key>',
    '  <dict>',
    ...lines(Object.keys(fields).filter((name) => name !== 'server')),
    '  </dict>',
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

const parts = ['Locked', 'Recommended'] as const;
const idOf = (name: string, part: string) => `${part}_${name.replace(/\W/g, '_')}`;

/** The registry has neither booleans nor numbers that do not fit into 64 bits. */
function admx(): string {
  const policy = (name: string, field: Field, part: string): string[] => {
    const id = idOf(name, part);
    const head = `    <policy name="${id}" class="Machine" displayName="$(string.${id})" explainText="$(string.${idOf(name, 'Help')})"`;
    const place = `key="Software\\Policies\\PBX Chat\\${part}"`;
    const tail = ['    </policy>'];
    const about = [
      `      <parentCategory ref="${part}" />`,
      '      <supportedOn ref="windows:SUPPORTED_Windows_10_0" />',
    ];
    if (field.kind === 'switch') {
      const states = ['enabled', 'disabled'].map(
        (state, i) => `      <${state}Value><decimal value="${1 - i}" /></${state}Value>`,
      );
      return [`${head} ${place} valueName="${name}">`, ...about, ...states, ...tail];
    }
    return [
      `${head} ${place} presentation="$(presentation.${id})">`,
      ...about,
      '      <elements>',
      ...element(name, field).map((line) => `        ${line}`),
      '      </elements>',
      ...tail,
    ];
  };
  const element = (name: string, field: Field): string[] => {
    const attributes = `id="value" valueName="${name}"`;
    if (field.kind === 'list') return [`<multiText ${attributes} />`];
    if (field.kind === 'choice') {
      const items = (field.options ?? []).map(
        (option) =>
          `  <item displayName="$(string.${idOf(`${name}.${option}`, 'Option')})"><value><string>${option}</string></value></item>`,
      );
      return [`<enum ${attributes} required="true">`, ...items, '</enum>'];
    }
    if (field.kind === 'text') return [`<text ${attributes} />`];
    const { min, max } = field.range ?? { min: 0, max: 2 ** 31 };
    const tag = max < 2 ** 32 ? 'decimal' : 'longDecimal';
    return [`<${tag} ${attributes} minValue="${min}" maxValue="${max}" required="true" />`];
  };
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<policyDefinitions xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions" revision="1.0" schemaVersion="1.0">',
    '  <policyNamespaces>',
    '    <target prefix="pbxchat" namespace="PbxChat.Policies" />',
    '    <using prefix="windows" namespace="Microsoft.Policies.Windows" />',
    '  </policyNamespaces>',
    '  <resources minRequiredRevision="1.0" />',
    '  <categories>',
    '    <category name="PbxChat" displayName="$(string.PbxChat)" />',
    ...parts.flatMap((part) => [
      `    <category name="${part}" displayName="$(string.${part})">`,
      '      <parentCategory ref="PbxChat" />',
      '    </category>',
    ]),
    '  </categories>',
    '  <policies>',
    ...parts.flatMap((part) => Object.entries(fields).flatMap(([name, field]) => policy(name, field, part))),
    '  </policies>',
    '</policyDefinitions>',
    '',
  ].join('\n');
}

function adml(): string {
  const text = (id: string, value: string) => `      <string id="${id}">${escape(value)}</string>`;
  const label = (name: string) => word(`setting.${name}`, name);
  const strings = [
    text('PbxChat', word('app.name', 'PBX Chat')),
    text('Locked', 'Locked: nobody can change them'),
    text('Recommended', 'Recommended: until somebody chooses'),
    ...Object.entries(fields).flatMap(([name, field]) => [
      ...parts.map((part) => text(idOf(name, part), label(name))),
      text(idOf(name, 'Help'), word(`setting.${name}.hint`, label(name))),
      ...(field.kind === 'choice' ? (field.options ?? []) : []).map((option) =>
        text(idOf(`${name}.${option}`, 'Option'), word(`setting.${name}.${option}`, option)),
      ),
    ]),
  ];
  const control = (name: string, { kind }: Field): string => {
    const written = escape(label(name));
    if (kind === 'choice') return `<dropdownList refId="value">${written}</dropdownList>`;
    if (kind === 'list') return `<multiTextBox refId="value">${written}</multiTextBox>`;
    if (kind === 'text') return `<textBox refId="value"><label>${written}</label></textBox>`;
    const { max } = fields[name]?.range ?? { max: 2 ** 31 };
    const tag = max < 2 ** 32 ? 'decimalTextBox' : 'longDecimalTextBox';
    return `<${tag} refId="value">${written}</${tag}>`;
  };
  const presentations = parts.flatMap((part) =>
    Object.entries(fields)
      .filter(([, { kind }]) => kind !== 'switch')
      .map(
        ([name, field]) =>
          `      <presentation id="${idOf(name, part)}">${control(name, field)}</presentation>`,
      ),
  );
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<policyDefinitionResources xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions" revision="1.0" schemaVersion="1.0">',
    '  <displayName>PBX Chat</displayName>',
    '  <description>Settings of PBX Chat</description>',
    '  <resources>',
    '    <stringTable>',
    ...strings,
    '    </stringTable>',
    '    <presentationTable>',
    ...presentations,
    '    </presentationTable>',
    '  </resources>',
    '</policyDefinitionResources>',
    '',
  ].join('\n');
}

/** By the name of the file below assets/policies. */
export function policyFiles(): Record<string, string> {
  return {
    'managed.json': json(),
    'io.github.pbx-chat.PbxChat.plist': plist(),
    'pbx-chat.admx': admx(),
    'en-US/pbx-chat.adml': adml(),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, text] of Object.entries(policyFiles())) {
    const file = path.join(directory, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}
