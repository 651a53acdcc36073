//! A deployment whose private keys everybody knows.

#![allow(dead_code, reason = "no target uses all of it")]

use mobile_contract::{
    Credential, Ed25519Signer, KeyRecord, KeyUse, Signer,
    bundle::{Content, Pinned, keys::SignedKeys},
};

pub const NOW: i64 = 1_800_000_000;
pub const ISSUER: &str = "https://zf.example.cn";

pub fn signer(seed: u8) -> Ed25519Signer {
    Ed25519Signer::from_seed(&[seed; 32])
}

pub fn pinned() -> Pinned {
    Pinned { roots: vec![signer(1).public_key()], issuer: ISSUER.to_owned() }
}

pub fn records() -> Vec<KeyRecord> {
    [(2, KeyUse::Credential), (3, KeyUse::Status), (4, KeyUse::Bundle)]
        .into_iter()
        .map(|(seed, key_use)| KeyRecord {
            public_key: signer(seed).public_key(),
            key_use,
            not_before: 0,
            not_after: 4_000_000_000,
            compromised_since: None,
        })
        .collect()
}

pub fn bundle() -> Vec<u8> {
    let keys = SignedKeys { issuer: ISSUER.to_owned(), version: 1, issued_at: NOW, records: records() };
    let content = Content {
        issuer: ISSUER.to_owned(),
        version: 1,
        issued_at: NOW - 60,
        expires: NOW + 86_400,
        signed_keys: keys.sign(&signer(1)).unwrap(),
        largest_staleness: 86_400,
        clock_skew: 300,
        list_base: format!("{ISSUER}/status/"),
        lists: vec![1],
        agencies: vec![],
        fields: vec![],
        checkpoint: None,
        genuine: vec![],
    };
    content.sign(&signer(4)).unwrap()
}

/// A printed code's bytes, to begin from.
pub fn card() -> Vec<u8> {
    let credential = Credential {
        certificate_number: "62000000017".to_owned(),
        not_before: NOW - 86_400,
        expires: NOW + 86_400,
        name: String::new(),
        name_cut: false,
        agency: 7,
        kind: 1,
        status_list: 1,
        status_index: 9,
        device_key: None,
    };
    credential.named("王伟").issue(&signer(2)).unwrap().bytes
}
