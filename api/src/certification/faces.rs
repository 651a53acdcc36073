//! What the public may see of certificates: the card of each, made of its holder, its agency and the
//! dictionaries.

use std::collections::{HashMap, HashSet};

use entities::{agency, certificate, division, enforcement_field, person, public_card};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::rules::grounds::Ground;
use super::rules::lifecycle;
use crate::audit::UnitOfWork;
use crate::platform::failure::Fault;

/// The dictionaries that cards are written with.
pub(super) struct Faces {
    fields: Vec<enforcement_field::Model>,
    areas: HashMap<String, String>,
}

impl Faces {
    /// Loads them for the cards of these people, in two statements.
    pub async fn load(
        db: &impl ConnectionTrait,
        people: impl Iterator<Item = &person::Model>,
    ) -> Result<Self, Fault> {
        let codes: HashSet<&str> = people.map(|person| person.area_code.as_str()).collect();
        let areas = division::Entity::find()
            .filter(division::Column::Code.is_in(codes))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.code, row.name))
            .collect();
        let fields = enforcement_field::Entity::find()
            .order_by_asc(enforcement_field::Column::Position)
            .all(db)
            .await?;
        Ok(Self { fields, areas })
    }

    /// The card of a certificate.
    pub fn card(
        &self,
        uow: &UnitOfWork,
        person: &person::Model,
        certificate: &certificate::Model,
        agency: &agency::Model,
        issuing_authority: String,
    ) -> public_card::Model {
        let ground = certificate.ground.as_deref().and_then(Ground::from_code);
        public_card::Model {
            certificate_id: certificate.id,
            holder_id: person.id,
            number: certificate.number.clone(),
            name: person.name.clone(),
            kind: person.kind,
            state: lifecycle::public(certificate.state, ground),
            agency_id: agency.id,
            agency_number: agency.number,
            agency_name: agency.name.clone(),
            field_names: self.names(&person.field_codes),
            area_name: self.areas.get(&person.area_code).cloned().unwrap_or_default(),
            issuing_authority,
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
            photo_sha256: person.photo_sha256.clone(),
            complaint_phone: agency.complaint_phone.clone(),
            successions: json!([]),
            updated_at: uow.now(),
            shown_until: None,
        }
    }

    /// The names of codes, `{zh, en}` each; a code that left the dictionary is left out.
    fn names(&self, codes: &serde_json::Value) -> serde_json::Value {
        let codes = codes.as_array().map(Vec::as_slice).unwrap_or_default();
        let has = |field: &&enforcement_field::Model| {
            codes.iter().any(|code| code.as_str() == Some(field.code.as_str()))
        };
        let names = self.fields.iter().filter(has);
        names.map(|field| json!({ "zh": field.name_zh, "en": field.name_en })).collect()
    }
}
