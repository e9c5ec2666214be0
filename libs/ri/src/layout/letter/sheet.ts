import { mm } from '../box.js';

/** Letter paper; the sides keep the 2 cm from the edge that the QR code must keep. */
export const SHEET = { width: 612, height: 792 } as const;
export const MARGIN = mm(20);
export const CONTENT = SHEET.width - 2 * MARGIN;
export const TOP = mm(14);
/** Where the last line of the footer ends. */
export const BOTTOM = SHEET.height - mm(11);
export const QR_SIZE = mm(26);
export const QR_QUIET = mm(3);
export const GAP = 12;
/** All amounts end here, so that those of the table and of the totals stand below each other. */
export const INSET = 10;
export const TOTALS_WIDTH = 268;
