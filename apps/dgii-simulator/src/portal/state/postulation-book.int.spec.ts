import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostulationBook } from './postulation-book.js';
import { registration } from './registration.js';

const RNC = '131880738';
const FORM = registration.parse({
  rnc: RNC,
  razonSocial: 'UNO',
  representante: '00100000001',
  nombreRepresentante: 'X',
  correo: 'x@ejemplo.com',
  nombreSoftware: 'S',
  versionSoftware: '1',
});

let dir: string;
const path = (): string => join(dir, 'portal.jsonl');
const now = (): Date => new Date('2026-06-15T12:00:00Z');
const open = (): PostulationBook => new PostulationBook({ path: path(), fsync: true, now });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'portal-book-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function filled(): void {
  const book = open();
  book.emit(RNC, { type: 'created', registration: FORM, xml: '<Postulacion/>' });
  book.emit(RNC, { type: 'registered', holder: '00100000001' });
  book.close();
}

describe('book of postulations', () => {
  it('tells after a restart what it told before', () => {
    filled();
    const book = open();
    expect(book.at(RNC, 2).log.map(({ text }) => text)).toEqual([
      'Postulación creada.',
      'Postulación firmada por 00100000001.',
    ]);
    expect(() => book.at(RNC, 3)).toThrow('paso 2');
    expect(book.active('101010632')).toBeUndefined();
    book.close();
  });

  it('drops the line that a crash cut, and goes on behind the last whole one', () => {
    filled();
    appendFileSync(path(), '{"time":"2026-06-15T12:00');
    const book = open();
    book.emit(RNC, { type: 'cancelled', reason: 'cambio de representante' });
    book.close();
    const lines = readFileSync(path(), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { rnc: string }).rnc)).toEqual([RNC, RNC, RNC]);
    const again = open();
    expect(again.find(RNC).estado).toBe('anulado');
    expect(again.active(RNC)).toBeUndefined();
    again.close();
  });

  it('stays cleared', () => {
    filled();
    const book = open();
    book.clear();
    book.close();
    const again = open();
    expect(again.all()).toEqual([]);
    again.close();
  });
});
