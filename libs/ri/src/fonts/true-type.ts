/** The parts of a TrueType file that laying out text and cutting a subset need (ISO 14496-22). */
export class TrueType {
  private readonly tables = new Map<string, Uint8Array>();
  private readonly longOffsets: boolean;
  private readonly metricCount: number;
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  readonly box: readonly [number, number, number, number];
  private readonly groups: readonly CharacterGroup[];

  constructor(source: Uint8Array) {
    // A Buffer's `slice` shares memory: copies made of a plain array are copies.
    const bytes = new Uint8Array(source);
    const file = viewOf(bytes);
    const count = file.getUint16(4);
    for (let at = 12; at < 12 + count * 16; at += 16) {
      const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
      const offset = file.getUint32(at + 8);
      this.tables.set(tag, bytes.subarray(offset, offset + file.getUint32(at + 12)));
    }
    const head = viewOf(this.table('head'));
    const hhea = viewOf(this.table('hhea'));
    this.unitsPerEm = head.getUint16(18);
    this.box = [head.getInt16(36), head.getInt16(38), head.getInt16(40), head.getInt16(42)];
    this.longOffsets = head.getInt16(50) === 1;
    this.ascent = hhea.getInt16(4);
    this.descent = hhea.getInt16(6);
    this.metricCount = hhea.getUint16(34);
    this.groups = characterGroups(this.table('cmap'));
  }

  table(tag: string): Uint8Array {
    const table = this.tables.get(tag);
    if (!table) throw new Error(`font: no table ${tag}`);
    return table;
  }

  /** 0 when the font has no glyph for it. */
  glyphOf(codePoint: number): number {
    let low = 0;
    let high = this.groups.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const group = this.groups[middle];
      if (!group || codePoint < group.first) high = middle - 1;
      else if (codePoint > group.last) low = middle + 1;
      else return group.glyph + codePoint - group.first;
    }
    return 0;
  }

  /** Advance width and left side bearing, in font units. */
  metricsOf(glyph: number): { readonly advance: number; readonly bearing: number } {
    const hmtx = viewOf(this.table('hmtx'));
    const last = this.metricCount - 1;
    const bearingAt = glyph <= last ? glyph * 4 + 2 : (last + 1) * 4 + (glyph - last - 1) * 2;
    return {
      advance: hmtx.getUint16(Math.min(glyph, last) * 4),
      bearing: hmtx.getInt16(bearingAt),
    };
  }

  /** Outline of a glyph; empty for a space. */
  outlineOf(glyph: number): Uint8Array {
    const loca = viewOf(this.table('loca'));
    const at = (index: number) =>
      this.longOffsets ? loca.getUint32(index * 4) : loca.getUint16(index * 2) * 2;
    return this.table('glyf').subarray(at(glyph), at(glyph + 1));
  }
}

interface CharacterGroup {
  readonly first: number;
  readonly last: number;
  readonly glyph: number;
}

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const SEGMENTED_COVERAGE = 12;

/** Groups of the full-repertoire table, which DejaVu has; sorted by character. */
function characterGroups(cmap: Uint8Array): readonly CharacterGroup[] {
  const view = viewOf(cmap);
  for (let index = 0; index < view.getUint16(2); index++) {
    const at = view.getUint32(4 + index * 8 + 4);
    if (view.getUint16(at) !== SEGMENTED_COVERAGE) continue;
    return Array.from({ length: view.getUint32(at + 12) }, (_, group) => {
      const entry = at + 16 + group * 12;
      return {
        first: view.getUint32(entry),
        last: view.getUint32(entry + 4),
        glyph: view.getUint32(entry + 8),
      };
    });
  }
  throw new Error('font: no full-repertoire character map');
}
