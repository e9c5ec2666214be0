import { decimal } from '@getupnet/kernel';

/** Whether two amounts differ by more than DGII bears; an absent amount is zero. */
export function differs(
  stated: string | undefined,
  computed: string | undefined,
  tolerance: number,
): boolean {
  return decimal(stated ?? '0')
    .minus(computed ?? '0')
    .abs()
    .greaterThan(tolerance);
}
