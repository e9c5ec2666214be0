import { v7, validate } from 'uuid';

/** New row id: UUID version 7, so that keys of the same time lie together in an index. */
export function newId(): string {
  return v7();
}

export function isUuid(value: string): boolean {
  return validate(value);
}
