import { html, type Markup } from '../../pages/html.js';
import type { Count, Progress } from '../progress.js';
import { PRINTED_KINDS, STEPS, type Step } from '../state/steps.data.js';
import { field, problemNote } from './list-page.js';

/** Where an applicant is, and what its step asks for. */
export function progressPage(progress: Progress, problem?: string): Markup {
  const { rnc, razonSocial, estado, paso, nombrePaso } = progress;
  const isOpen = estado === 'en-proceso';
  return html`<header>
      <h1>${razonSocial} · ${rnc}</h1>
      <p>Estado: ${estado} · <a href="/_portal">Todas las postulaciones</a></p>
    </header>
    <main>
      ${problemNote(problem)}
      <section>
        <h2>Paso ${paso}: ${nombrePaso}</h2>
        ${isOpen ? TASKS[paso](progress) : html`<p>Nada pendiente.</p>`}
      </section>
      <section>
        <h2>Contadores</h2>
        ${counters(progress)}
      </section>
      <section>
        <h2>Pasos</h2>
        ${steps(paso, estado)} ${isOpen ? byHand(rnc) : html``}
      </section>
      <section>
        <h2>Bitácora</h2>
        <ol>
          ${progress.bitacora.map(({ time, text }) => html`<li><time>${time}</time> ${text}</li>`)}
        </ol>
      </section>
    </main>`;
}

type Task = (progress: Progress) => Markup;

const api = (rnc: string, name: string): string => `/_portal/api/postulaciones/${rnc}/${name}`;

const TASKS: Readonly<Record<Step, Task>> = {
  1: ({ rnc }) =>
    html`<p>
        <a href="${api(rnc, 'postulacion.xml')}">Descargar la postulación</a>, firmarla y enviarla.
      </p>
      ${upload(rnc, 'postulacion', ['xml'], 'Enviar postulación firmada')}`,
  2: dataTask,
  3: ({ rnc }) =>
    html`<p>
      <a href="${api(rnc, 'set-aprobaciones.xlsx')}">Descargar el set de aprobaciones</a> y enviar
      cada fila, firmada, al servicio de aprobación comercial.
    </p>`,
  4: ({ rnc }) =>
    html`<p>
        Enviar documentos propios de cada tipo; las facturas de consumo menores a RD$250,000.00 se
        cargan aquí después de su RFCE.
      </p>
      ${upload(rnc, 'facturas', ['xml'], 'Cargar factura de consumo')}`,
  5: printTask,
  6: () => html`<p>En revisión.</p>`,
  7: ({ rnc }) => urls(rnc, 'urls-prueba'),
  8: receptionTask,
  9: receptionTask,
  10: approvalsTask,
  11: approvalsTask,
  12: ({ rnc }) => urls(rnc, 'urls-produccion'),
  13: ({ rnc }) =>
    html`<p>
        <a href="${api(rnc, 'declaracion.xml')}">Descargar la declaración</a>, firmarla y enviarla.
      </p>
      ${upload(rnc, 'declaracion', ['xml'], 'Enviar declaración firmada')}`,
  14: ({ rnc }) => button(rnc, 'verificacion', 'Verificar estatus'),
};

function dataTask({ rnc, pruebasDatos }: Progress): Markup {
  const { ecf, rfce, facturas } = pruebasDatos.pendientes;
  return html`<p>
      <a href="${api(rnc, 'set-ecf.xlsx')}">Descargar el set de pruebas</a>
      (intento ${pruebasDatos.intento}${pruebasDatos.descargado ? html`` : html`, sin set vigente`})
    </p>
    <p>
      Cada documento lleva los campos de su fila, en su orden y con su texto; un rechazo reinicia el
      set. Primero los demás tipos, luego 33 y 34, luego los RFCE, y al final las facturas de
      consumo, que se cargan aquí. Un documento enviado dos veces (1209) no cuenta como rechazo.
    </p>
    <p>
      Faltan:
      ${[...ecf, ...rfce.map((encf) => `RFCE ${encf}`), ...facturas.map((encf) => `factura ${encf}`)].join(', ')}
    </p>
    ${upload(rnc, 'facturas', ['xml'], 'Cargar factura de consumo')}`;
}

