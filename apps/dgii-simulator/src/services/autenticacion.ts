import { dataAnswer, textAnswer, xmlAnswer, type Answer } from '../http/answer.js';
import { semillaDate, utcSeconds } from '../http/dates.js';
import { actsForNobody } from '../judge/delegation.js';
import type { SemillaReader } from '../judge/semilla-reader.js';
import type { Settings } from '../options.js';
import type { Handler } from './call.js';
import type { Semillas } from './semillas.js';
import type { Tokens } from './tokens.js';

const NAMESPACES =
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema"';

/** A fresh semilla: always XML, whatever the caller accepts. */
export function semilla(semillas: Semillas): Handler {
  return (call): Answer => {
    const fecha = semillaDate(call.now);
    const valor = semillas.issue(fecha, call.now.getTime());
    return xmlAnswer(
      `<?xml version="1.0" encoding="utf-8"?><SemillaModel ${NAMESPACES}>` +
        `<valor>${valor}</valor><fecha>${fecha}</fecha></SemillaModel>`,
    );
  };
}

interface ValidationParts {
  readonly semillas: Semillas;
  readonly tokens: Tokens;
  readonly reader: SemillaReader;
  readonly settings: Settings;
}

/** A signed semilla for a token; refusals are a bare text with status 400. */
export function validarSemilla(parts: ValidationParts): Handler {
  return (call): Answer => {
    const signed = parts.reader.read(call.file?.bytes ?? Buffer.alloc(0), call);
    if (typeof signed === 'string') return textAnswer(400, signed);
    if (!parts.semillas.use(signed.valor, signed.fecha, call.now.getTime())) {
      return textAnswer(400, 'La semilla no es válida, ya fue utilizada o está vencida.');
    }
    const { environments, tokenLifetimeMs } = parts.settings;
    if (actsForNobody(signed.holder, environments[call.environment])) {
      return textAnswer(
        400,
        `El RNC ${signed.holder} no está delegado para realizar transacciones.`,
      );
    }
    const expiresAt = new Date(call.now.getTime() + tokenLifetimeMs);
    const token = parts.tokens.issue(signed.holder, call.environment, call.now, expiresAt);
    return dataAnswer(
      { token, expira: utcSeconds(expiresAt), expedido: utcSeconds(call.now) },
      { root: 'RespuestaAutenticacion', wantsXml: call.wantsXml },
    );
  };
}
