//! Whether a phone's code was opened before: a neutral remark, for two people may scan one screen,
//! and a link that is sent on is opened by programs too (`docs/credential.md` §1).

use chrono::{DateTime, Duration, Utc};
use mobile_contract::{Opened, Shown};

use crate::platform::Platform;

/// For how long a code is remembered.
const REMEMBERED: Duration = Duration::seconds(120);
/// What comes so soon after the first is the same request again: a page that is loaded twice, a
/// preview beside the page. Who asked is not kept, so this is all that can tell.
const SAME_REQUEST: Duration = Duration::seconds(2);

/// Marks a code as opened and answers whether it had been, within two minutes. It is known by its
/// credential, time and challenge: its digits can be written in more than one way.
pub(super) async fn seen_before(platform: &Platform, opened: &Opened, now: DateTime<Utc>) -> bool {
    let Shown::ByPhone { issued_at, challenge } = opened.shown else { return false };
    let challenge = challenge.map(hex::encode).unwrap_or_default();
    let key = format!("{} {issued_at} {challenge}", opened.id);
    now - platform.seen.first(&key, REMEMBERED, now).await > SAME_REQUEST
}
