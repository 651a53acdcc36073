//! ID numbers and phones of many people, for a list that is exported: whole for whoever may read
//! them and says what for, else no more than tells two namesakes apart.

use std::collections::HashMap;

use entities::ids::PersonId;
use entities::person;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::secrets;
use super::store::ROWS_AT_ONCE;
use crate::access::Scope;
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// Characters that are left of what is masked.
const LEFT: usize = 4;

/// What is kept sealed of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// ID number of 18 characters.
    pub id_number: String,
    /// Mobile number.
    pub phone: Option<String>,
}

impl Identity {
    /// The same with all but the last four characters masked.
    #[must_use]
    pub fn masked(&self) -> Self {
        Self { id_number: masked(&self.id_number), phone: self.phone.as_deref().map(masked) }
    }
}

fn masked(text: &str) -> String {
    let hidden = text.chars().count().saturating_sub(LEFT);
    "*".repeat(hidden) + &text.chars().skip(hidden).collect::<String>()
}

type Row = (PersonId, Vec<u8>, Option<Vec<u8>>);

/// The identities of those of some people who lie within a scope. Whoever shows them whole has
/// written to the audit log who read whose before they leave.
pub async fn identities(
    db: &impl ConnectionTrait,
    platform: &Platform,
    scope: &Scope,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Identity>, Fault> {
    use person::Column::{AgencyId, Id, IdNumberSealed, PhoneSealed};
    let mut found = HashMap::with_capacity(people.len());
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let rows: Vec<Row> = person::Entity::find()
            .select_only()
            .columns([Id, IdNumberSealed, PhoneSealed])
            .filter(Id.is_in(chunk.iter().copied()))
            .filter(scope.condition((person::Entity, AgencyId)))
            .into_tuple()
            .all(db)
            .await?;
        for (id, number, phone) in rows {
            let open = |purpose, sealed: &[u8]| secrets::open(platform, purpose, id, sealed);
            let identity = Identity {
                id_number: open(secrets::ID_NUMBER, &number)?,
                phone: phone.map(|sealed| open(secrets::PHONE, &sealed)).transpose()?,
            };
            found.insert(id, identity);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_characters_are_left() {
        let whole =
            Identity { id_number: "62010219900307123X".into(), phone: Some("13800138000".into()) };
        let masked = whole.masked();
        assert_eq!(masked.id_number, "**************123X");
        assert_eq!(masked.phone.as_deref(), Some("*******8000"));
        assert_eq!(super::masked("12"), "12");
    }
}
