import {
  PEOPLE_ROUTES,
  apiKeyListSchema,
  createApiKeySchema,
  newApiKeySchema,
  pageQuerySchema,
  personIdSchema,
  rotateApiKeySchema,
  type ApiKeyList,
  type CreateApiKey,
  type NewApiKeyView,
  type PageQuery,
  type RotateApiKey,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import {
  CurrentTenant,
  CurrentUser,
  type TenantContext,
  type UserContext,
} from '@getupnet/tenant-context';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { actingIn } from '../users/acting-person.js';
import { ApiKeys } from './api-keys.service.js';
import { MANAGES_PEOPLE } from '../users/manages-people.js';

/** A company's API keys. Made, rotated and revoked by people; a key cannot make another. */
@Controller()
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Endpoint('GET', PEOPLE_ROUTES.apiKeys, {
    ...MANAGES_PEOPLE,
    summary: 'The company’s API keys, newest first, without the keys themselves',
    request: { query: pageQuerySchema },
    response: apiKeyListSchema,
    problems: ['cursor.invalid'],
  })
  list(
    @CurrentTenant() { tenantId }: TenantContext,
    @Query() query: PageQuery,
  ): Promise<ApiKeyList> {
    return this.keys.list(tenantId, query);
  }

  @Endpoint('POST', PEOPLE_ROUTES.apiKeys, {
    ...MANAGES_PEOPLE,
    summary: 'Make an API key, shown once; it may no more than who makes it',
    description: 'With TENANT_RFCE_SUBMIT alone it issues type 32 only, as a till does.',
    status: 201,
    request: { body: createApiKeySchema },
    response: newApiKeySchema,
  })
  create(
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
    @Body() body: CreateApiKey,
  ): Promise<NewApiKeyView> {
    return this.keys.create(actingIn(tenant, user), body);
  }

  @Endpoint('POST', PEOPLE_ROUTES.rotateApiKey, {
    ...MANAGES_PEOPLE,
    summary: 'A new key in place of one that works on until its grace is over',
    status: 201,
    request: { params: personIdSchema, body: rotateApiKeySchema },
    response: newApiKeySchema,
    problems: ['key.state', 'resource.not_found'],
  })
  rotate(
    @Param('id') id: string,
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
    @Body() body: RotateApiKey,
  ): Promise<NewApiKeyView> {
    return this.keys.rotate(actingIn(tenant, user), id, body);
  }

  @Endpoint('DELETE', PEOPLE_ROUTES.apiKey, {
    ...MANAGES_PEOPLE,
    summary: 'Revoke an API key',
    status: 204,
    request: { params: personIdSchema },
    problems: ['resource.not_found'],
  })
  revoke(
    @Param('id') id: string,
    @CurrentTenant() tenant: TenantContext,
    @CurrentUser() user: UserContext,
  ): Promise<void> {
    return this.keys.revoke(actingIn(tenant, user), id);
  }
}
