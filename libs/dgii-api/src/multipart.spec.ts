import { documentFileName, xmlForm } from './multipart.js';

describe('xmlForm', () => {
  it('is one file part named xml, with DGII’s file name and the bytes unchanged', () => {
    const fileName = documentFileName('131880681', 'E310000000001');
    const { contentType, body } = xmlForm(fileName, '<ECF>ñ</ECF>');
    const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(contentType)?.[1];
    expect(body.toString('utf8')).toBe(
      `--${boundary}\r\n` +
        'Content-Disposition: form-data; name="xml"; filename="131880681E310000000001.xml"\r\n' +
        'Content-Type: text/xml\r\n\r\n' +
        `<ECF>ñ</ECF>\r\n--${boundary}--\r\n`,
    );
  });

  it('never uses a boundary twice', () => {
    expect(xmlForm('a', '').contentType).not.toBe(xmlForm('a', '').contentType);
  });
});
