import { dominicanDateTime } from '@getupnet/kernel';
import { randomUUID } from 'node:crypto';

export interface MultipartBody {
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * The one form DGII takes: a single file part named `xml`, `text/xml`, with a file name. It is one
 * buffer, so that the request has a real Content-Length: a chunked form is read as an empty one.
 */
export function xmlForm(fileName: string, xml: string): MultipartBody {
  const boundary = `getupnet-${randomUUID()}`;
  const head =
    `--${boundary}\r\n` +
    `Content-Disposition: form-data; name="xml"; filename="${fileName}"\r\n` +
    'Content-Type: text/xml\r\n\r\n';
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.from(`${head}${xml}\r\n--${boundary}--\r\n`, 'utf8'),
  };
}

/**
 * File name of an e-CF or RFCE (issuer's RNC) and of an ACECF (buyer's RNC) with the e-NCF
 * (Descripción Técnica v1.6, p. 59).
 */
export function documentFileName(rnc: string, encf: string): string {
  return `${rnc}${encf}.xml`;
}

/** File name of a void request; none is prescribed, so it says whose and when. */
export function voidFileName(rnc: string, now: Date): string {
  return `${rnc}-ANECF-${dominicanDateTime(now).replace(/\D/g, '')}.xml`;
}
