import { deflateSync } from 'node:zlib';
import type { WorldFile } from '../../world.ts';

/** The files that the demo's messages carry: small, made here, and of the types that people send. */
export function demoFiles(): Record<string, WorldFile> {
  const text = (lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`, 'utf8');
  const wards = Array.from(
    { length: 12 },
    (_, ward) => `${ward + 1},${10 + ((ward * 7) % 9)},${ward % 3 === 0 ? 2 : 1}`,
  );
  const months = ['Linz,41,12900', 'Verona,18,6120', 'Oslo,22,8040', 'Stuttgart,97,31200'];
  return {
    'slides-presence.pdf': pdf('Presence: who sees what'),
    'form-signed.pdf': pdf('Form, signed'),
    'chat-migration.pdf': pdf('Chat migration'),
    'uebergabe.txt': {
      type: 'text/plain; charset=utf-8',
      content: text(['Offene Punkte', '- Netzteil nachbestellen', '- Schlüssel zurück an den Empfang']),
    },
    'numbers-september.csv': { type: 'text/csv', content: text(['site,phones,revenue', ...months]) },
    'ward-plan.csv': { type: 'text/csv', content: text(['ward,phones,kitchens', ...wards]) },
    'reception.png': png(640, 400, (x, y) =>
      y > 260 ? [176, 148, 118] : [236 - (x >> 4), 226 - (x >> 5), 206 + (y >> 4)],
    ),
    'load-test.png': png(720, 300, (x, y) => {
      const load = 150 + 60 * Math.sin(x / 50) + 20 * Math.sin(x / 9);
      if (Math.abs(y - load) < 2) return [40, 90, 200];
      return y % 50 === 0 || x % 60 === 0 ? [225, 225, 230] : [250, 250, 252];
    }),
  };
}

function pdf(title: string): WorldFile {
  const stream = `BT /F1 28 Tf 72 760 Td (${title}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return { type: 'application/pdf', content: Buffer.from(body + table + trailer, 'latin1') };
}

function png(
  width: number,
  height: number,
  colour: (x: number, y: number) => [number, number, number],
): WorldFile {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(colour(x, y), y * (1 + width * 3) + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return { type: 'image/png', content: Buffer.concat([signature, ...chunks]) };
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

function crc(data: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}
