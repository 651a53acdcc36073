//! Sealing of a person's ID number and phone. What is sealed opens for its own person only.

use chrono::NaiveDate;
use entities::enums::Gender;
use entities::ids::PersonId;
use entities::person;

use super::rules;
use crate::platform::Platform;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::platform::seal::Purpose;

/// ID numbers, in capitals.
pub(super) const ID_NUMBER: Purpose = Purpose::new("officers/id-number");
/// Mobile numbers, eleven digits.
pub(super) const PHONE: Purpose = Purpose::new("officers/phone");

/// Seals a value of a person.
pub(super) fn seal(platform: &Platform, purpose: Purpose, person: PersonId, text: &str) -> Vec<u8> {
    let mut random = platform.random.clone();
    platform.secret.seal(purpose, person.0.as_bytes(), text.as_bytes(), &mut random)
}

/// Opens a value of a person.
pub(super) fn open(
    platform: &Platform,
    purpose: Purpose,
    person: PersonId,
    sealed: &[u8],
) -> Result<String, Fault> {
    let bytes =
        platform.secret.open(purpose, person.0.as_bytes(), sealed).map_err(Fault::stored)?;
    String::from_utf8(bytes).map_err(Fault::stored)
}

/// Birth and sex of a person as the ID number tells them, for rules that reckon with them and show
/// neither; `None` where no number can be read.
pub fn birth_and_gender(
    platform: &Platform,
    person: &person::Model,
) -> Option<(NaiveDate, Gender)> {
    let number = open(platform, ID_NUMBER, person.id, &person.id_number_sealed).ok()?;
    let id = rules::id_number(&number, local_date(platform.now())).ok()?;
    Some((id.born_on, id.gender))
}

/// The keyed hash by which a value is found.
pub(super) fn index(platform: &Platform, purpose: Purpose, text: &str) -> Vec<u8> {
    platform.secret.blind_index(purpose, text).to_vec()
}
