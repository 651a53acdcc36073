//! The way from a page or a showing to the form for evaluations and complaints: an address that says
//! which certificate and which day, and what the form carries when it is sent.
//!
//! The address is the same for everybody who is shown a certificate within an hour, so it tells of
//! no scan. Only the form that is opened by it carries something of its own, by which what is sent
//! twice is noticed. Both hold for an hour at least and two at most: they name the full hour at which
//! they end, and so not the time at which they were made.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entities::ids::CertificateId;
use uuid::Uuid;

use crate::platform::clock::local_date;
use crate::platform::seal::{MasterSecret, Purpose};

const LINK: Purpose = Purpose::new("verification/feedback-link");
const FORM: Purpose = Purpose::new("verification/feedback-form");
/// Before the token of an address.
const PATH: &str = "/feedback/about/";
const HOUR: i64 = 3600;
const SIGNATURE: usize = 16;

/// What a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The certificate that was shown.
    pub certificate: CertificateId,
    /// The day in China on which it was.
    pub met_on: NaiveDate,
}

/// What a form carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// By chance; the same each time the form is sent.
    pub nonce: [u8; 16],
    /// What it is about; none where no certificate was shown.
    pub about: Option<About>,
}

/// The path of the form about a certificate that is shown now: for the page of a scan, a look-up or
/// a showing.
pub fn path(secret: &MasterSecret, certificate: CertificateId, now: DateTime<Utc>) -> String {
    let about = About { certificate, met_on: local_date(now) };
    format!("{PATH}{}", sign(secret, LINK, &about_bytes(&about), now))
}

/// What the token of such a path is about; `None` where it is none or has ended.
pub fn read(secret: &MasterSecret, token: &str, now: DateTime<Utc>) -> Option<About> {
    about_of(&verify(secret, LINK, token, now)?)
}

/// What a form that is opened now carries.
pub fn form(secret: &MasterSecret, form: &Form, now: DateTime<Utc>) -> String {
    let about = form.about.as_ref().map(about_bytes).unwrap_or_default();
    sign(secret, FORM, &[form.nonce.as_slice(), &about].concat(), now)
}

/// What a form carried; `None` where it is none of ours or has ended.
pub fn read_form(secret: &MasterSecret, token: &str, now: DateTime<Utc>) -> Option<Form> {
    let bytes = verify(secret, FORM, token, now)?;
    let (nonce, about) = bytes.split_first_chunk::<16>()?;
    let about = if about.is_empty() { None } else { Some(about_of(about)?) };
    Some(Form { nonce: *nonce, about })
}

fn about_bytes(about: &About) -> Vec<u8> {
    let day = about.met_on.num_days_from_ce().to_be_bytes();
    [about.certificate.0.as_bytes().as_slice(), &day].concat()
}

fn about_of(bytes: &[u8]) -> Option<About> {
    let (id, day) = bytes.split_first_chunk::<16>()?;
    let day = i32::from_be_bytes(day.try_into().ok()?);
    let met_on = NaiveDate::from_num_days_from_ce_opt(day)?;
    Some(About { certificate: CertificateId(Uuid::from_bytes(*id)), met_on })
}

/// Bytes, the full hour at which they end, the signature over both.
fn sign(secret: &MasterSecret, purpose: Purpose, bytes: &[u8], now: DateTime<Utc>) -> String {
    let until = now.timestamp().div_euclid(HOUR) + 2;
    let signed = [bytes, &until.to_be_bytes()].concat();
    let signature = secret.url_signature(purpose, &signed);
    URL_SAFE_NO_PAD.encode([signed.as_slice(), &signature].concat())
}

fn verify(
    secret: &MasterSecret,
    purpose: Purpose,
    token: &str,
    now: DateTime<Utc>,
) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (signed, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE)?)?;
    if !secret.verify_url_signature(purpose, signed, signature) {
        return None;
    }
    let (content, until) = signed.split_last_chunk::<8>()?;
    let holds = now.timestamp().div_euclid(HOUR) < i64::from_be_bytes(*until);
    holds.then(|| content.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn about() -> About {
        About {
            certificate: CertificateId(Uuid::from_u128(7)),
            met_on: "2026-03-03".parse().unwrap(),
        }
    }

    #[test]
    fn an_address_says_certificate_and_day_for_an_hour_or_two_and_is_the_same_for_all() {
        let secret = MasterSecret::new(&[1; 32]);
        // Half past midnight in China.
        let now = at("2026-03-02T16:30:00Z");
        let address = path(&secret, about().certificate, now);
        let token = address.strip_prefix("/feedback/about/").unwrap();
        assert!(token.len() < 64, "{token}");
        for (minutes, holds) in [(0, true), (60, true), (89, true), (90, false), (1000, false)] {
            let read = read(&secret, token, now + Duration::minutes(minutes));
            assert_eq!(read, holds.then(about), "{minutes}");
        }
        let others = path(&secret, about().certificate, now + Duration::minutes(29));
        assert_eq!(others, address, "who is shown it within the hour has the same");
    }

    #[test]
    fn a_form_carries_what_it_was_given_and_neither_stands_for_the_other() {
        let secret = MasterSecret::new(&[1; 32]);
        let now = at("2026-03-02T16:30:00Z");
        for about in [None, Some(about())] {
            let carried = Form { nonce: [3; 16], about };
            let token = form(&secret, &carried, now);
            assert_eq!(read_form(&secret, &token, now), Some(carried));
            assert_eq!(read_form(&secret, &token, now + Duration::hours(2)), None);
            assert_eq!(read(&secret, &token, now), None);
            assert_eq!(read_form(&MasterSecret::new(&[2; 32]), &token, now), None);
            for n in 0..token.len() {
                let mut changed = token.clone().into_bytes();
                changed[n] = if changed[n] == b'A' { b'B' } else { b'A' };
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(read_form(&secret, &changed, now), None, "{changed}");
            }
        }
        let link = path(&secret, about().certificate, now);
        assert_eq!(read_form(&secret, link.strip_prefix(PATH).unwrap(), now), None);
        for wrong in ["", "A", "AAAA", "%%%", &"A".repeat(4000)] {
            assert_eq!(read(&secret, wrong, now), None, "{wrong}");
            assert_eq!(read_form(&secret, wrong, now), None, "{wrong}");
        }
    }
}
