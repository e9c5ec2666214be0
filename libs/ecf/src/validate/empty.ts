import type { Findings } from '../findings/finding.js';

/** DGII takes no empty tags, although its schemas let a container hold nothing. */
export function checkEmptyContainers(tree: object, path: string, findings: Findings): void {
  let some = false;
  for (const [name, value] of Object.entries(tree)) {
    if (value === undefined) continue;
    some = true;
    if (typeof value === 'object' && value !== null) {
      checkEmptyContainers(value as object, `${path}/${name}`, findings);
    }
  }
  if (!some) findings.add('ECF-FMT-19', path, { field: path.split('/').pop() ?? '' });
}
