import type {
  DocumentResource,
  DocumentState,
  Environment,
  FindingResource,
} from '@getupnet/contracts';

/** A document as its tenant may read it. */
export interface DocumentView {
  readonly id: string;
  readonly environment: Environment;
  readonly encf: string;
  readonly tipo: DocumentResource['tipo'];
  readonly generation: number;
  readonly state: DocumentState;
  readonly route: 'ecf' | 'rfce';
  readonly bodySha256: string;
  readonly issuerRnc: string;
  readonly buyerRnc: string | null;
  readonly montoTotal: string;
  /** `yyyy-MM-dd` */
  readonly fechaEmision: string;
  readonly fechaHoraFirma: string;
  /** `yyyy-MM-dd`, first of the month */
  readonly artefactMonth: string;
  readonly codigoSeguridad: string | null;
  readonly findings: readonly FindingResource[];
  readonly trackId: string | null;
  readonly dgiiCodigo: string | null;
  readonly dgiiEstado: string | null;
  readonly dgiiMensajes: readonly { readonly codigo: string; readonly valor: string }[];
  readonly secuenciaUtilizada: boolean | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
