import {
  environmentNamed,
  readAvailability,
  readMaintenanceWindows,
  readStatuses,
} from './status-answers.js';

describe('readStatuses', () => {
  it('knows DGII’s words for environments and availability, and keeps them', () => {
    const json = [
      { servicio: 'Recepción', estatus: 'Disponible', ambiente: 'Produccion' },
      { Servicio: 'Recepción FC', Estatus: 'NO  DISPONIBLE', Ambiente: 'PreCertificación' },
      { servicio: 'Otro', estatus: 'Quién sabe', ambiente: 'Marte' },
    ];
    expect(readStatuses(json)).toEqual([
      { ...json[0], service: 'recepcion', environment: 'ecf', available: true },
      {
        servicio: 'Recepción FC',
        estatus: 'NO  DISPONIBLE',
        ambiente: 'PreCertificación',
        service: 'recepcionfc',
        environment: 'testecf',
        available: false,
      },
      { ...json[2], service: null, environment: null, available: null },
    ]);
  });

  it.each([[null], ['x'], [[{ estatus: 'Disponible' }]], [[7]]])('%j is no answer', (json) => {
    expect(readStatuses(json)).toBeNull();
  });
});

describe('readMaintenanceWindows', () => {
  const window = {
    ambiente: 'PreCertificacion',
    horaInicio: '9:00 AM',
    horaFin: '12:00 PM',
    dias: ['06-08-2020', '07-08-2020'],
  };

  it('makes a period of each day, Dominican time', () => {
    const answer = readMaintenanceWindows({ ventanaMantenimientos: [window] });
    expect(answer).toEqual([
      {
        ...window,
        environment: 'testecf',
        periods: [
          { from: new Date('2020-08-06T13:00:00Z'), to: new Date('2020-08-06T16:00:00Z') },
          { from: new Date('2020-08-07T13:00:00Z'), to: new Date('2020-08-07T16:00:00Z') },
        ],
      },
    ]);
  });

  it.each([
    ['11:00 PM', '3:00 AM', '2020-08-07T03:00:00Z', '2020-08-07T07:00:00Z'],
    ['10:00 p. m.', '12:00 a. m.', '2020-08-07T02:00:00Z', '2020-08-07T04:00:00Z'],
    ['00:00', '24:00', '2020-08-06T04:00:00Z', '2020-08-07T04:00:00Z'],
  ])('%s to %s', (horaInicio, horaFin, from, to) => {
    const json = { ventanaMantenimientos: { ...window, horaInicio, horaFin, dias: '06-08-2020' } };
    expect(readMaintenanceWindows(json)?.[0]?.periods).toEqual([
      { from: new Date(from), to: new Date(to) },
    ]);
  });

  it.each([
    ['an empty list', { ventanaMantenimientos: [] }],
    ['null', { VentanaMantenimientos: null }],
    ['a list alone', []],
  ])('%s means no maintenance', (_name, json) => {
    expect(readMaintenanceWindows(json)).toEqual([]);
  });

  it('keeps what it cannot read, without a period', () => {
    const odd = { ...window, ambiente: 'Marte', horaFin: 'tarde', dias: ['pronto'] };
    expect(readMaintenanceWindows([odd])).toEqual([{ ...odd, environment: null, periods: [] }]);
  });

  it.each([[null], ['x'], [{}], [{ mensaje: 'no' }], [[{ ambiente: 'Produccion' }]]])(
    '%j is no answer',
    (json) => {
      expect(readMaintenanceWindows(json)).toBeNull();
    },
  );
});

describe('readAvailability', () => {
  it.each([
    [{ estado: 'Disponible' }, true],
    [{ Estado: 'no disponible' }, false],
    [[{ estado: 'Disponible' }], true],
    [{ estado: 'quizás' }, null],
    [{}, null],
    ['Disponible', null],
  ])('%j is %j', (json, available) => {
    expect(readAvailability(json)).toBe(available);
  });
});

it.each([
  ['1', 'testecf'],
  ['2', 'ecf'],
  ['3', 'certecf'],
  ['CerteCF', 'certecf'],
  ['Pre-Certificación', 'testecf'],
  ['constructor', null],
])('the environment named %j is %j', (name, environment) => {
  expect(environmentNamed(name)).toBe(environment);
});
