import { announcement, isOver, isUnderMaintenance } from './maintenance.js';
import type { Maintenance } from './fault.js';

const window = (change: Partial<Maintenance> = {}): Maintenance => ({
  kind: 'maintenance',
  environment: 'testecf',
  days: ['15-06-2026', '17-06-2026'],
  from: '09:00',
  to: '12:30',
  ...change,
});
/** Dominican time is UTC−4. */
const at = (local: string): Date => new Date(`${local}:00-04:00`);

it.each([
  ['2026-06-15T08:59', false],
  ['2026-06-15T09:00', true],
  ['2026-06-15T12:29', true],
  ['2026-06-15T12:30', false],
  ['2026-06-16T10:00', false],
  ['2026-06-17T10:00', true],
])('at %s: %s', (local, open) => {
  expect(isUnderMaintenance(window(), at(local))).toBe(open);
});

it.each([
  ['2026-06-15T22:59', false],
  ['2026-06-15T23:00', true],
  ['2026-06-16T01:59', true],
  ['2026-06-16T02:00', false],
  ['2026-06-16T23:30', false],
])('over midnight, at %s: %s', (local, open) => {
  expect(isUnderMaintenance(window({ from: '23:00', to: '02:00' }), at(local))).toBe(open);
});

it.each([
  ['2026-06-17T12:29', {}, false],
  ['2026-06-17T12:30', {}, true],
  ['2026-06-18T01:59', { from: '23:00', to: '02:00' }, false],
  ['2026-06-18T02:00', { from: '23:00', to: '02:00' }, true],
  ['2027-01-01T03:00', { days: ['31-12-2026'], from: '23:00', to: '02:00' }, true],
  ['2027-01-01T01:00', { days: ['31-12-2026'], from: '23:00', to: '02:00' }, false],
])('at %s with %j is over: %s', (local, change, over) => {
  expect(isOver(window(change), at(local))).toBe(over);
});

it.each([
  ['00:15', '12:15 AM'],
  ['09:00', '9:00 AM'],
  ['12:00', '12:00 PM'],
  ['23:59', '11:59 PM'],
])('announces %s as DGII writes it', (from, horaInicio) => {
  expect(announcement(window({ from, environment: 'ecf' }))).toEqual({
    ambiente: 'Produccion',
    horaInicio,
    horaFin: '12:30 PM',
    dias: ['15-06-2026', '17-06-2026'],
  });
});
