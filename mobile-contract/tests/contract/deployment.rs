//! A deployment as an app meets it: its root, its keys, its bundles and its status lists.

use mobile_contract::{
    Ed25519Signer, KeyRecord, KeyUse, Signer,
    bundle::{Agency, Checkpoint, Content, Field, Pinned, keys::SignedKeys},
    status_list::{ListClaims, StatusList},
};

use crate::fixtures::*;

pub(crate) const ISSUER: &str = "https://zf.example.cn";
pub(crate) const TTL: i64 = 900;
pub(crate) const STALENESS: i64 = 3 * DAY;

pub(crate) fn root() -> Ed25519Signer {
    Ed25519Signer::from_seed(&[0xa0; 32])
}

pub(crate) fn bundle_signer() -> Ed25519Signer {
    Ed25519Signer::from_seed(&[0xa1; 32])
}

pub(crate) fn status_signer() -> Ed25519Signer {
    Ed25519Signer::from_seed(&[0xa2; 32])
}

pub(crate) fn pinned() -> Pinned {
    Pinned { roots: vec![root().public_key()], issuer: ISSUER.to_owned() }
}

/// One key of each use that an app meets.
pub(crate) fn signed_keys(version: u64) -> SignedKeys {
    let of = |signer: &dyn Signer, key_use| KeyRecord { key_use, ..record(signer) };
    SignedKeys {
        issuer: ISSUER.to_owned(),
        version,
        issued_at: NOW - DAY,
        records: vec![
            of(&issuer(), KeyUse::Credential),
            of(&issuer_es256(), KeyUse::Credential),
            of(&status_signer(), KeyUse::Status),
            of(&bundle_signer(), KeyUse::Bundle),
        ],
    }
}

fn agency(number: u32, name: &str) -> Agency {
    Agency { number, name: name.to_owned(), division: "620102".to_owned() }
}

/// What the bundle of a version says, made an hour ago.
pub(crate) fn content(version: u64) -> Content {
    Content {
        issuer: ISSUER.to_owned(),
        version,
        issued_at: NOW - HOUR,
        expires: NOW + 6 * DAY,
        signed_keys: signed_keys(1).sign(&root()).unwrap(),
        largest_staleness: STALENESS,
        clock_skew: 300,
        list_base: format!("{ISSUER}/status/"),
        lists: vec![3, 4],
        agencies: vec![agency(7, "兰州市公安局"), agency(1_204, "城关区市场监督管理局")],
        fields: vec![Field {
            code: "01".to_owned(),
            zh: "市场监管".to_owned(),
            en: "Market regulation".to_owned(),
        }],
        checkpoint: Some(Checkpoint { number: 12, hash: [5; 32] }),
        genuine: vec![],
    }
}

pub(crate) fn bundle(version: u64) -> Vec<u8> {
    content(version).sign(&bundle_signer()).unwrap()
}

/// List 3 as it was at a moment, with the entry of the fixtures' credentials.
pub(crate) fn list_at(issued_at: i64, entry: u8) -> ListClaims {
    let mut list = StatusList::new(2, 131_072).unwrap();
    assert!(list.set(printed().status_index, entry));
    ListClaims {
        subject: format!("{ISSUER}/status/3"),
        issuer: Some(ISSUER.to_owned()),
        issued_at,
        expires: Some(issued_at + 5 * DAY),
        ttl: Some(TTL),
        list,
    }
}

pub(crate) fn signed_list(list: &ListClaims) -> Vec<u8> {
    list.sign_cwt(&list.list.compress(6).unwrap(), &status_signer()).unwrap()
}

/// So many zero bytes, compressed: some kilobytes that unpack to a large list.
pub(crate) fn zeros_compressed(len: usize) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; len]).unwrap();
    encoder.finish().unwrap()
}
