import { figures, shortcomings, type Result } from './report.js';

/** The report as a page of the documentation. */
export function markdown(result: Result): string {
  const { facts, findings } = result;
  const { crashPoints, tally } = facts;
  const bad = shortcomings(result);
  const rows = findings.map(
    ({ id, rule, checked, offences }) =>
      `| ${id} | ${rule} | ${thousands(checked)} | ${offences.length} |`,
  );
  const fired = Object.entries(crashPoints.fired).sort(([a], [b]) => a.localeCompare(b));
  return `# Faults

Written by \`npm run faults\`: ${facts.processes} processes, two of each service, behind proxies, on
${facts.queue === 'redis' ? 'Redis' : 'queues in PostgreSQL'}, while a client issued. The checker shares no
code with the product: it compares the client's own ledger, DGII's, the tables and the audit.

    npm run faults -- --documents ${facts.asked.documents} --seed ${facts.seed} --kills ${facts.asked.kills} \\
      --flushes ${facts.asked.flushes} --database-crashes ${facts.asked.databaseCrashes} \\
      --tenants ${facts.asked.tenants} --pause ${facts.asked.pauseMs}

${bad.length === 0 ? '**Everything held.**' : `**It did not hold:** ${bad.join('; ')}.`}

| What | How much |
| --- | --- |
${figures(result)
  .map(([name, value]) => `| ${name} | ${value} |`)
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
