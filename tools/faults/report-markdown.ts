import { format, resolveConfig } from 'prettier';
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
  const fired = Object.entries(crashPoints.fired).sort(([a], [b]) => a.localeCompare(b));
  return `# Faults

Written by \`npm run faults\`: ${facts.processes} processes behind proxies, on
${facts.queue === 'redis' ? 'Redis' : 'queues in PostgreSQL'}, while a client issued. The checker shares no
code with the product: it compares the client's own ledger, DGII's, the tables and the audit.

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

Crash points, and how often each failed in each way:

${fired.map(([name, count]) => `- \`${name.replace(' ', '` ')}: ${count}`).join('\n')}
`;
}

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}
