// Names for files that strangers named. One rule for every platform, so that a file that was saved here can be copied
// anywhere; and what a name says about whether the system would run the file. Pure.

/** UTF-8 bytes: the least that current file systems take, less what a number at the end of the name needs. */
const longest = 240;
/** UTF-16 units of an extension that is kept when a name is cut. */
const longestExtension = 16;

/** Names that belong to devices under Windows, with any extension. */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** Controls, and characters that no name may have on one platform or another. */
const forbidden = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*]/g;
/** Characters that are not seen but turn what is seen around: `gpj.exe` must not look like `exe.jpg`. */
const invisible =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;
const loneSurrogate = /\p{Surrogate}/gu;

/**
 * A name under which a file can be saved on Windows, macOS and Linux: one path component, nothing hidden in it, never
 * empty, at most 240 bytes of UTF-8. A good name stays as it is.
 */
export function safeFileName(name: string): string {
  const clean = name
    .replace(loneSurrogate, '')
    .normalize('NFC')
    .replace(invisible, '')
    .replace(forbidden, '_')
    .replace(/\s+/g, ' ');
  // Dots and blanks at the end vanish under Windows, and a dot at the beginning hides a file elsewhere.
  const trimmed = clean.replace(/^[. ]+|[. ]+$/g, '');
  const named = trimmed === '' || /^_+$/.test(trimmed) ? 'file' : trimmed;
  return shortened(reserved.test(named) ? `_${named}` : named);
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longest) return name;
  const { stem, extension } = parts(name);
  const room = longest - Buffer.byteLength(extension);
  let cut = '';
  let used = 0;
  for (const character of stem) {
    used += Buffer.byteLength(character);
    if (used > room) break;
    cut += character;
  }
  return `${cut.replace(/[. ]+$/, '')}${extension}`;
}

/** `extension` with its dot; empty when there is none. */
function parts(name: string): { stem: string; extension: string } {
  const at = name.lastIndexOf('.');
  if (at <= 0 || name.length - at > longestExtension) return { stem: name, extension: '' };
  return { stem: name.slice(0, at), extension: name.slice(at) };
}

/** The n-th name for a file of this name: `name.txt`, `name (1).txt`, `name (2).txt`. */
export function numbered(name: string, number: number): string {
  if (number === 0) return name;
  const { stem, extension } = parts(name);
  return `${stem} (${number})${extension}`;
}

/** What the systems run, or what runs in something that does not ask: programs, scripts, installers, shortcuts. */
const executable = new Set(
  [
    'exe com scr pif cpl msi msp mst msix appx appxbundle msixbundle appinstaller bat cmd ps1 ps1xml ps2 psc1 psm1',
    'vb vbe vbs js jse mjs cjs ws wsc wsf wsh hta sct shb shs lnk url inf reg rgs job jar jnlp gadget application',
    'chm hlp msc scf settingcontent-ms library-ms search-ms theme themepack xll xlam wll ade adp mde xbap cab diagcab',
    'iso img vhd vhdx docm dotm xlsm xltm xlsb pptm potm ppsm',
    'app command tool workflow action scpt scptd applescript osx dmg pkg mpkg prefpane terminal webloc inetloc fileloc',
    'sh bash zsh csh ksh fish run bin out elf desktop appimage deb rpm flatpak flatpakref snap service',
    'py pyc pyw pyz rb pl php lua tcl ahk apk xpi crx',
  ]
    .join(' ')
    .split(' '),
);

/** Whether a system would execute a file of this name. Ask about the name under which it is saved. */
export function isExecutable(name: string): boolean {
  return executable.has(parts(name).extension.slice(1).toLowerCase());
}
