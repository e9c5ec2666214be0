export {
  AppError,
  isAppError,
  isDependencyAway,
  type AppErrorOptions,
  type Violation,
} from './app-error.js';
export { canonicalJson, type Json } from './canonical-json.js';
export {
  Clock,
  SystemClock,
  dominicanDate,
  dominicanDateOf,
  dominicanDateTime,
  isoDateOf,
} from './clock.js';
export { isUuid, newId } from './ids.js';
export { Decimal, ZERO, decimal, moneyText, roundMoney } from './money.js';
export { nearest } from './nearest.js';
export type { Outcome } from './outcome.js';
