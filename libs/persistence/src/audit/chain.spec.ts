import { createHash } from 'node:crypto';
import { entryText, genesisHash, linkHash } from './chain.js';

// AUD-1: the format of docs/reference/audit-format.md, spelt out by hand.

const entry = {
  tenantId: '0190a0b0-0000-7000-8000-000000000001',
  seq: 7,
  id: '0190a0b0-0000-7000-8000-0000000000aa',
  type: 'document.queued',
  subjectId: null,
  actor: 'user:ñ',
  payload: { b: 'é', a: [1, null, { z: true, y: '1.10' }] },
  occurredAt: new Date('2026-03-04T05:06:07.080Z'),
};
const TEXT =
  '{"actor":"user:ñ","id":"0190a0b0-0000-7000-8000-0000000000aa",' +
  '"occurredAt":"2026-03-04T05:06:07.080Z","payload":{"a":[1,null,{"y":"1.10","z":true}],"b":"é"},' +
  '"seq":7,"subjectId":null,"tenantId":"0190a0b0-0000-7000-8000-000000000001",' +
  '"type":"document.queued"}';

test('the text of an entry has its members in order and its instant in UTC', () => {
  expect(entryText(entry)).toBe(TEXT);
});

test('the hash covers version, hash before, length in bytes and text', () => {
  const prev = Buffer.alloc(64, 3);
  const bytes = Buffer.from(TEXT, 'utf8');
  expect(bytes.length).toBeGreaterThan(TEXT.length);
  const length = Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]);
  const all = Buffer.concat([Buffer.of(1), prev, length, bytes]);
  expect(linkHash(prev, TEXT)).toEqual(createHash('sha512').update(all).digest());
});

test('each tenant begins with a hash of its own', () => {
  expect(genesisHash(entry.tenantId).toString('hex')).toBe(
    createHash('sha512')
      .update('getupnet-audit-1:0190a0b0-0000-7000-8000-000000000001')
      .digest('hex'),
  );
});
