/** What each kind of fault does, for people; a kind without a line here shows its name alone. */
export const FAULT_TEXTS: Readonly<Record<string, string>> = {
  delay: 'Responde tarde y luego como siempre.',
  status: 'Responde con este código HTTP.',
  html: 'Responde 200 con una página HTML.',
  empty: 'Responde 200 sin contenido.',
  silent: 'Recibe la llamada y calla hasta que el cliente desiste.',
  reset: 'Corta la conexión sin procesar.',
  down: 'Fuera de servicio: 503, y el servicio de estatus lo dice.',
  'early-401': 'Rechaza un token antes de que venza.',
  'answer-lost': 'Procesa la llamada y corta la conexión en vez de responder.',
  'slow-body': 'Envía el cuerpo de la respuesta a cuentagotas.',
  truncated: 'Anuncia el cuerpo completo, envía una parte y corta.',
  oversize: 'La respuesta, seguida de una cantidad enorme de espacios.',
  'wrong-shape': 'La respuesta con otra forma: lista, otros nombres, otros tipos.',
  foreign: 'La respuesta habla del documento de otro.',
  'status-flip': 'Una consulta dice el estado contrario: Rechazado por Aceptado, y al revés.',
  'repeated-trackid': 'La recepción repite el trackId anterior; la consulta los repite todos.',
  'en-proceso': 'Un documento recibido ahora queda En Proceso por un tiempo.',
  late: 'Un documento recibido ahora tarda en aparecer en las consultas.',
  maintenance: 'Ventana de mantenimiento: anunciada, y luego fuera de servicio.',
  'wrong-tls': 'Las conexiones nuevas encuentran un certificado que no es.',
  chaos: 'Varias fallas a la vez, repartidas entre las llamadas según una semilla.',
};

/** Labels of inputs; a field without a line here shows its name. */
export const FIELD_TEXTS: Readonly<Record<string, string>> = {
  kind: 'Falla',
  operation: 'Servicio',
  operations: 'Servicios',
  environment: 'Ambiente',
  rnc: 'RNC',
  encf: 'e-NCF',
  times: 'Cuántas veces en total',
  perDocument: 'Cuántas veces por documento',
  after: 'Después de cuántas llamadas buenas',
  probability: 'Probabilidad',
  ms: 'Milisegundos',
  intervalMs: 'Milisegundos entre partes',
  bytes: 'Bytes',
  status: 'Código HTTP',
  body: 'Cuerpo',
  processed: 'Procesa la llamada',
  revoke: 'Revoca todos los tokens',
  shape: 'Forma',
  field: 'Campo',
  polls: 'Consultas En Proceso',
  queries: 'Consultas sin encontrarlo',
  days: 'Días',
  from: 'Desde',
  to: 'Hasta',
  answer: 'Respuesta',
  certificate: 'Certificado',
  seed: 'Semilla',
  mix: 'Mezcla',
  codigo: 'Resultado',
  secuenciaUtilizada: 'La secuencia queda utilizada',
  mensajes: 'Mensajes',
};

/** How an input is filled in, where its name does not say it. */
export const FIELD_HINTS: Readonly<Record<string, string>> = {
  probability: 'De 0 a 1.',
  days: 'dd-MM-aaaa, separados por espacios.',
  from: 'HH:mm, hora dominicana.',
  to: 'HH:mm; si no es posterior, es del día siguiente.',
  mix: 'JSON: cada falla con su parte de 0 a 1; en blanco, la de costumbre.',
  mensajes: 'JSON: una lista de codigo y valor.',
};

/** Words for choices that are bare codes. */
export const CHOICE_TEXTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  codigo: { '1': 'Aceptado', '2': 'Rechazado', '4': 'Aceptado Condicional' },
};
