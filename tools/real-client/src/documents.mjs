// The documents of one run, as a user of dgii-ecf builds them: plain objects in the order of the XSD.

/** The taxpayer that DGII plays in testecf; it takes what is sent to it. */
export const BUYER = '131880681';
export const ISSUER = '131880738';
/** Last day of DGII's grant for testing, as the simulator has it. */
const EXPIRY = '31-12-2028';

/** e-NCF of a type and number. */
export const encf = (tipo, number) => `E${tipo}${String(number).padStart(10, '0')}`;

/** A document of one taxed line. */
export function ecf(tipo, number, at) {
  const withExpiry = tipo === '31' ? { FechaVencimientoSecuencia: EXPIRY } : {};
  return {
    ECF: {
      Encabezado: {
        Version: '1.0',
        IdDoc: {
          TipoeCF: tipo,
          eNCF: encf(tipo, number),
          ...withExpiry,
          IndicadorMontoGravado: '0',
          TipoIngresos: '01',
          TipoPago: '1',
        },
        Emisor: {
          RNCEmisor: ISSUER,
          RazonSocialEmisor: 'FERRETERÍA EL YUNQUE SRL',
          DireccionEmisor: 'Calle Duarte 15',
          FechaEmision: date(at),
        },
        Comprador: { RNCComprador: BUYER, RazonSocialComprador: 'DGII' },
        Totales: {
          MontoGravadoTotal: '1000.00',
          MontoGravadoI1: '1000.00',
          ITBIS1: '18',
          TotalITBIS: '180.00',
          TotalITBIS1: '180.00',
          MontoTotal: '1180.00',
        },
      },
      DetallesItems: {
        Item: {
          NumeroLinea: '1',
          IndicadorFacturacion: '1',
          NombreItem: 'Mantenimiento & repuestos',
          IndicadorBienoServicio: '2',
          CantidadItem: '1',
          PrecioUnitarioItem: '1000.00',
          MontoItem: '1000.00',
        },
      },
      FechaHoraFirma: dateTime(at),
    },
  };
}

/** The buyer's approval of such a document. */
export function acecf(document, at) {
  const { Emisor, IdDoc, Comprador, Totales } = document.ECF.Encabezado;
  return {
    ACECF: {
      DetalleAprobacionComercial: {
        Version: '1.0',
        RNCEmisor: Emisor.RNCEmisor,
        eNCF: IdDoc.eNCF,
        FechaEmision: Emisor.FechaEmision,
        MontoTotal: Totales.MontoTotal,
        RNCComprador: Comprador.RNCComprador,
        Estado: '1',
        FechaHoraAprobacionComercial: dateTime(at),
      },
    },
  };
}

/** Voids the numbers from one to another of type 31. */
export function anecf(first, last, at) {
  const count = String(last - first + 1);
  return {
    ANECF: {
      Encabezado: {
        Version: '1.0',
        RncEmisor: ISSUER,
        CantidadeNCFAnulados: count,
        FechaHoraAnulacioneNCF: dateTime(at),
      },
      DetalleAnulacion: {
        Anulacion: {
          NoLinea: '1',
          TipoeCF: '31',
          TablaRangoSecuenciasAnuladaseNCF: {
            Secuencias: {
              SecuenciaeNCFDesde: encf('31', first),
              SecuenciaeNCFHasta: encf('31', last),
            },
          },
          CantidadeNCFAnulados: count,
        },
      },
    },
  };
}

/** Dominican time is GMT-4 all year; dgii-ecf's own formatter counts to twelve hours only. */
function dominican(at) {
  const iso = new Date(at.getTime() - 4 * 60 * 60 * 1000).toISOString();
  return { day: iso.slice(0, 10).split('-').reverse().join('-'), time: iso.slice(11, 19) };
}

const date = (at) => dominican(at).day;
const dateTime = (at) => `${dominican(at).day} ${dominican(at).time}`;
