import type { Environment } from '@getupnet/contracts';
import { hasErrors, readCanonical } from '@getupnet/ecf';
import { verify, type TrustCheck, type Verified } from '@getupnet/xmldsig';
import { SchemaCheck, type RootName } from './schema-check.js';

/** A document whose form and signature hold, or the first reason why they do not. */
export type Reading =
  | { readonly kind: 'signed'; readonly signed: Verified }
  /** Not XML, or a document of another kind. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'schema'; readonly detail: string }
  | { readonly kind: 'signature' }
  | { readonly kind: 'certificate' };

/** Looks at form and signature, in DGII's order. */
export class SignedReader {
  private readonly schemas = new SchemaCheck();

  constructor(private readonly trust: Readonly<Record<Environment, TrustCheck>>) {}

  read(
    bytes: Buffer,
    root: RootName,
    at: { readonly environment: Environment; readonly now: Date },
  ): Reading {
    const schema = this.schemas.check(bytes, root);
    if (schema.kind === 'unreadable') return schema;
    if (schema.kind === 'invalid') return { kind: 'schema', detail: schema.detail };
    const signed = verify(bytes, { trust: this.trust[at.environment], at: at.now });
    if (signed.ok) return { kind: 'signed', signed };
    const byCertificate = /^signature\.(certificate|untrusted)$/.test(signed.fault);
    return { kind: byCertificate ? 'certificate' : 'signature' };
  }

  dispose(): void {
    this.schemas.dispose();
  }
}

/** The tree of what was signed; undefined where the schema is laxer than the format. */
export function treeOf<T>(signed: Verified): T | undefined {
  const { document, findings } = readCanonical(signed.signedXml);
  // The schema was checked, so the tree has the shape of its root.
  return hasErrors(findings) ? undefined : (document as unknown as T);
}
