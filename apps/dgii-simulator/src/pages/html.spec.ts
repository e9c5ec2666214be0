import { flag, html } from './html.js';

// Under another name, so that the formatter leaves these templates as they are.
const put = html;

describe('html', () => {
  it('escapes texts, between tags and in attributes', () => {
    const hostile = `"><script>alert('1')</script>&`;
    const { text } = put`<a title="${hostile}">${hostile}</a>`;
    expect(text).not.toMatch(/<script|'|&(?!amp;|lt;|gt;|#\d)/);
    expect(text.match(/"/g)).toHaveLength(2);
  });

  it('takes markup, numbers, lists and nothing', () => {
    const items = ['<b>', 2].map((value) => put`<li>${value}</li>`);
    expect(put`<ul>${items}${null}${undefined}</ul>`.text).toBe(
      '<ul><li>&lt;b&gt;</li><li>2</li></ul>',
    );
  });

  it('writes an attribute without a value or leaves it out', () => {
    const input = (on: boolean): string => put`<input${flag('disabled', on)}>`.text;
    expect([input(true), input(false)]).toEqual(['<input disabled>', '<input>']);
  });
});