function printTask({ rnc, representaciones }: Progress): Markup {
  const { cargadas, rechazos, qr } = representaciones;
  return html`<p>
      Un PDF por tipo, 10 MB en total. Aquí no se lee el contenido de los PDF: escanee cada QR y
      compárelo con esta lista.
    </p>
    <ul>
      ${Object.entries(qr).map(([encf, url]) => html`<li>${encf}: <code>${url}</code></li>`)}
    </ul>
    ${rechazos.map((reason) => html`<p role="alert">${reason}</p>`)}
    <p>Cargadas: ${cargadas.join(', ')}</p>
    ${upload(
      rnc,
      'representaciones',
      PRINTED_KINDS.map((kind) => `ri-${kind}`),
      'Cargar representaciones',
    )}`;
}

function receptionTask({ rnc, comunicacion }: Progress): Markup {
  return html`${button(rnc, 'prueba-recepcion', 'Enviar prueba de comprobantes')}
  ${exchangeLog(comunicacion.recepcion)} ${urls(rnc, 'urls-prueba')}`;
}

function approvalsTask({ rnc, comunicacion }: Progress): Markup {
  return html`${button(rnc, 'prueba-aprobaciones', 'Enviar prueba de aprobaciones comerciales')}
  ${exchangeLog(comunicacion.aprobaciones)}`;
}

function exchangeLog(lines: Progress['comunicacion']['recepcion']): Markup {
  return html`<ul>
    ${lines.map(({ encf, problem }) => html`<li>${encf}: ${problem ?? 'correcto'}</li>`)}
  </ul>`;
}

function urls(rnc: string, action: string): Markup {
  return html`<form method="post" action="/_portal/${rnc}/${action}">
    ${field('recepcion', 'URL de recepción', true)}
    ${field('aprobacion', 'URL de aprobación comercial', true)}
    ${field('autenticacion', 'URL de autenticación (opcional)', false)}
    <p><button>Registrar URL</button></p>
  </form>`;
}

const FILE_LABELS: Readonly<Record<string, string>> = {
  xml: 'Archivo XML firmado',
  'ri-32': 'PDF de un 32 desde RD$250,000.00',
  'ri-rfce': 'PDF de un 32 menor a RD$250,000.00',
  ...Object.fromEntries(
    PRINTED_KINDS.filter((kind) => /^(3[134]|4\d)$/.test(kind)).map((kind) => [
      `ri-${kind}`,
      `PDF de un ${kind}`,
    ]),
  ),
};

function upload(rnc: string, action: string, names: readonly string[], label: string): Markup {
  const inputs = names.map(
    (name) =>
      html`<p>
        <label>${FILE_LABELS[name] ?? name} <input type="file" name="${name}" /></label>
      </p>`,
  );
  return html`<form method="post" action="/_portal/${rnc}/${action}" enctype="multipart/form-data">
    ${inputs}
    <p><button>${label}</button></p>
  </form>`;
}

const button = (rnc: string, action: string, label: string): Markup =>
  html`<form method="post" action="/_portal/${rnc}/${action}"><button>${label}</button></form>`;

function counters({ pruebasDatos, aprobaciones, simulacion }: Progress): Markup {
  const counts: [string, Count][] = [
    ['Datos: e-CF', pruebasDatos.ecf],
    ['Datos: RFCE', pruebasDatos.rfce],
    ['Datos: facturas de consumo', pruebasDatos.facturas],
    ['Aprobaciones', aprobaciones],
    ...Object.entries(simulacion).map(([kind, count]): [string, Count] => [
      `Simulación: ${kind}`,
      count,
    ]),
  ];
  return html`<table>
    <tbody>
      ${counts.map(
        ([name, { aceptados, total }]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${aceptados} de ${total}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function steps(current: Step, estado: Progress['estado']): Markup {
  const items = Object.entries(STEPS).map(([number, name]) => {
    const isDone = Number(number) < current || estado === 'autorizado';
    const mark = isDone ? 'hecho' : Number(number) === current ? 'en curso' : 'pendiente';
    return html`<li>${name}: ${mark}</li>`;
  });
  return html`<ol>
    ${items}
  </ol>`;
}

/** Rehearsal only: DGII lets nobody skip or repeat a step. */
function byHand(rnc: string): Markup {
  return html`<form method="post" action="/_portal/${rnc}/paso">
      ${field('paso', 'Ir al paso (1 a 14; lo contado desde él se reinicia)', true)}
      ${field('motivo', 'Motivo', true)}
      <p><button>Ir al paso</button></p>
    </form>
    <form method="post" action="/_portal/${rnc}/anulacion">
      ${field('motivo', 'Motivo', true)}
      <p><button>Anular postulación</button></p>
    </form>`;
}
