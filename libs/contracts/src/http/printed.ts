import { z } from 'zod';

/** What a printed representation may be asked for as. */
export const RI_FORMATS = ['pdf', 'ticket', 'html'] as const;
export type RiFormat = (typeof RI_FORMATS)[number];

export const riQuerySchema = z.strictObject({
  format: z
    .enum(RI_FORMATS)
    .default('pdf')
    .describe('pdf: carta; ticket: PDF de 80 mm; html: página para pantalla y papel.'),
});
export type RiQuery = z.infer<typeof riQuerySchema>;

/** Columns of a printed document's lines, with the names of the official models. */
export const RI_COLUMNS = [
  'linea',
  'codigo',
  'cantidad',
  'descripcion',
  'unidad',
  'gradosAlcohol',
  'pvp',
  'precio',
  'precioOtraMoneda',
  'isce',
  'iscav',
  'itbis',
  'descuento',
  'recargo',
  'valor',
  'valorOtraMoneda',
] as const;
export type RiColumnName = (typeof RI_COLUMNS)[number];

/** Longest text at the foot of a printed document. */
export const MAX_FOOTER_TEXT = 240;

export const LOGO_MEDIA_TYPES = ['image/png', 'image/jpeg', 'image/svg+xml'] as const;
export type LogoMediaType = (typeof LOGO_MEDIA_TYPES)[number];

const accentColor = z
  .string()
  .regex(/^#[0-9A-Fa-f]{6}$/, { error: 'Escríbalo como #RRGGBB, por ejemplo #0B3D91.' })
  .nullable();
const footerText = z
  .string()
  .trim()
  .min(1)
  .max(MAX_FOOTER_TEXT)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'No admite caracteres de control ni saltos de línea.' })
  .nullable();
const columns = z
  .array(z.enum(RI_COLUMNS))
  .min(1)
  .refine((names) => new Set(names).size === names.length, {
    error: 'Una columna está repetida: nómbrela una sola vez.',
  })
  .nullable();

/** The whole setting: what is left out goes back to its default. The logo has a route of its own. */
export const brandingSettingsSchema = z
  .strictObject({
    accentColor: accentColor
      .default(null)
      .describe('Color de títulos y líneas; debe leerse sobre blanco (contraste 4.5:1).'),
    footerText: footerText.default(null).describe('Texto al pie, además de lo que exige la DGII.'),
    columns: columns
      .default(null)
      .describe('Columnas opcionales que se muestran; las que exige la DGII salen siempre.'),
  })
  .meta({ id: 'BrandingSettings' });
export type BrandingSettings = z.infer<typeof brandingSettingsSchema>;

export const brandingResourceSchema = z
  .strictObject({
    accentColor: z.string().nullable(),
    footerText: z.string().nullable(),
    columns: z.array(z.enum(RI_COLUMNS)).nullable(),
    logo: z
      .strictObject({
        mediaType: z.enum(LOGO_MEDIA_TYPES),
        width: z.number().int().describe('Píxeles; en un SVG, unidades del dibujo.'),
        height: z.number().int(),
        bytes: z.number().int().describe('De la imagen guardada, sin metadatos.'),
        sha256: z.string(),
      })
      .nullable(),
    updatedAt: z.iso.datetime().nullable().describe('null: nunca se ha cambiado.'),
    links: z.strictObject({ self: z.string(), logo: z.string() }),
  })
  .meta({ id: 'Branding' });
export type BrandingResource = z.infer<typeof brandingResourceSchema>;
