export default async function teardown() {
  await globalThis.getupnetTestDatabases?.close();
}
