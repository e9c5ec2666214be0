import { money, moneyText, ZERO } from '../../money.js';
import type { TipoEcf } from '../../catalogue/formats.js';
import { dayNumber } from '../../rules/dates.js';
import { creditNoteIndicator } from '../../rules/notes.js';
import type { Rule } from '../context.js';

const REFERENCE = '/InformacionReferencia';

/** Electronic, paper series B, and the old 19-character series (Formato e-CF V1.0, p. 57). */
const NCF_FORM = /^(E\d{12}|B\d{10}|[AP]\d{18})$/;

/** Paper type that each e-CF type may replace after a contingency (Formato e-CF V1.0, p. 58). */
const PAPER_TYPE: Readonly<Record<TipoEcf, string>> = {
  '31': '01',
  '32': '02',
  '33': '03',
  '34': '04',
  '41': '11',
  '43': '13',
  '44': '14',
  '45': '15',
  '46': '16',
  '47': '17',
};

/** CodigoModificacion that a type may use (Formato e-CF V1.0, p. 58). */
function allowedCodes(tipo: TipoEcf): readonly string[] {
  if (tipo === '34') return ['1', '2', '3', '4'];
  if (tipo === '33') return ['2', '3', '4'];
  return tipo === '31' ? ['4', '5'] : ['4'];
}

/** What a document says of the one it modifies or replaces (Formato e-CF V1.0, pp. 57-58). */
export const checkReference: Rule = ({ tipo, document, header, findings }) => {
  const reference = document.InformacionReferencia;
  if (!reference) return;
  const { NCFModificado, FechaNCFModificado, CodigoModificacion } = reference;
  for (const [field, value] of Object.entries({
    NCFModificado,
    FechaNCFModificado,
    CodigoModificacion,
  })) {
    if (value === undefined) findings.add('ECF-NOT-09', `${REFERENCE}/${field}`, { field });
  }
  if (CodigoModificacion !== undefined && !allowedCodes(tipo).includes(CodigoModificacion)) {
    const allowed = allowedCodes(tipo).join(', ');
    const params = { value: CodigoModificacion, tipo, allowed };
    findings.add('ECF-NOT-02', `${REFERENCE}/CodigoModificacion`, params);
  }
  if (reference.RNCOtroContribuyente === header.Emisor.RNCEmisor) {
    findings.add('ECF-NOT-12', `${REFERENCE}/RNCOtroContribuyente`);
  }
  if (NCFModificado === undefined) return;
  const path = `${REFERENCE}/NCFModificado`;
  if (!NCF_FORM.test(NCFModificado)) findings.add('ECF-NOT-03', path, { value: NCFModificado });
  if (NCFModificado === header.IdDoc.eNCF) findings.add('ECF-NOT-08', path);
  const [issued, modified] = [header.Emisor.FechaEmision, FechaNCFModificado].map(dayNumber);
  if (issued !== undefined && modified !== undefined && modified > issued) {
    findings.add('ECF-NOT-07', `${REFERENCE}/FechaNCFModificado`);
  }
  const paper = PAPER_TYPE[tipo];
  if (CodigoModificacion === '4' && !NCFModificado.startsWith(`B${paper}`)) {
    findings.add('ECF-NOT-10', path, { paper: `B${paper}`, value: NCFModificado });
  }
  if (tipo === '31' && CodigoModificacion === '5' && !/^(E32|B02)/.test(NCFModificado)) {
    findings.add('ECF-NOT-13', path, { value: NCFModificado });
  }
};

/** Rules of the notes themselves (in force since 23-09-2025; Informe Técnico v1.0, p. 17). */
export const checkNote: Rule = ({ tipo, document, header, findings }) => {
  if (tipo !== '33' && tipo !== '34') return;
  const reference = document.InformacionReferencia;
  const modified = reference?.NCFModificado ?? '';
  if (reference?.CodigoModificacion !== '4' && /^(E3[34]|B0[34])/.test(modified)) {
    findings.add('ECF-NOT-04', `${REFERENCE}/NCFModificado`, { value: modified });
  }
  const total = money(header.Totales.MontoTotal) ?? ZERO;
  if (reference?.CodigoModificacion === '2' && total !== ZERO) {
    findings.add('ECF-NOT-11', `${REFERENCE}/CodigoModificacion`, { total: moneyText(total) });
  }
  const stated = header.IdDoc.IndicadorNotaCredito;
  const computed = creditNoteIndicator(header.Emisor.FechaEmision, reference?.FechaNCFModificado);
  if (tipo === '34' && stated !== undefined && computed !== undefined) {
    if (Number(stated) !== Number(computed)) {
      findings.add('ECF-NOT-05', '/Encabezado/IdDoc/IndicadorNotaCredito', { stated, computed });
    }
    const itbis = money(header.Totales.TotalITBIS) ?? ZERO;
    if (computed === '1' && itbis !== ZERO) {
      findings.add('ECF-NOT-06', '/Encabezado/Totales/TotalITBIS');
    }
  }
};
