export default async function stopSharedCluster(): Promise<void> {
  await globalThis.sharedCluster?.remove();
}
