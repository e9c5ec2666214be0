import { BootError } from '@getupnet/platform';
import { roleUrl, roleUrls, statedRoles } from './role-urls.js';

const owner = 'postgresql://owner:k3Vq8w%2FLm0zXr@db.example:6543/getupnet?sslmode=verify-full';

describe('roleUrls', () => {
  test('derives a login for each role, the same on every machine', () => {
    const urls = roleUrls({ DATABASE_URL: owner });
    const app = new URL(urls.app);
    expect(app.username).toBe('getupnet_app');
    expect(app.password).toMatch(/^[\w-]{32}$/);
    expect([app.host, app.pathname, app.search]).toEqual([
      'db.example:6543',
      '/getupnet',
      '?sslmode=verify-full',
    ]);
    expect(roleUrls({ DATABASE_URL: owner })).toEqual(urls);
    const passwords = new Set(Object.values(urls).map((url) => new URL(url).password));
    expect(passwords.size).toBe(8);
    expect([...passwords].some((password) => owner.includes(password))).toBe(false);
  });

  test('another owner’s password means other passwords', () => {
    const other = owner.replace('k3Vq', 'k4Vq');
    expect(roleUrl({ DATABASE_URL: other }, 'app')).not.toContain(
      new URL(roleUrls({ DATABASE_URL: owner }).app).password,
    );
  });

  test('a stated connection is taken as it is', () => {
    const stated = { DATABASE_URL_SIGNER: 'postgresql://s:p@elsewhere/x' };
    expect(roleUrl(stated, 'signer')).toBe('postgresql://s:p@elsewhere/x');
    expect(roleUrl(stated, 'app')).toBeUndefined();
    expect(statedRoles(stated)).toEqual(['signer']);
    expect(roleUrls({ ...stated, DATABASE_URL: owner }).signer).toBe(
      'postgresql://s:p@elsewhere/x',
    );
  });

  test('names the variables that are missing, and no values', () => {
    expect(() => roleUrls({})).toThrow(/DATABASE_URL .*DATABASE_URL_APP.*: is required/);
    expect(() => roleUrl({ DATABASE_URL: 'postgresql://owner@h/d' }, 'app')).toThrow(BootError);
  });
});
