import type { PortalEvent } from './events.js';
import { STEPS } from './steps.data.js';

const NAMES = {
  ecf: 'e-CF aceptado',
  rfce: 'RFCE aceptado',
  factura: 'Factura de consumo aceptada',
} as const;

/** An event in the words of the portal's log. */
export function logText(event: PortalEvent): string {
  switch (event.type) {
    case 'created':
      return 'Postulación creada.';
    case 'registered':
      return `Postulación firmada por ${event.holder}.`;
    case 'set':
      return 'Se entregó un set de pruebas nuevo.';
    case 'passed':
      return `${NAMES[event.kind]}: ${event.encf}.`;
    case 'restarted':
      return `El set de pruebas se reinició: ${event.reason}`;
    case 'approvals':
      return 'Se entregó el set de aprobaciones comerciales.';
    case 'approved':
      return `Aprobación comercial recibida: ${event.encf}.`;
    case 'simulated':
      return `Documento de simulación aceptado: ${event.document.encf} (${event.document.kind}).`;
    case 'printed':
      return `Representación impresa cargada: ${event.kind}.`;
    case 'noted':
      return event.text;
    default:
      return laterText(event);
  }
}

function laterText(event: PortalEvent): string {
  switch (event.type) {
    case 'reviewed':
      return event.problems.length === 0
        ? 'Representaciones impresas aprobadas.'
        : `Representaciones impresas rechazadas: ${event.problems.join(' ')}`;
    case 'urls':
      return `URL de ${event.phase === 'prueba' ? 'prueba' : 'producción'} registradas.`;
    case 'sending':
      return `Prueba de ${event.test} iniciada.`;
    case 'exchanged':
      return `Prueba de ${event.test} terminada.`;
    case 'declared':
      return `Declaración jurada firmada por ${event.holder}.`;
    case 'verified':
      return 'Estatus verificado: autorizado como emisor electrónico.';
    case 'moved':
      return `Llevado a mano al paso ${event.step} (${STEPS[event.step]}): ${event.reason}`;
    case 'cancelled':
      return `Postulación anulada: ${event.reason}`;
    default:
      return event.type;
  }
}
