//! What is found of a showing's fields and place: pure, so that it can be told why.

use entities::enums::ShowingFinding;
use entities::ids::JointAuthorisationId;

/// What an act touches.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// Codes of its fields.
    pub fields: &'a [String],
    /// The division it is in and those above, nearest first; none where no place was given.
    pub place: Option<&'a [String]>,
}

/// What the officer may do by the certificate alone.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    /// Codes of the fields.
    pub fields: &'a [String],
    /// Code of the area, which has everything below it.
    pub area: &'a str,
}

/// A joint authorisation in force that names the officer or the agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorisation {
    /// Which.
    pub id: JointAuthorisationId,
    /// Codes of the fields.
    pub fields: Vec<String>,
    /// Codes of the divisions, each with all below it.
    pub divisions: Vec<String>,
}

impl Authorisation {
    /// Whether it covers an act as a whole: each field, in that place.
    fn covers(&self, act: Act<'_>) -> bool {
        let within = |place: &[String]| place.iter().any(|code| self.divisions.contains(code));
        act.fields.iter().all(|field| self.fields.contains(field)) && act.place.is_none_or(within)
    }
}

/// What is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Of the fields.
    pub field: ShowingFinding,
    /// Of the place.
    pub area: ShowingFinding,
    /// By which authorisation something outside is covered.
    pub authorisation: Option<JointAuthorisationId>,
}

/// Compares an act with the certificate and, where something is outside, with joint authorisations:
/// the first one that covers the act counts.
pub fn find(act: Act<'_>, own: Own<'_>, authorisations: &[Authorisation]) -> Found {
    let field_outside = act.fields.iter().any(|field| !own.fields.contains(field));
    let area_outside = act.place.is_some_and(|place| !place.iter().any(|code| code == own.area));
    let covering = (field_outside || area_outside)
        .then(|| authorisations.iter().find(|authorisation| authorisation.covers(act)))
        .flatten();
    let outside = |what| match covering {
        Some(_) => ShowingFinding::CoveredByJointAuthorisation,
        None => what,
    };
    Found {
        field: if field_outside {
            outside(ShowingFinding::OutsideField)
        } else {
            ShowingFinding::Ok
        },
        area: match act.place {
            None => ShowingFinding::PlaceNotGiven,
            Some(_) if area_outside => outside(ShowingFinding::OutsideArea),
            Some(_) => ShowingFinding::Ok,
        },
        authorisation: covering.map(|authorisation| authorisation.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ShowingFinding::{
        CoveredByJointAuthorisation, Ok, OutsideArea, OutsideField, PlaceNotGiven,
    };
    use uuid::Uuid;

    fn codes(codes: &[&str]) -> Vec<String> {
        codes.iter().map(ToString::to_string).collect()
    }

    fn authorisation(id: u128, fields: &[&str], divisions: &[&str]) -> Authorisation {
        Authorisation {
            id: JointAuthorisationId(Uuid::from_u128(id)),
            fields: codes(fields),
            divisions: codes(divisions),
        }
    }

    /// An officer for transport in 620121; what is found of an act.
    fn found(
        fields: &[&str],
        place: Option<&[&str]>,
        authorisations: &[Authorisation],
    ) -> (ShowingFinding, ShowingFinding, Option<u128>) {
        let (fields, own) = (codes(fields), codes(&["transport", "road"]));
        let place = place.map(codes);
        let found = find(
            Act { fields: &fields, place: place.as_deref() },
            Own { fields: &own, area: "620121" },
            authorisations,
        );
        (found.field, found.area, found.authorisation.map(|id| id.0.as_u128()))
    }

    #[test]
    fn fields_and_places_of_ones_own_are_in_order_and_others_are_said() {
        let home = &["620121", "620100", "620000"][..];
        let village = &["620121101", "620121", "620100", "620000"][..];
        let next_door = &["620122", "620100", "620000"][..];
        let above = &["620100", "620000"][..];
        for (fields, place, expected) in [
            (&["transport"][..], Some(home), (Ok, Ok)),
            (&["transport", "road"], Some(village), (Ok, Ok)),
            (&["transport"], None, (Ok, PlaceNotGiven)),
            (&["transport"], Some(next_door), (Ok, OutsideArea)),
            (&["transport"], Some(above), (Ok, OutsideArea)),
            (&["transport", "water"], Some(home), (OutsideField, Ok)),
            (&["water"], Some(next_door), (OutsideField, OutsideArea)),
            (&["water"], None, (OutsideField, PlaceNotGiven)),
        ] {
            let (field, area, by) = found(fields, place, &[]);
            assert_eq!(((field, area), by), (expected, None), "{fields:?} {place:?}");
        }
    }

    #[test]
    fn an_authorisation_covers_an_act_as_a_whole_or_not_at_all() {
        let next_door = &["620122101", "620122", "620100", "620000"][..];
        let home = &["620121", "620100", "620000"][..];
        let both = authorisation(1, &["transport", "water"], &["620122"]);
        let water_here = authorisation(2, &["water"], &["620121"]);
        let prefecture = authorisation(3, &["transport"], &["620100"]);
        let all = [both.clone(), water_here.clone(), prefecture.clone()];
        let covered = CoveredByJointAuthorisation;
        for (fields, place, known, expected) in [
            (&["water"][..], Some(next_door), &all[..], (covered, covered, Some(1))),
            (&["transport", "water"], Some(next_door), &all, (covered, covered, Some(1))),
            (&["water"], Some(home), &all, (covered, Ok, Some(2))),
            (&["transport"], Some(next_door), &all[1..], (Ok, covered, Some(3))),
            // Its field, another's place; its place, another's field: no authorisation says both.
            (&["water"], Some(next_door), &all[1..], (OutsideField, OutsideArea, None)),
            (&["road"], Some(next_door), &all, (Ok, OutsideArea, None)),
            (&["water"], None, &all[1..], (covered, PlaceNotGiven, Some(2))),
            // What is one's own needs none, whatever there is.
            (&["transport"], Some(home), &all, (Ok, Ok, None)),
        ] {
            assert_eq!(found(fields, place, known), expected, "{fields:?} {place:?}");
        }
    }
}
