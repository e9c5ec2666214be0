/** A file of a multipart body, sliced out of the received buffer without copying. */
export interface UploadedFile {
  readonly fileName: string;
  readonly bytes: Buffer;
}

const CRLF2 = Buffer.from('\r\n\r\n');
const MAX_PARTS = 16;

/**
 * The file part with exactly this name, or undefined. The body is already in memory and small, so
 * the parts are found by their boundary (RFC 2046 §5.1.1) instead of through a stream.
 */
export function uploadedFile(
  body: Buffer,
  contentType: string,
  name: string,
): UploadedFile | undefined {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const token = boundary?.[1] ?? boundary?.[2];
  if (token === undefined) return undefined;
  const delimiter = Buffer.from(`--${token}`);
  let start = body.indexOf(delimiter);
  for (let part = 0; part < MAX_PARTS && start >= 0; part += 1) {
    const from = start + delimiter.length;
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), from);
    if (next < 0) return undefined;
    const file = fileOf(body.subarray(from, next), name);
    if (file !== undefined) return file;
    start = next + 2;
  }
  return undefined;
}

function fileOf(part: Buffer, name: string): UploadedFile | undefined {
  const end = part.indexOf(CRLF2);
  if (end < 0) return undefined;
  const header = part.toString('utf8', 0, end);
  const disposition = /content-disposition:\s*form-data;([^\r\n]*)/i.exec(header)?.[1];
  if (disposition === undefined || parameter(disposition, 'name') !== name) return undefined;
  const fileName = parameter(disposition, 'filename');
  if (fileName === undefined) return undefined;
  return { fileName, bytes: part.subarray(end + CRLF2.length) };
}

function parameter(disposition: string, key: string): string | undefined {
  const match = new RegExp(`(?:^|[;\\s])${key}=(?:"([^"]*)"|([^\\s;"]+))`, 'i').exec(disposition);
  return match?.[1] ?? match?.[2];
}
