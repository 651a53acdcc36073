//! The payload of a bundle: a map with numbered entries in deterministic CBOR. A bundle of another
//! make is another version of the format, with another domain; nothing unknown is passed over.

use super::{Agency, Checkpoint, Content, Field, Genuine};
use crate::{
    cbor::{Malformed, Reader, Writer},
    credential::time,
    judge::CLOCK_TOLERANCE_SECONDS,
};

/// Labels, in the order of deterministic CBOR.
mod label {
    pub(super) const ISSUER: i64 = 1;
    pub(super) const VERSION: i64 = 2;
    pub(super) const KEYS: i64 = 3;
    pub(super) const EXP: i64 = 4;
    pub(super) const IAT: i64 = 6;
    pub(super) const STALENESS: i64 = 7;
    pub(super) const LIST_BASE: i64 = 8;
    pub(super) const LISTS: i64 = 9;
    pub(super) const AGENCIES: i64 = 10;
    pub(super) const FIELDS: i64 = 11;
    pub(super) const CHECKPOINT: i64 = 12;
    pub(super) const GENUINE: i64 = 13;
    pub(super) const SKEW: i64 = 14;
}

/// Entries of a list that are read at most.
pub(super) const MAX_ENTRIES: u64 = 65_536;

pub(super) fn write(content: &Content) -> Vec<u8> {
    let skew = (content.clock_skew != CLOCK_TOLERANCE_SECONDS).then_some(content.clock_skew);
    let mut to = Writer::default().map(12 + u64::from(skew.is_some()));
    to = to.int(label::ISSUER).text(&content.issuer);
    to = to.int(label::VERSION).uint(content.version);
    to = to.int(label::KEYS).bytes(&content.signed_keys);
    to = to.int(label::EXP).int(content.expires);
    to = to.int(label::IAT).int(content.issued_at);
    to = to.int(label::STALENESS).int(content.largest_staleness);
    to = to.int(label::LIST_BASE).text(&content.list_base);
    to = to.int(label::LISTS).list(&content.lists, |to, list| to.uint((*list).into()));
    to = to.int(label::AGENCIES).list(&content.agencies, write_agency);
    to = to.int(label::FIELDS).list(&content.fields, |to, field| {
        to.array(3).text(&field.code).text(&field.zh).text(&field.en)
    });
    let checkpoints = content.checkpoint.as_slice();
    to = to.int(label::CHECKPOINT).list(checkpoints, |to, checkpoint| {
        to.array(2).uint(checkpoint.number).bytes(&checkpoint.hash)
    });
    to = to
        .int(label::GENUINE)
        .list(&content.genuine, |to, genuine| to.array(2).bytes(&genuine.key).bytes(&genuine.list));
    to.optional(skew, |to, skew| to.int(label::SKEW).int(skew)).finish()
}

pub(super) fn read(payload: &[u8]) -> Result<Content, Malformed> {
    let mut reader = Reader::new(payload);
    let entries = reader.map_length()?;
    let issuer = reader.at(label::ISSUER)?.text()?.to_owned();
    let version = reader.at(label::VERSION)?.uint()?;
    let signed_keys = reader.at(label::KEYS)?.bytes()?.to_vec();
    let expires = time(reader.at(label::EXP)?)?;
    let issued_at = time(reader.at(label::IAT)?)?;
    let largest_staleness = time(reader.at(label::STALENESS)?)?;
    let list_base = reader.at(label::LIST_BASE)?.text()?.to_owned();
    let lists = reader.at(label::LISTS)?.list(MAX_ENTRIES, Reader::u32)?;
    let agencies = reader.at(label::AGENCIES)?.list(MAX_ENTRIES, read_agency)?;
    let fields = reader.at(label::FIELDS)?.list(MAX_ENTRIES, |reader| {
        reader.array(3)?;
        let mut text = || reader.text().map(str::to_owned);
        Ok(Field { code: text()?, zh: text()?, en: text()? })
    })?;
    let checkpoints = reader.at(label::CHECKPOINT)?.list(1, |reader| {
        reader.array(2)?;
        Ok(Checkpoint { number: reader.uint()?, hash: reader.fixed()? })
    })?;
    let genuine = reader.at(label::GENUINE)?.list(MAX_ENTRIES, |reader| {
        reader.array(2)?;
        Ok(Genuine { key: reader.fixed()?, list: reader.fixed()? })
    })?;
    // It is told where it is another than the usual one: of one content there is one spelling.
    let clock_skew = match entries {
        12 => CLOCK_TOLERANCE_SECONDS,
        13 => match time(reader.at(label::SKEW)?)? {
            CLOCK_TOLERANCE_SECONDS => return Err(Malformed),
            skew => skew,
        },
        _ => return Err(Malformed),
    };
    reader.end()?;
    let rising = strictly_rising(lists.iter())
        && strictly_rising(agencies.iter().map(|agency| agency.number))
        && strictly_rising(fields.iter().map(|field| field.code.as_str()))
        && strictly_rising(genuine.iter().map(|genuine| genuine.key));
    if !rising {
        return Err(Malformed);
    }
    Ok(Content {
        issuer,
        version,
        issued_at,
        expires,
        signed_keys,
        largest_staleness,
        clock_skew,
        list_base,
        lists,
        agencies,
        fields,
        checkpoint: checkpoints.into_iter().next(),
        genuine,
    })
}

pub(super) fn write_agency(to: Writer, agency: &Agency) -> Writer {
    to.array(3).uint(agency.number.into()).text(&agency.name).text(&agency.division)
}

pub(super) fn read_agency(reader: &mut Reader<'_>) -> Result<Agency, Malformed> {
    reader.array(3)?;
    Ok(Agency {
        number: reader.u32()?,
        name: reader.text()?.to_owned(),
        division: reader.text()?.to_owned(),
    })
}

pub(super) fn strictly_rising<T: PartialOrd>(items: impl Iterator<Item = T>) -> bool {
    items.is_sorted_by(|a, b| a < b)
}
