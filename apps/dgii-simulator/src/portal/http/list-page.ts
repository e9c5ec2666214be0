import { html, type Markup } from '../../pages/html.js';
import type { Progress } from '../progress.js';

/** Everybody who rehearses, and the form of step 1. */
export function listPage(all: readonly Progress[], problem?: string): Markup {
  return html`<header>
      <h1>Portal de certificación</h1>
      <p>Ensayo del proceso para ser emisor electrónico, en el ambiente certecf.</p>
      <p><a href="/">Inicio del simulador</a></p>
    </header>
    <main>
      ${problemNote(problem)}
      <section>
        <h2>Postulaciones</h2>
        ${all.length === 0 ? html`<p>Ninguna todavía.</p>` : table(all)}
      </section>
      <section>
        <h2>Crear postulación</h2>
        ${form()}
      </section>
    </main>`;
}

export const problemNote = (problem: string | undefined): Markup =>
  problem === undefined ? html`` : html`<p role="alert"><strong>${problem}</strong></p>`;

function table(all: readonly Progress[]): Markup {
  const rows = all.map(
    ({ rnc, razonSocial, estado, paso, nombrePaso }) =>
      html`<tr>
        <td><a href="/_portal/${rnc}">${rnc}</a></td>
        <td>${razonSocial}</td>
        <td>${estado}</td>
        <td>${paso}. ${nombrePaso}</td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th scope="col">RNC</th>
        <th scope="col">Razón social</th>
        <th scope="col">Estado</th>
        <th scope="col">Paso</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

const FIELDS = [
  ['rnc', 'RNC', true],
  ['razonSocial', 'Razón social', true],
  ['representante', 'Cédula del representante (la del certificado)', true],
  ['nombreRepresentante', 'Nombre del representante', true],
  ['correo', 'Correo electrónico', true],
  ['nombreSoftware', 'Nombre del software', true],
  ['versionSoftware', 'Versión del software', true],
  ['rncProveedor', 'RNC del proveedor (software externo)', false],
  ['nombreProveedor', 'Nombre del proveedor (software externo)', false],
] as const;

function form(): Markup {
  const inputs = FIELDS.map(([name, label, required]) => field(name, label, required));
  return html`<form method="post" action="/_portal">
    ${inputs}
    <p>
      <label
        >Tipo de software
        <select name="tipoSoftware">
          <option value="propio">Propio</option>
          <option value="externo">Externo</option>
        </select></label
      >
    </p>
    <p><button>Crear postulación</button></p>
  </form>`;
}

export function field(name: string, label: string, required: boolean): Markup {
  return html`<p>
    <label>${label} <input name="${name}" ${required ? html`required` : html``} /></label>
  </p>`;
}
