import { fakeBridge } from './fake-bridge.ts';
import { scene } from './scenes.ts';

const query = new URLSearchParams(location.search);
window.pbxChat = fakeBridge(
  scene(query.get('scene') ?? 'stored', {
    dark: query.get('theme') === 'dark',
    locales: [query.get('lang') ?? 'en'],
    density: query.get('density') === 'compact' ? 'compact' : 'comfortable',
    count: Number(query.get('count') ?? 12),
    messages: Number(query.get('messages') ?? 40),
  }),
);

await import('../../src-renderer/main.ts');
