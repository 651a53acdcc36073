//! Access tokens: JWT signed with EdDSA by a key of its own use, ten minutes long. `typ`, `alg`,
//! `aud` and `iss` are pinned (RFC 8725 §3); the token names a session and says nothing of rights.

use chrono::{DateTime, Duration, Utc};
use entities::enums::KeyUse;
use entities::ids::{AccountId, SessionId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::platform::failure::Fault;
use crate::platform::keys::Keyring;

/// Life of an access token.
pub const LIFE: Duration = Duration::minutes(10);
const TYPE: &str = "at+jwt";
const AUDIENCE: &str = "liangzheng-api";

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// Account.
    pub sub: Uuid,
    /// Session.
    pub sid: Uuid,
    /// Version of the account when the token was made.
    pub ver: i32,
    iat: i64,
    exp: i64,
}

impl Claims {
    /// The account.
    pub fn account(&self) -> AccountId {
        AccountId(self.sub)
    }

    /// The session.
    pub fn session(&self) -> SessionId {
        SessionId(self.sid)
    }
}

/// Makes a token. `issuer` is the deployment's public address.
pub fn issue(
    keyring: &Keyring,
    issuer: &str,
    account: AccountId,
    session: SessionId,
    version: i32,
    now: DateTime<Utc>,
) -> Result<String, Fault> {
    let key = keyring.current(KeyUse::AccessToken, now)?;
    let header = Header {
        typ: Some(TYPE.to_owned()),
        alg: Algorithm::EdDSA,
        kid: Some(hex::encode(key.kid)),
        ..Header::default()
    };
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: account.0,
        sid: session.0,
        ver: version,
        iat: now.timestamp(),
        exp: (now + LIFE).timestamp(),
    };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&key.pkcs8()))
        .map_err(Fault::other)
}

/// What a valid token says; `None` for anything else, without telling what was wrong with it.
pub fn read(keyring: &Keyring, issuer: &str, token: &str, now: DateTime<Utc>) -> Option<Claims> {
    if token.len() > 2_000 {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    if header.typ.as_deref() != Some(TYPE) || header.alg != Algorithm::EdDSA {
        return None;
    }
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[issuer]);
    validation.set_required_spec_claims(&["exp", "aud", "iss"]);
    // The library would read the machine's clock; the time is compared below with ours.
    validation.validate_exp = false;
    let claims = keyring
        .all()
        .into_iter()
        .filter(|k| k.key_use == KeyUse::AccessToken && k.compromised_since.is_none())
        .filter(|k| Some(hex::encode(k.kid)) == header.kid && now < k.not_after)
        .find_map(|k| {
            let key = DecodingKey::from_ed_der(k.verifying_key().as_bytes());
            jsonwebtoken::decode::<Claims>(token, &key, &validation).ok()
        })?
        .claims;
    (claims.iat - 60 <= now.timestamp() && now.timestamp() < claims.exp).then_some(claims)
}
