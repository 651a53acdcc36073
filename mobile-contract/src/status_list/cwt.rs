//! A list as CWT (Token Status List, section 5.2): a tagged `COSE_Sign1` over a map of claims.
//!
//! Ours is deterministic CBOR with everything in the protected header. Other issuers order their
//! maps otherwise, put the kid beside the protected header and add claims: all of that is read, and
//! what is not known is passed over.

use super::{CWT_MEDIA_TYPE, ListClaims, ListError, RawClaims, SignedList};
use crate::{
    cbor::{Malformed, Reader, Writer},
    cose::{self, ALG, KID, sig_structure},
    keys::Algorithm,
    sign::{SignError, Signer},
};

/// Labels of a header beside those of every message here (RFC 9052, section 3.1; RFC 9596, section 2).
const CRIT: i64 = 2;
const TYP: i64 = 16;

/// Keys of the claims (RFC 8392, section 4; Token Status List, section 14.3).
mod claim {
    pub(super) const ISS: i64 = 1;
    pub(super) const SUB: i64 = 2;
    pub(super) const EXP: i64 = 4;
    pub(super) const IAT: i64 = 6;
    pub(super) const STATUS_LIST: i64 = 65_533;
    pub(super) const TTL: i64 = 65_534;
}

pub(super) fn sign(
    claims: &ListClaims,
    compressed: &[u8],
    signer: &dyn Signer,
) -> Result<Vec<u8>, SignError> {
    let protected = Writer::default()
        .map(3)
        .int(ALG)
        .int(signer.algorithm().number())
        .int(KID)
        .bytes(&signer.kid().0)
        .int(TYP)
        .text(CWT_MEDIA_TYPE)
        .finish();
    let optional = [claims.issuer.is_some(), claims.expires.is_some(), claims.ttl.is_some()];
    let entries = optional.into_iter().map(u64::from).sum::<u64>() + 3;
    let mut payload = Writer::default().map(entries);
    if let Some(issuer) = &claims.issuer {
        payload = payload.int(claim::ISS).text(issuer);
    }
    payload = payload.int(claim::SUB).text(&claims.subject);
    if let Some(expires) = claims.expires {
        payload = payload.int(claim::EXP).int(expires);
    }
    payload = payload.int(claim::IAT).int(claims.issued_at).int(claim::STATUS_LIST);
    payload = payload.map(2).text("lst").bytes(compressed).text("bits");
    payload = payload.int(claims.list.bits().into());
    if let Some(ttl) = claims.ttl {
        payload = payload.int(claim::TTL).int(ttl);
    }
    let payload = payload.finish();
    let signature = signer.sign(&sig_structure(&protected, &[], &payload))?;
    Ok(cose::seal(&protected, &payload, &signature))
}

pub(super) fn read(bytes: &[u8]) -> Result<SignedList, ListError> {
    parse(bytes).map_err(|Malformed| ListError::Malformed)
}

fn parse(bytes: &[u8]) -> Result<SignedList, Malformed> {
    let mut reader = Reader::new(bytes);
    reader.tag(cose::TAG)?;
    reader.array(4)?;
    let protected = reader.bytes()?;
    let mut headers = Headers::default();
    let mut inside = Reader::new(protected);
    headers.read(&mut inside, true)?;
    inside.end()?;
    headers.read(&mut reader, false)?;
    let payload = reader.bytes()?;
    let signature = reader.fixed()?;
    reader.end()?;
    if headers.typ != Some(CWT_MEDIA_TYPE) {
        return Err(Malformed);
    }
    let algorithm = headers.algorithm.and_then(Algorithm::from_number).ok_or(Malformed)?;
    Ok(SignedList {
        algorithm,
        kid: headers.kid.map(<[u8]>::to_vec),
        message: sig_structure(protected, &[], payload),
        signature,
        claims: claims(payload)?,
    })
}

/// What the two headers say.
#[derive(Default)]
struct Headers<'a> {
    algorithm: Option<i64>,
    kid: Option<&'a [u8]>,
    typ: Option<&'a str>,
}

impl<'a> Headers<'a> {
    fn read(&mut self, reader: &mut Reader<'a>, protected: bool) -> Result<(), Malformed> {
        each_entry(reader, |label, reader| {
            match label {
                // What decides how the message is read counts only where it is signed too.
                ALG if protected => self.algorithm = Some(reader.int()?),
                TYP if protected => self.typ = Some(reader.text()?),
                KID if self.kid.is_none() => self.kid = Some(reader.bytes()?),
                ALG | TYP | KID | CRIT => return Err(Malformed),
                _ => reader.skip()?,
            }
            Ok(())
        })
    }
}

fn claims(payload: &[u8]) -> Result<RawClaims, Malformed> {
    let mut reader = Reader::new(payload);
    let (mut issuer, mut subject, mut expires, mut issued_at) = (None, None, None, None);
    let (mut ttl, mut bits, mut compressed) = (None, None, None);
    each_entry(&mut reader, |key, reader| {
        match key {
            claim::ISS => issuer = Some(reader.text()?.to_owned()),
            claim::SUB => subject = Some(reader.text()?.to_owned()),
            claim::EXP => expires = Some(reader.int()?),
            claim::IAT => issued_at = Some(reader.int()?),
            claim::TTL => ttl = Some(reader.int()?),
            claim::STATUS_LIST => {
                for _ in 0..reader.map_length()? {
                    match reader.text()? {
                        "bits" if bits.is_none() => {
                            bits = Some(u8::try_from(reader.uint()?).map_err(|_| Malformed)?);
                        }
                        "lst" if compressed.is_none() => {
                            compressed = Some(reader.bytes()?.to_vec());
                        }
                        "bits" | "lst" => return Err(Malformed),
                        _ => reader.skip()?,
                    }
                }
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    reader.end()?;
    Ok(RawClaims {
        subject: subject.ok_or(Malformed)?,
        issuer,
        issued_at: issued_at.ok_or(Malformed)?,
        expires,
        ttl,
        bits: bits.ok_or(Malformed)?,
        compressed: compressed.ok_or(Malformed)?,
    })
}

/// Goes through a map whose keys are numbers, in whatever order; the same key twice is no map.
fn each_entry<'a>(
    reader: &mut Reader<'a>,
    mut entry: impl FnMut(i64, &mut Reader<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut seen = Vec::new();
    for _ in 0..reader.map_length()? {
        let key = reader.int()?;
        if seen.contains(&key) || seen.len() >= MOST_ENTRIES {
            return Err(Malformed);
        }
        seen.push(key);
        entry(key, reader)?;
    }
    Ok(())
}

/// Entries of a map that are looked at.
const MOST_ENTRIES: usize = 32;
