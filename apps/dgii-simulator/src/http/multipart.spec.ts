import { uploadedFile } from './multipart.js';

const BOUNDARY = 'b-1';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

const part = (disposition: string, content: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n` +
  `Content-Type: text/xml\r\n\r\n${content}\r\n`;
const body = (...parts: readonly string[]): Buffer =>
  Buffer.from(`${parts.join('')}--${BOUNDARY}--\r\n`);

describe('uploadedFile', () => {
  it('takes the part with the name, byte for byte', () => {
    const content = '<a>\r\n--b- ñ\r\n</a>\r\n';
    const file = uploadedFile(
      body(
        part('name="other"; filename="o.xml"', 'x'),
        part('name="xml"; filename="f.xml"', content),
      ),
      TYPE,
      'xml',
    );
    expect(file?.fileName).toBe('f.xml');
    expect(file?.bytes.toString()).toBe(content);
  });

  it.each([
    ['a quoted boundary', `multipart/form-data; boundary="${BOUNDARY}"`],
    ['another parameter', `multipart/form-data; charset=utf-8; Boundary=${BOUNDARY}`],
  ])('reads %s', (_name, type) => {
    const form = body(part('filename=f.xml; name=xml', 'x'));
    expect(uploadedFile(form, type, 'xml')?.fileName).toBe('f.xml');
  });

  it.each([
    ['no boundary', body(part('name="xml"; filename="f.xml"', 'x')), 'multipart/form-data'],
    ['a field, not a file', body(part('name="xml"', 'x')), TYPE],
    ['the name only inside the file name', body(part('name="x"; filename="xml"', 'x')), TYPE],
    ['no end', Buffer.from(part('name="xml"; filename="f.xml"', 'x').trimEnd()), TYPE],
    ['an empty body', Buffer.alloc(0), TYPE],
  ])('finds nothing in a form with %s', (_name, form, type) => {
    expect(uploadedFile(form, type, 'xml')).toBeUndefined();
  });
});
