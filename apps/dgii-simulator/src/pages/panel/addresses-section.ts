import { ENVIRONMENTS } from '@getupnet/contracts';
import { DGII_HOSTS } from '../../http/service-map.js';
import { html, type Markup } from '../html.js';
import { SERVICE_GROUPS } from '../services.js';

/** Names of DGII's hosts, as its documents print them. */
const REAL_HOSTS = {
  ecf: 'ecf.dgii.gov.do',
  fc: 'fc.dgii.gov.do',
  statusecf: 'statusecf.dgii.gov.do',
} as const;

/** What a client has to be told to speak to this DGII instead of the other. */
export function addressesSection(baseUrl: string): Markup {
  return html`<section id="direcciones" aria-labelledby="titulo-direcciones">
    <h2 id="titulo-direcciones">Direcciones</h2>
    <p>
      En vez de cada servidor de la DGII; mayúsculas y minúsculas dan igual. También se atiende por
      el encabezado <code>Host</code> de la DGII.
    </p>
    <table class="pairs">
      <tbody>
        ${DGII_HOSTS.map((host) => hostRow(host, baseUrl))}
        <tr>
          <th scope="row">Certificado raíz de prueba</th>
          <td>${copyable(`${baseUrl}/authority.pem`)}</td>
        </tr>
      </tbody>
    </table>
    <details>
      <summary>Por servicio y ambiente, con su ayuda</summary>
      ${ENVIRONMENTS.map((environment) => environmentTable(environment, baseUrl))}
    </details>
  </section>`;
}

const hostRow = (host: keyof typeof REAL_HOSTS, baseUrl: string): Markup =>
  html`<tr>
    <th scope="row">${REAL_HOSTS[host]}</th>
    <td>${copyable(`${baseUrl}/${host}`)}</td>
  </tr>`;

function environmentTable(environment: (typeof ENVIRONMENTS)[number], baseUrl: string): Markup {
  const here = SERVICE_GROUPS.filter(({ environments }) => environments.includes(environment));
  return html`<h3>${environment}</h3>
    <div class="scroll">
      <table class="pairs">
        <tbody>
          ${here.map(({ host, name }) => {
            const address = `/${host}/${environment}/${name}`;
            return html`<tr>
              <th scope="row">${name}</th>
              <td>${copyable(baseUrl + address)}</td>
              <td>
                <a href="${address}/help/index.html"
                  >Ayuda<span class="hidden"> de ${name} en ${environment}</span></a
                >
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
}

const copyable = (text: string): Markup =>
  html`<code>${text}</code>
    <button type="button" class="small" data-copy="${text}" hidden>
      Copiar<span class="hidden"> ${text}</span>
    </button>`;
