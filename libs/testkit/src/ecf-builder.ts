export interface TestLine {
  readonly name?: string;
  readonly quantity?: string;
  readonly price?: string;
  /** 1 18 %, 2 16 %, 3 0 %, 4 exempt. */
  readonly billing?: string;
}

type Tree = Readonly<Record<string, unknown>>;

/** A request body under construction; each call answers a new builder. */
export class EcfBuilder {
  private constructor(
    private readonly header: Tree,
    private readonly lines: readonly TestLine[],
    private readonly extra: Tree,
    private readonly envelope: Tree,
  ) {}

  static of(tipo: string, header: Tree, extra: Tree = {}): EcfBuilder {
    return new EcfBuilder({ IdDoc: { TipoeCF: tipo }, ...header }, [], extra, {});
  }

  withLine(line: TestLine = {}): EcfBuilder {
    return new EcfBuilder(this.header, [...this.lines, line], this.extra, this.envelope);
  }

  /** Adds to a block of the header: `withHeader('IdDoc', { TipoPago: '2' })`. */
  withHeader(block: string, fields: Tree): EcfBuilder {
    const merged = { ...asTree(this.header[block]), ...fields };
    return new EcfBuilder(
      { ...this.header, [block]: merged },
      this.lines,
      this.extra,
      this.envelope,
    );
  }

  /** Adds members beside `ECF`: `with({ externalRef: 'A-1' })`. */
  with(members: Tree): EcfBuilder {
    return new EcfBuilder(this.header, this.lines, this.extra, { ...this.envelope, ...members });
  }

  /** A complete request: one line of 1,000.00 unless lines were given. */
  body() {
    const lines = this.lines.length === 0 ? [{}] : this.lines;
    return {
      ...this.envelope,
      ECF: {
        Encabezado: this.header,
        DetallesItems: { Item: lines.map(itemOf) },
        ...this.extra,
      },
    };
  }
}

function itemOf({ name = 'Servicio', quantity = '1', price = '1000.00', billing = '1' }: TestLine) {
  return {
    NombreItem: name,
    CantidadItem: quantity,
    PrecioUnitarioItem: price,
    IndicadorFacturacion: billing,
  };
}

function asTree(value: unknown): Tree {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const BUYER = { RNCComprador: '131880681', RazonSocialComprador: 'Cliente de Prueba SRL' };

/** Crédito fiscal. */
export function ecf31(): EcfBuilder {
  return EcfBuilder.of('31', { Comprador: BUYER });
}

/** Consumo, without a buyer. */
export function ecf32(): EcfBuilder {
  return EcfBuilder.of('32', {});
}

/** Nota de crédito on a document of ours; `fecha` is that document's date, dd-MM-yyyy. */
export function ecf34(modified: { readonly encf: string; readonly fecha: string }): EcfBuilder {
  return EcfBuilder.of(
    '34',
    { Comprador: BUYER },
    {
      InformacionReferencia: {
        NCFModificado: modified.encf,
        FechaNCFModificado: modified.fecha,
        CodigoModificacion: '3',
      },
    },
  );
}
