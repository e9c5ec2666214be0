/**
 * Items in as few lists as possible, in order, each of at most `limit` in size; an item above the
 * limit gets a list of its own.
 */
export function splitBySize<T>(
  items: readonly T[],
  limit: number,
  sizeOf: (item: T) => number,
): T[][] {
  const lists: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const last = lists.at(-1);
    if (last && size <= room) last.push(item);
    else {
      lists.push([item]);
      room = limit;
    }
    room -= size;
  }
  return lists;
}
