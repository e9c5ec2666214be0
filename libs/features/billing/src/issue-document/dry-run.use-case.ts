import { Injectable } from '@nestjs/common';
import type { DryRunResource, EmitRequest, FindingResource } from '@getupnet/contracts';
import { PROBLEMS, isProblemCode } from '@getupnet/contracts';
import { Clock, isAppError, isDependencyAway, type AppError } from '@getupnet/kernel';
import type { TenantContext } from '@getupnet/tenant-context';
import { CertificateGate } from './certificate-gate.js';
import { draftDocument, toldFinding } from './document-draft.js';
import { issuerOf } from './issuer.js';
import { assertMayIssue } from './may-issue.js';
import { ReferencePolicy } from './reference-policy.js';

/** Everything an emission would check, and nothing it would consume. */
@Injectable()
export class DryRun {
  constructor(
    private readonly references: ReferencePolicy,
    private readonly certificates: CertificateGate,
    private readonly clock: Clock,
  ) {}

  async run(tenant: TenantContext, request: EmitRequest): Promise<DryRunResource> {
    const draft = draftDocument(request.ECF, { issuer: issuerOf(tenant), now: this.clock.now() });
    const findings = draft.findings.map(toldFinding);
    const { document } = draft;
    if (document) assertMayIssue(tenant, document);
    if (document && !findings.some((finding) => finding.severity === 'error')) {
      findings.push(...(await this.stateFindings(tenant, request, document)));
    }
    return {
      valid: !findings.some((finding) => finding.severity === 'error'),
      findings,
      ecf: document ? { ...document } : null,
      xml: draft.xml,
    };
  }

  private async stateFindings(
    tenant: TenantContext,
    request: EmitRequest,
    document: Parameters<ReferencePolicy['decide']>[1],
  ): Promise<FindingResource[]> {
    const checks = [
      async () => {
        await this.certificates.check(tenant.tenantId);
        return null;
      },
      async () => (await this.references.decide(tenant, document, null)).finding,
      async () => {
        if (request.corrects === undefined) return null;
        const tipo = document.Encabezado.IdDoc.TipoeCF;
        await this.references.correction(tenant, request.corrects, tipo);
        return null;
      },
    ];
    const found: FindingResource[] = [];
    for (const check of checks) {
      try {
        const finding = await check();
        if (finding) found.push(toldFinding(finding));
      } catch (error) {
        if (!isAppError(error) || isDependencyAway(error)) throw error;
        found.push(findingOfProblem(error));
      }
    }
    return found;
  }
}

/** A refusal that an emission would answer as a problem, told as a finding. */
function findingOfProblem(error: AppError): FindingResource {
  const problem = isProblemCode(error.code) ? PROBLEMS[error.code] : PROBLEMS.internal;
  const detail = problem.detail.replace(/\{(\w+)\}/g, (_, name: string) =>
    String(error.params[name] ?? ''),
  );
  return { code: error.code, path: '', severity: 'error', message: problem.title, fix: detail };
}
