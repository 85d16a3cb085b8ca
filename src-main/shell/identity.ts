// The names by which the desktops know the program. The packages carry the same ones.

/** Of the .desktop file, without its ending (`desktopName` of package.json): Linux. */
export const desktopEntry = 'pbx-chat';
/** `appId` of electron-builder.yml: Windows puts windows, shortcuts and notifications together by it. */
export const appId = 'io.github.pbx-chat.PbxChat';
