// Notifications of Windows and macOS, through Electron.
import type { NativeImage, Notification } from 'electron';
import { canReplyInline, onReply } from './compatibility.ts';
import type { NotificationSurface, Picture } from './notify.ts';

export interface ElectronNotificationPorts {
  platform: NodeJS.Platform;
  Notification: typeof Notification;
  image(picture: Picture): NativeImage;
  trace(text: string): void;
}

export function electronNotifications(ports: ElectronNotificationPorts): NotificationSurface {
  const { platform, trace } = ports;
  // Kept, or it would be collected and its click heard by nobody.
  const shown = new Map<string, Notification>();

  const close = (key: string) => {
    const before = shown.get(key);
    shown.delete(key);
    before?.close();
  };
  return {
    show(key, { title, body, sound, picture, reply }, events) {
      close(key);
      const answer = reply !== null && canReplyInline(ports.Notification, platform);
      const notification = new ports.Notification({
        title,
        body,
        silent: !sound,
        ...(picture !== null && { icon: ports.image(picture) }),
        ...(answer && { hasReply: true, replyPlaceholder: reply.placeholder }),
      });
      notification.on('click', events.clicked);
      onReply(notification, events.replied);
      notification.on('failed', (_event, error) => trace(`notification: ${error}`));
      shown.set(key, notification);
      notification.show();
    },
    close,
  };
}
