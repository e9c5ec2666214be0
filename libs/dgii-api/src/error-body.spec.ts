import { readErrorBody } from './error-body.js';

const read = (raw: string, contentType = 'application/json') =>
  readErrorBody(400, contentType, raw);

describe('readErrorBody', () => {
  it.each([
    [
      'a bare string',
      'RNC inválido',
      'text/plain',
      'text',
      [{ codigo: '', valor: 'RNC inválido' }],
    ],
    [
      'a JSON string sent as text',
      '"Firma del certificado inválida"',
      'text/plain',
      'text',
      [{ codigo: '', valor: 'Firma del certificado inválida' }],
    ],
    ['{mensaje}', '{"mensaje":"no"}', undefined, 'mensaje', [{ codigo: '', valor: 'no' }]],
    [
      '{mensaje} with a code, capital letters',
      '{"Mensaje":"archivo no válido","Codigo":"001"}',
      undefined,
      'mensaje',
      [{ codigo: '001', valor: 'archivo no válido' }],
    ],
    [
      '{mensaje: []}',
      '{"mensaje":["uno","dos"]}',
      undefined,
      'mensaje',
      [
        { codigo: '', valor: 'uno' },
        { codigo: '', valor: 'dos' },
      ],
    ],
    [
      '{error}',
      '{"error":"malo","mensaje":null}',
      undefined,
      'error',
      [{ codigo: '', valor: 'malo' }],
    ],
    [
      '{mensajes: objects} with numeric and text codes',
      '{"mensajes":[{"valor":"nombre","codigo":3243},{"valor":"usado","codigo":"1209"}]}',
      undefined,
      'mensajes',
      [
        { codigo: '3243', valor: 'nombre' },
        { codigo: '1209', valor: 'usado' },
      ],
    ],
    [
      '{mensajes: strings}',
      '{"mensajes":["solo texto"]}',
      undefined,
      'mensajes',
      [{ codigo: '', valor: 'solo texto' }],
    ],
    [
      '{mensajes: one object}',
      '{"MENSAJES":{"Valor":"uno","Codigo":7}}',
      undefined,
      'mensajes',
      [{ codigo: '7', valor: 'uno' }],
    ],
    ['an array', '["uno"]', undefined, 'mensajes', [{ codigo: '', valor: 'uno' }]],
    [
      'ProblemDetails',
      '{"title":"One or more validation errors occurred.","status":400,"errors":{"xml":["The xml field is required."],"":["x"]}}',
      'application/problem+json',
      'problem-details',
      [
        { codigo: '', valor: 'One or more validation errors occurred.' },
        { codigo: '', valor: 'xml: The xml field is required.' },
        { codigo: '', valor: 'x' },
      ],
    ],
    [
      'JSON encoded twice',
      JSON.stringify('{"mensaje":"doble"}'),
      undefined,
      'mensaje',
      [{ codigo: '', valor: 'doble' }],
    ],
  ] as const)('reads %s', (_name, raw, contentType, shape, mensajes) => {
    expect(read(raw, contentType)).toMatchObject({ shape, mensajes, raw, readable: true });
  });

  it.each([
    ['an HTML page', '<!DOCTYPE html><html><body>503</body></html>', 'text/html', 'markup'],
    ['HTML announced as JSON', '\n <html></html>', 'application/json', 'markup'],
    ['text announced as HTML', 'Service Unavailable', 'text/html; charset=utf-8', 'markup'],
    ['nothing', '', '', 'empty'],
    ['white space', ' \r\n', 'application/json', 'empty'],
    ['truncated JSON', '{"mensajes":[{"val', 'application/json', 'unreadable'],
    ['an object without a reason', '{"ok":false}', 'application/json', 'unreadable'],
    ['a number', '12', 'application/json', 'unreadable'],
    ['blank messages', '{"mensajes":[{"valor":" ","codigo":0}]}', 'application/json', 'mensajes'],
    ['an empty JSON string', '""', 'application/json', 'text'],
  ] as const)('finds no reason in %s', (_name, raw, contentType, shape) => {
    expect(read(raw, contentType)).toMatchObject({ shape, raw, readable: false });
  });

  it('ignores a byte order mark but keeps it in the raw body', () => {
    const raw = '\uFEFF{"mensaje":"no"}';
    expect(read(raw)).toMatchObject({ shape: 'mensaje', raw });
  });
});
