import { Sign } from '@getupnet/contracts';
import { BootError, loadConfig, type EnvSource } from '@getupnet/platform';
import { Module } from '@nestjs/common';
import { dgiiClientEnv } from './dgii-client.env.js';
import { dgiiClient, dgiiGatewayLocal } from './dgii-client.service-definition.js';
import { TestSign } from './testing/signed-documents.js';

@Module({ providers: [{ provide: Sign, useClass: TestSign }], exports: [Sign] })
class SignModule {}

const sign = { module: SignModule, env: [] };

describe('the service definition', () => {
  it('shares tokens and breakers between the service and the port beside it', () => {
    const [http] = dgiiClient({ sign }).http;
    const imports = http && 'imports' in http ? http.imports : [];
    expect(imports).toContain(dgiiGatewayLocal({ sign }).module);
    expect(dgiiGatewayLocal({ sign }).module).toBe(dgiiGatewayLocal({ sign }).module);
  });

  const problems = (source: EnvSource): readonly string[] => {
    try {
      loadConfig([dgiiClientEnv], source);
      return [];
    } catch (error) {
      if (error instanceof BootError) return error.problems;
      throw error;
    }
  };

  it('reads its variables', () => {
    const endpoints = { 'certecf/recepcionfc': 'https://fc.dgii.gov.do/Certecf/recepcionfc' };
    const config = loadConfig([dgiiClientEnv], {
      DGII_ENDPOINTS: JSON.stringify(endpoints),
      DGII_PRODUCTION_ENABLED: 'true',
    });
    expect(config.get(dgiiClientEnv)).toMatchObject({
      DGII_ENDPOINTS: endpoints,
      DGII_PRODUCTION_ENABLED: true,
    });
    expect(loadConfig([dgiiClientEnv], {}).get(dgiiClientEnv)).toMatchObject({
      DGII_ENDPOINTS: {},
      DGII_PRODUCTION_ENABLED: false,
    });
  });

  it.each([
    ['DGII_ENDPOINTS', '{"testecf/recepcion":"https://ecf.dgii.gov.do/ecf/recepcion"}'],
    ['DGII_ENDPOINTS', '{"testecf/recepcion":1}'],
    ['DGII_ENDPOINTS', 'not json'],
    ['DGII_BASE_URL', 'ftp://127.0.0.1'],
    ['DGII_PRODUCTION_ENABLED', 'perhaps'],
  ])('refuses %s=%s before anything starts', (name, value) => {
    expect(problems({ [name]: value })).toEqual([expect.stringContaining(`${name}: `)]);
  });
});
