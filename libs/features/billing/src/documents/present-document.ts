import type { DocumentResource } from '@getupnet/contracts';
import { qrUrl } from '@getupnet/ecf';
import { dominicanDateOf } from '@getupnet/kernel';
import type { DocumentView } from './document-view.js';

/** The document resource of the API. */
export function presentDocument(view: DocumentView): DocumentResource {
  const self = `/tenant/invoices/${view.id}`;
  return {
    id: view.id,
    encf: view.encf,
    tipo: view.tipo,
    state: view.state,
    dgii: {
      codigo: view.dgiiCodigo,
      estado: view.dgiiEstado,
      mensajes: view.dgiiMensajes.map(({ codigo, valor }) => ({ codigo, valor })),
      trackId: view.trackId,
      secuenciaUtilizada: view.secuenciaUtilizada,
    },
    codigoSeguridad: view.codigoSeguridad,
    fechaHoraFirma: view.fechaHoraFirma,
    montoTotal: view.montoTotal,
    qrUrl:
      view.codigoSeguridad === null
        ? null
        : qrUrl({
            environment: view.environment,
            route: view.route,
            rncEmisor: view.issuerRnc,
            rncComprador: view.buyerRnc,
            encf: view.encf,
            fechaEmision: dominicanDateOf(view.fechaEmision),
            montoTotal: view.montoTotal,
            fechaFirma: view.fechaHoraFirma,
            codigoSeguridad: view.codigoSeguridad,
          }),
    findings: [...view.findings],
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
    links: {
      self,
      xml: `${self}/xml`,
      ri: `/tenant/ri/${view.id}`,
      timeline: `${self}/timeline`,
    },
  };
}
