import { probe, type HttpAnswer, type Probe } from '../net/probe.js';
import type { CheckSession } from '../session.js';
import { failed, ok, type Details, type Finding, type Step } from '../step.js';
import { lastOf, type Host } from './host.js';

const PATH = '/api/autenticacion/semilla';

/** Asks for a semilla, which anybody may, and looks at what answers. */
export function semillaStep(session: CheckSession, host: Host): Step {
  return {
    id: 'semilla',
    title: 'Servicio de semilla (HTTP)',
    target: host.name,
    why: 'Es la puerta de todos los servicios: sin semilla no hay token, y sin token no se envía nada.',
    needs: [lastOf(host)],
    run: async () => {
      const { endpoints, environment, timeoutMs } = session.settings;
      const base = endpoints.base(environment, 'autenticacion');
      if (base === null) throw new RangeError('every environment authenticates');
      const { clock, tlsAuthorities } = session.world;
      const url = new URL(base.href.replace(/\/$/, '') + PATH);
      const result = await probe(url, { clock, timeoutMs, authorities: tlsAuthorities });
      if (result.kind === 'none') return silent(result, timeoutMs);
      const finding = judge(result);
      if (finding.state === 'ok') session.semilla = result;
      return finding;
    },
  };
}

function silent(result: Extract<Probe, { kind: 'none' }>, timeoutMs: number): Finding {
  const details = { phase: result.phase, error: result.error.code };
  if (result.timedOut) {
    const what = {
      connect: 'no se conectó',
      head: 'no respondió',
      body: 'empezó a responder y no terminó',
    }[result.phase];
    const fix = 'La DGII o la red está lenta: repita más tarde o con más tiempo (--timeout).';
    return failed('http.timeout', `${what} en ${timeoutMs / 1_000} s`, fix, details);
  }
  const fix =
    'La conexión se cortó antes de la respuesta: repita; si persiste, revise cortafuegos e inspección TLS.';
  const found = `sin respuesta (${result.error.code || result.error.message})`;
  return failed('http.cut', found, fix, details);
}

function judge(answer: HttpAnswer): Finding {
  const { status, contentType, body, location, server } = answer;
  const details: Details = {
    status,
    contentType,
    ...(server === null ? {} : { server }),
    headMs: Math.round(answer.headMs),
  };
  if (status >= 300 && status < 400) {
    const found = `responde con un desvío a ${location ?? '(ningún sitio)'} (HTTP ${status})`;
    const fix =
      'Un portal cautivo o un proxy se interpone, o la dirección base no es la de la DGII.';
    return failed('http.redirect', found, fix, details);
  }
  if (status >= 500) {
    const fix =
      'El servicio está caído o en mantenimiento: repita más tarde y consulte los avisos de la DGII.';
    return failed('http.down', `el servicio responde con error (HTTP ${status})`, fix, details);
  }
  const title = /<title[^>]*>([^<]{1,200})</i.exec(body)?.[1]?.trim();
  const isHtml = /\bhtml\b/i.test(contentType) || /^\s*<(!doctype\s+)?html/i.test(body);
  if (status >= 400) {
    const found = `rechaza la petición (HTTP ${status}${title === undefined ? '' : `: «${title}»`})`;
    const fix =
      'Un cortafuegos intermedio la bloquea, o la dirección base no es la de ese ambiente.';
    return failed('http.refused', found, fix, details);
  }
  if (isHtml) {
    const found = `responde una página web en lugar de la semilla${title === undefined ? '' : `: «${title}»`}`;
    const fix =
      'Suele ser un aviso de mantenimiento o un portal de su red: ábrala en un navegador para leerla.';
    return failed('http.html', found, fix, details);
  }
  if (!/<SemillaModel[\s>]/.test(body) || !body.includes('</SemillaModel>')) {
    const found =
      body.trim() === '' ? 'la respuesta llegó vacía' : 'lo que llegó no es una semilla';
    const fix = 'Repita; si persiste, compruebe que ningún equipo de la red altera las respuestas.';
    return failed('http.not_semilla', found, fix, details);
  }
  return ok('http.ok', `HTTP ${status} en ${Math.round(answer.headMs)} ms`, details);
}
