// Hands databases to the test processes of a run. It lives in jest's main process, which outlasts
// them all, and starts PostgreSQL when the first one asks: unit tests never pay for it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import '../ts-register.mjs';

/** POST answers the owner URL of a new database; DELETE drops the one whose URL is the body. */
export async function startTestDatabaseServer() {
  let starting;
  const cluster = () => {
    starting ??= import('./test-cluster.ts').then(({ TestCluster }) => TestCluster.start());
    return starting;
  };
  const answer = async (request) => {
    const body = (await request.toArray()).join('');
    if (request.method === 'POST') return (await cluster()).clone();
    await (await cluster()).drop(body);
    return '';
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (body) => response.end(body),
      (error) => response.writeHead(500).end(error instanceof Error ? error.stack : `${error}`),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      // A cluster that failed to start has told the test that asked for it.
      const started = await starting?.catch(() => undefined);
      await started?.stop();
    },
  };
}
