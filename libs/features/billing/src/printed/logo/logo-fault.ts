import { AppError } from '@getupnet/kernel';

/** Why an image cannot be a logo; each one says in Spanish what to do about it. */
const FAULTS = {
  empty: {
    message: 'El cuerpo está vacío.',
    fix: 'Envíe los bytes de la imagen como cuerpo de la solicitud.',
  },
  type: {
    message: 'El contenido no es lo que dice Content-Type ({expected}).',
    fix: 'Envíe el tipo verdadero: image/png, image/jpeg o image/svg+xml.',
  },
  too_large: {
    message: 'La imagen ocupa {bytes} bytes; el máximo es {most}.',
    fix: 'Redúzcala: un logo impreso no necesita más de unos 1,000 píxeles de ancho.',
  },
  dimensions: {
    message: 'La imagen mide {width} × {height}; debe medir entre {least} y {most} por lado.',
    fix: 'Cambie su tamaño y vuelva a cargarla.',
  },
  pixels: {
    message: 'La imagen tiene {width} × {height} píxeles; el máximo es {most} en total.',
    fix: 'Reduzca su tamaño: impresa no se verá distinta.',
  },
  damaged: {
    message: 'La imagen está dañada o incompleta: {reason}.',
    fix: 'Ábrala en un editor, guárdela de nuevo y vuelva a cargarla.',
  },
  color_mode: {
    message: 'La imagen usa un modo de color que no se imprime igual en todas partes: {reason}.',
    fix: 'Guárdela en RGB o en escala de grises.',
  },
  svg_dtd: {
    message: 'El SVG trae una declaración DOCTYPE o entidades.',
    fix: 'Expórtelo sin DOCTYPE, o borre esa línea con un editor de texto.',
  },
  svg_script: {
    message: 'El SVG trae código: {reason}.',
    fix: 'Quite los guiones y los atributos on…; un logo no los necesita.',
  },
  svg_external: {
    message: 'El SVG se refiere a algo que está fuera de él: {reason}.',
    fix: 'Incruste los trazos en el propio SVG; no se cargan archivos ni direcciones.',
  },
  svg_element: {
    message: 'El SVG usa algo que no se puede imprimir fielmente: {reason}.',
    fix:
      'Convierta textos, filtros e imágenes en trazos (Illustrator e Inkscape: ' +
      '«Convertir en trazados») y exporte como SVG simple, o cargue un PNG.',
  },
  svg_style: {
    message: 'El SVG trae estilos que no se pueden leer: {reason}.',
    fix: 'Exporte con «atributos de presentación» en lugar de hojas de estilo.',
  },
  svg_too_complex: {
    message: 'El SVG es demasiado complejo: {reason}.',
    fix: 'Simplifique el dibujo, o cargue un PNG.',
  },
} as const;

export type LogoFault = keyof typeof FAULTS;

/** `branding.logo_invalid` with the fault's code, where and what to do. */
export function logoFault(
  fault: LogoFault,
  params: Readonly<Record<string, string | number>> = {},
  cause?: unknown,
): AppError {
  const { message, fix } = FAULTS[fault];
  const filled = message.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '…'));
  const errors = [{ pointer: '', code: `logo.${fault}`, message: filled, fix }];
  return new AppError('branding.logo_invalid', {}, { errors, cause });
}
