/** A demo request: the tree an ERP would post, and what it shows. */
export interface DemoDocument {
  readonly tipo: string;
  readonly shows: string;
  /** `issued` holds the numbers given so far, by type, for the notes that refer to them. */
  readonly tree: (issued: ReadonlyMap<string, string>, today: string) => object;
}

const buyer = {
  RNCComprador: '131880681',
  RazonSocialComprador: 'Distribuidora Quisqueya, SRL',
} as const;

/** One document of every type; notes come after the documents they refer to. */
export const DEMO_DOCUMENTS: readonly DemoDocument[] = [
  {
    tipo: '31',
    shows: 'crédito fiscal',
    tree: () => ({
      Encabezado: { IdDoc: { TipoeCF: '31', TipoPago: 1 }, Comprador: buyer },
      DetallesItems: {
        Item: [
          {
            NombreItem: 'Servicio de mantenimiento mensual',
            IndicadorBienoServicio: 2,
            CantidadItem: 1,
            PrecioUnitarioItem: '12500.00',
            IndicadorFacturacion: 1,
          },
          {
            NombreItem: 'Filtro de aire industrial',
            IndicadorBienoServicio: 1,
            CantidadItem: 4,
            UnidadMedida: '43',
            PrecioUnitarioItem: '1875.50',
            IndicadorFacturacion: 1,
          },
        ],
      },
    }),
  },
  {
    tipo: '32',
    shows: 'consumo, va como resumen (RFCE)',
    tree: () => ({
      Encabezado: { IdDoc: { TipoeCF: '32', IndicadorMontoGravado: 1 } },
      DetallesItems: {
        Item: [
          {
            NombreItem: 'Café molido 454 g',
            CantidadItem: 2,
            PrecioUnitarioItem: '389.00',
            IndicadorFacturacion: 2,
          },
          {
            NombreItem: 'Cafetera de seis tazas',
            CantidadItem: 1,
            PrecioUnitarioItem: '1450.00',
            IndicadorFacturacion: 1,
          },
        ],
      },
    }),
  },
  {
    tipo: '32',
    shows: 'consumo de 250,000.00 o más',
    tree: () => ({
      Encabezado: { IdDoc: { TipoeCF: '32' }, Comprador: buyer },
      DetallesItems: {
        Item: {
          NombreItem: 'Generador eléctrico de 20 kW',
          CantidadItem: 1,
          PrecioUnitarioItem: '310000.00',
          IndicadorFacturacion: 1,
        },
      },
    }),
  },
  {
    tipo: '33',
    shows: 'nota de débito sobre la factura',
    tree: (issued, today) => ({
      Encabezado: { IdDoc: { TipoeCF: '33' }, Comprador: buyer },
      DetallesItems: {
        Item: {
          NombreItem: 'Cargo por instalación',
          IndicadorBienoServicio: 2,
          CantidadItem: 1,
          PrecioUnitarioItem: '1500.00',
          IndicadorFacturacion: 1,
        },
      },
      InformacionReferencia: {
        NCFModificado: issued.get('31'),
        FechaNCFModificado: today,
        CodigoModificacion: 3,
      },
    }),
  },
  {
    tipo: '34',
    shows: 'nota de crédito sobre la factura',
    tree: (issued, today) => ({
      Encabezado: { IdDoc: { TipoeCF: '34' }, Comprador: buyer },
      DetallesItems: {
        Item: {
          NombreItem: 'Devolución de un filtro de aire',
          CantidadItem: 1,
          PrecioUnitarioItem: '1875.50',
          IndicadorFacturacion: 1,
        },
      },
      InformacionReferencia: {
        NCFModificado: issued.get('31'),
        FechaNCFModificado: today,
        CodigoModificacion: 3,
      },
    }),
  },
  {
    tipo: '41',
    shows: 'compra a un proveedor informal, con retención',
    tree: () => ({
      Encabezado: {
        IdDoc: { TipoeCF: '41' },
        Comprador: { RNCComprador: '00199999996', RazonSocialComprador: 'Pedro Peralta' },
      },
      DetallesItems: {
        Item: {
          NombreItem: 'Servicio de jardinería',
          IndicadorBienoServicio: 2,
          CantidadItem: 1,
          PrecioUnitarioItem: '8000.00',
          IndicadorFacturacion: 1,
          Retencion: {
            IndicadorAgenteRetencionoPercepcion: 1,
            MontoITBISRetenido: '1440.00',
            MontoISRRetenido: '800.00',
          },
        },
      },
    }),
  },
  {
    tipo: '43',
    shows: 'gasto menor',
    tree: () => ({
      Encabezado: { IdDoc: { TipoeCF: '43' } },
      DetallesItems: {
        Item: {
          NombreItem: 'Peaje',
          IndicadorBienoServicio: 2,
          CantidadItem: 3,
          PrecioUnitarioItem: '100.00',
          IndicadorFacturacion: 4,
        },
      },
    }),
  },
  {
    tipo: '44',
    shows: 'régimen especial, exento',
    tree: () => ({
      Encabezado: { IdDoc: { TipoeCF: '44' }, Comprador: buyer },
      DetallesItems: {
        Item: {
          NombreItem: 'Materia prima textil',
          CantidadItem: 120,
          UnidadMedida: '43',
          PrecioUnitarioItem: '215.75',
          IndicadorFacturacion: 4,
        },
      },
    }),
  },
  {
    tipo: '45',
    shows: 'venta al Estado',
    tree: () => ({
      Encabezado: {
        IdDoc: { TipoeCF: '45' },
        Comprador: {
          RNCComprador: '401007374',
          RazonSocialComprador: 'Institución Pública de Ejemplo',
        },
      },
      DetallesItems: {
        Item: {
          NombreItem: 'Papel bond carta',
          CantidadItem: 50,
          PrecioUnitarioItem: '265.00',
          IndicadorFacturacion: 1,
        },
      },
    }),
  },
  {
    tipo: '46',
    shows: 'exportación en dólares',
    tree: () => ({
      Encabezado: {
        IdDoc: { TipoeCF: '46' },
        Comprador: {
          IdentificadorExtranjero: 'EIN-770493581',
          RazonSocialComprador: 'Caribbean Imports LLC',
          PaisComprador: 'ESTADOS UNIDOS',
        },
        OtraMoneda: { TipoMoneda: 'USD', TipoCambio: '62.5000' },
      },
      DetallesItems: {
        Item: {
          NombreItem: 'Cacao orgánico en grano',
          CantidadItem: 1000,
          UnidadMedida: '23',
          PrecioUnitarioItem: '312.50',
          IndicadorFacturacion: 3,
        },
      },
    }),
  },
  {
    tipo: '47',
    shows: 'pago al exterior, con retención',
    tree: () => ({
      Encabezado: {
        IdDoc: { TipoeCF: '47' },
        Comprador: { IdentificadorExtranjero: 'GB-99431', RazonSocialComprador: 'Cloud Ltd' },
      },
      DetallesItems: {
        Item: {
          NombreItem: 'Licencia anual de software',
          IndicadorBienoServicio: 2,
          CantidadItem: 1,
          PrecioUnitarioItem: '90000.00',
          IndicadorFacturacion: 4,
          Retencion: {
            IndicadorAgenteRetencionoPercepcion: 1,
            MontoISRRetenido: '24300.00',
          },
        },
      },
    }),
  },
];
