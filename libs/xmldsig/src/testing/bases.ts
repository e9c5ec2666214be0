import { signForeign } from '../sign-foreign.js';
import { signCanonical } from '../sign-canonical.js';
import { DS, ENVELOPED, EXCLUSIVE, INCLUSIVE, XSD, XSI, document, forge, signer } from './forge.js';

/** Canonical text with everything that other readers may see otherwise. */
export const difficult =
  '<ECF><Encabezado><eNCF>E310000000007</eNCF><Nombre>Ñandú &amp; Cía &lt;S&gt; ]]&gt;</Nombre>' +
  '<Nota>dos\nlíneas\ty &#xD; retorno</Nota><Vacio></Vacio><Blanco> </Blanco>' +
  '<MontoTotal>1180.00</MontoTotal></Encabezado><Detalle><Item><Monto>1.00</Monto></Item>' +
  '<Item><Monto>2.00</Monto></Item><Item><Monto>\u{1f600}</Monto></Item></Detalle></ECF>';

const spaced = document
  .replace('<Encabezado>', '\n  <Encabezado>')
  .replace('</Encabezado>', '\n</Encabezado>\n ');
const scope = `xmlns:xsd="${XSD}" xmlns:xsi="${XSI}"`;
const semilla =
  `<SemillaModel ${scope}><valor>YWJj+/A==</valor><fecha>2026-06-15T10:29:58-04:00</fecha>` +
  '</SemillaModel>';

/** Signed documents of every make that the gate accepts. */
export const bases: readonly string[] = [
  (await signCanonical(document, signer)).xml,
  (await signCanonical(difficult, signer)).xml,
  signForeign(Buffer.from(semilla), signer).xml,
  forge({ body: spaced }),
  forge({ body: difficult, indent: '\n  ' }),
  forge({ p: 'ds:' }),
  forge({ body: difficult, c14n: EXCLUSIVE, transforms: [ENVELOPED, EXCLUSIVE] }),
  forge({ p: 'x:', c14n: EXCLUSIVE, transforms: [ENVELOPED, INCLUSIVE] }),
  forge({ rootScope: scope, scope: `xmlns="${DS}" ${scope}` }),
  forge({
    hash: 'sha512',
    method: 'Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"',
    digestMethod: 'http://www.w3.org/2001/04/xmlenc#sha512',
  }),
];
