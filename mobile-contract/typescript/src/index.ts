/**
 * Verifies the codes of Liangzheng's certificates without a network: the same rule, and the same
 * answers, as the crate `mobile-contract`.
 *
 * @packageDocumentation
 */

export { type Bundle, type BundleError } from "./bundle.js";
export type { Credential } from "./credential.js";
export type { DeviceKey } from "./device.js";
export {
  type Circumstances,
  type Evidence,
  type Floor,
  judge,
  type Judgement,
  type Moment,
  type Verifier,
  verify,
} from "./judge.js";
export { Algorithm, type Checked, type KeyRecord, KeySet, KeyUse, PublicKey } from "./keys.js";
export { type Answer, type ListRefusal, OfflineVerifier } from "./offline.js";
export { open, type Opened, type Refusal, type Shown } from "./open.js";
export { type Disclosure, type Page, pageOf } from "./page.js";
export type { Taken } from "./refused.js";
export type { Pinned } from "./signedKeys.js";
export type { CertificateStatus, ListEntry, StatusFact } from "./status.js";
export {
  type ListClaims,
  type ListError,
  StatusList,
  verifyListWith,
} from "./statusList.js";
export {
  inPublic,
  isAuthentic,
  type PublicVerdict,
  type Reason,
  type Verdict,
  verdictOf,
  VERDICTS,
} from "./verdict.js";
export type { Agency, Checkpoint, Content, Field, Genuine } from "./wire.js";
