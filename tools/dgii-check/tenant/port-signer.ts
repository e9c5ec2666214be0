import { PROBLEMS, isProblemCode, type Sign } from '@getupnet/contracts';
import { AppError, isAppError, newId } from '@getupnet/kernel';
import type { SemillaSigner } from '../signers.js';
import { failed, ok, type Finding } from '../step.js';

export interface PortSignerParts {
  readonly sign: Sign;
  readonly tenantId: string;
  /** Spanish: why nothing may be signed for this environment; null when it may. */
  readonly forbidden: Finding | null;
}

/** Signs through the installation's signer: the key stays where it is kept. */
export class PortSigner implements SemillaSigner {
  readonly title = 'Certificado de la instalación';
  readonly judgesCertificate = false;

  constructor(private readonly parts: PortSignerParts) {}

  async open(): Promise<Finding> {
    const { forbidden, sign, tenantId } = this.parts;
    if (forbidden) return forbidden;
    try {
      const thumbprint = await sign.activeThumbprint(tenantId);
      return ok('p12.ok', 'el contribuyente tiene un certificado activo', { thumbprint });
    } catch (error) {
      if (!isAppError(error)) throw error;
      return refusedBySigner(error);
    }
  }

  async sign(semilla: string): Promise<string> {
    const { sign, tenantId } = this.parts;
    const [signed] = await sign.sign({
      tenantId,
      requester: 'dgii-check',
      items: [{ documentId: newId(), kind: 'semilla', xml: semilla }],
    });
    if (signed?.ok) return signed.xml;
    throw new AppError(signed?.code ?? 'internal');
  }
}

const FIXES: Readonly<Record<string, string>> = {
  'cert.missing': 'Cargue el P12 del contribuyente (POST /sign/certificates) y actívelo.',
  'cert.expired': 'Renueve el certificado y cargue el nuevo.',
  'dependency.unavailable':
    'Compruebe que el servicio sign responde en SIGN_URL y que SERVICE_KEY_OUT_SIGN es la suya.',
};

/** The catalogue's words for people; the code says the rest. */
function refusedBySigner({ code, params }: AppError): Finding {
  const detail = isProblemCode(code) ? PROBLEMS[code].detail : code;
  const found = detail.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
  const fix = FIXES[code] ?? 'Mire el registro del servicio sign.';
  return failed('signer.refused', found, fix, { problem: code });
}
