//! The form of an entry and its hash.

use chrono::{DateTime, SecondsFormat, Utc};
use entities::audit_entry;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What a chain begins from: the hash before its first entry.
pub const GENESIS: [u8; 32] = [0; 32];

/// The digest of what an entry says, without its place in the chain's hashes: SHA-256 over its
/// fields, each preceded by its length in bytes as eight big-endian bytes, so that no two different
/// entries give the same input.
pub fn content_hash(entry: &audit_entry::Model) -> [u8; 32] {
    digest(&[
        b"liangzheng/audit-entry-content/1",
        entry.stream.as_bytes(),
        &entry.seq.to_be_bytes(),
        entry.id.0.as_bytes(),
        time_text(entry.at).as_bytes(),
        entry.actor.as_bytes(),
        entry.action.as_bytes(),
        entry.subject.as_bytes(),
        entry.body.as_bytes(),
    ])
}

/// The hash of an entry: over the digest of its content and the hash before. A chain can so be
/// followed by whoever is told no more of others' entries than that digest.
pub fn entry_hash(entry: &audit_entry::Model) -> [u8; 32] {
    link(&content_hash(entry), &entry.prev_hash)
}

/// The hash of an entry with this content after this hash.
pub fn link(content: &[u8; 32], prev_hash: &[u8]) -> [u8; 32] {
    digest(&[b"liangzheng/audit-entry/2", content, prev_hash])
}

/// Whether an entry's content and link give its hash, in the present form or the first one, in
/// which content and link were hashed in one. Such entries stay as they were written.
pub fn holds(entry: &audit_entry::Model) -> bool {
    entry.hash == entry_hash(entry) || entry.hash == first_form(entry)
}

fn first_form(entry: &audit_entry::Model) -> [u8; 32] {
    digest(&[
        b"liangzheng/audit-entry/1",
        entry.stream.as_bytes(),
        &entry.seq.to_be_bytes(),
        entry.id.0.as_bytes(),
        time_text(entry.at).as_bytes(),
        entry.actor.as_bytes(),
        entry.action.as_bytes(),
        entry.subject.as_bytes(),
        entry.body.as_bytes(),
        &entry.prev_hash,
    ])
}

/// SHA-256 over parts, each preceded by its length.
pub fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// A time as it is hashed: RFC 3339 in UTC with six digits.
pub fn time_text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// JSON with the keys of every object in order and no spaces: `serde_json`'s maps are sorted.
pub fn canonical(body: &Value) -> String {
    body.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use entities::ids::AuditEntryId;

    fn entry() -> audit_entry::Model {
        audit_entry::Model {
            stream: "system".into(),
            seq: 1,
            id: AuditEntryId(uuid::Uuid::nil()),
            at: DateTime::from_timestamp_micros(1_790_000_000_000_001).unwrap(),
            actor: "system".into(),
            action: "key.create".into(),
            subject: "key_1".into(),
            body: "{}".into(),
            prev_hash: GENESIS.to_vec(),
            hash: Vec::new(),
        }
    }

    #[test]
    fn every_field_changes_the_hash() {
        let base = entry_hash(&entry());
        let changes: [fn(&mut audit_entry::Model); 9] = [
            |e| e.stream.push('x'),
            |e| e.seq = 2,
            |e| e.id = AuditEntryId(uuid::Uuid::max()),
            |e| e.at += chrono::Duration::microseconds(1),
            |e| e.actor.push('x'),
            |e| e.action.push('x'),
            |e| e.subject.push('x'),
            |e| e.body.push(' '),
            |e| e.prev_hash[0] = 1,
        ];
        for change in changes {
            let mut changed = entry();
            change(&mut changed);
            assert_ne!(entry_hash(&changed), base);
            assert_ne!(first_form(&changed), first_form(&entry()));
        }
    }

    #[test]
    fn an_entry_holds_in_either_form_and_in_no_other() {
        let mut row = entry();
        row.hash = entry_hash(&row).to_vec();
        assert!(holds(&row));
        row.hash = first_form(&row).to_vec();
        assert!(holds(&row));
        row.body.push(' ');
        assert!(!holds(&row));
        row.hash = content_hash(&row).to_vec();
        assert!(!holds(&row), "a content without its link");
    }

    #[test]
    fn a_letter_moved_to_the_next_field_changes_the_hash() {
        let (mut a, mut b) = (entry(), entry());
        a.actor = "ab".into();
        a.action = "c".into();
        b.actor = "a".into();
        b.action = "bc".into();
        assert_ne!(entry_hash(&a), entry_hash(&b));
    }

    #[test]
    fn json_is_written_with_its_keys_in_order() {
        let body: Value =
            serde_json::from_str(r#"{"b": 1, "a": {"d": [1, 2], "c": null}}"#).unwrap();
        assert_eq!(canonical(&body), r#"{"a":{"c":null,"d":[1,2]},"b":1}"#);
    }
}
