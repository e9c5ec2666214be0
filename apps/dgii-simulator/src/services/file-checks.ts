import { dataAnswer, type Answer } from '../http/answer.js';
import type { LedgerDraft } from '../state/ledger.js';
import type { ReceivedFile } from './call.js';

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const ENCF_LENGTH = 13;
const EXTENSION = /\.xml$/i;

const INVALID_FILE = { codigo: '001', valor: 'Archivo no válido.' };
const INVALID_NAME = {
  codigo: '3243',
  valor: 'La longitud del nombre del archivo no es válida.',
};

/** Answer to a file that is not even a document; it gets no trackId and uses no number. */
export function refusedFile(
  mensaje: { readonly codigo: string; readonly valor: string },
  record: LedgerDraft,
): Answer {
  const mensajes = [{ valor: mensaje.valor, codigo: mensaje.codigo }];
  return dataAnswer(
    { mensajes },
    { status: 400, root: 'RespuestaRecepcion', wantsXml: false },
    { ...record, mensajes: [mensaje] },
  );
}

/** What DGII looks at before it opens the file, or undefined when it may be opened. */
export function fileProblem(file: ReceivedFile): Answer | undefined {
  if (hasByteOrderMark(file)) return refusedFile(INVALID_FILE, {});
  // Issuer's RNC (9 or 11) and e-NCF: Descripción Técnica v1.6, p. 59.
  const length = file.fileName.replace(EXTENSION, '').length - ENCF_LENGTH;
  const isNamed = EXTENSION.test(file.fileName) && (length === 9 || length === 11);
  return isNamed ? undefined : refusedFile(INVALID_NAME, {});
}

/** The one thing DGII minds about a file whose name it does not check. */
export function hasByteOrderMark(file: ReceivedFile): boolean {
  return file.bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
}

export function unreadableFile(): Answer {
  return refusedFile({ ...INVALID_FILE, valor: 'Archivo no válido: no es un XML de e-CF.' }, {});
}
