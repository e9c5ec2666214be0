import { format, resolveConfig } from 'prettier';
import { CRASH_KINDS } from './chaos/crash-plan.js';
import { commandOf, figures, shortcomings, type Result } from './report.js';

/** The report as a page of the documentation, formatted as the others are. */
export async function markdown(result: Result, path: string): Promise<string> {
  const style = await resolveConfig(path);
  return format(pageOf(result), { ...style, parser: 'markdown' });
}

function pageOf(result: Result): string {
  const { facts, findings } = result;
  const { crashPoints, tally } = facts;
  const bad = shortcomings(result);
  const rows = findings.map(
    ({ id, rule, checked, offences }) =>
      `| ${id} | ${rule} | ${thousands(checked)} | ${offences.length} |`,
  );
  return `# Faults

Written by \`npm run faults\`. ${facts.processes} processes behind proxies, their jobs in ${
    facts.queue === 'redis' ? 'Redis' : 'PostgreSQL'
  }, failed while a client issued.
The checker shares no code with the product: it compares the client's own ledger, DGII's, the tables and the audit.

    ${commandOf(result)}

${bad.length === 0 ? '**Everything held.**' : `**It did not hold:** ${bad.join('; ')}.`}

| What | How much |
| --- | --- |
${figures(result)
  .map(({ en, value }) => `| ${en} | ${value} |`)
  .join('\n')}

| Rule | What it says | Looked at | Broken |
| --- | --- | --: | --: |
${rows.join('\n')}

## What went wrong on purpose

${Object.entries(tally)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([name, count]) => `${name} ${count}`)
  .join(' · ')}

| Crash point | ${CRASH_KINDS.join(' | ')} |
| --- | ${CRASH_KINDS.map(() => '--:').join(' | ')} |
${crashPointRows(crashPoints.fired).join('\n')}
`;
}

/** How often each crash point failed in each way. */
function crashPointRows(fired: Readonly<Record<string, number>>): readonly string[] {
  const points = new Set(Object.keys(fired).map((name) => name.split(' ')[0] ?? name));
  return [...points]
    .sort((a, b) => a.localeCompare(b))
    .map((point) => {
      const counts = CRASH_KINDS.map((kind) => fired[`${point} ${kind}`] ?? 0);
      return `| \`${point}\` | ${counts.join(' | ')} |`;
    });
}

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}
