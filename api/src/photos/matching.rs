//! Whose photo each file of a ZIP is, by its name alone and within the sender's part of the tree,
//! before anything is unpacked.

use std::collections::{BTreeMap, HashMap, HashSet};

use entities::ids::PersonId;

use super::archive::Listed;
use super::outcome::Outcome;
use super::rules;
use crate::access::Scope;
use crate::officers::{self, PhotoHolder};
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// A file, and whose photo it is or why it is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Its name in the ZIP.
    pub name: String,
    /// Whose, or why not.
    pub of: Result<PhotoHolder, Outcome>,
}

/// Looks up the files of a list.
pub async fn plan(
    platform: &Platform,
    scope: &Scope,
    files: Vec<Listed>,
) -> Result<Vec<Planned>, Fault> {
    let mut numbers: Vec<String> = files
        .iter()
        .filter(|f| f.trouble.is_none())
        .flat_map(|f| rules::id_numbers(rules::base_name(&f.name)))
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let announced = {
        let stems: HashSet<String> =
            files.iter().map(|file| rules::stem_key(rules::base_name(&file.name))).collect();
        // A name that is the same to the letter has the same stem.
        let wanted = |file: &str| stems.contains(&rules::stem_key(file));
        officers::announced_photos(platform.db.read(), scope, wanted).await?
    };
    let register = Register {
        numbers: officers::photo_holders(platform, scope, &numbers).await?,
        ..Register::announced(announced)
    };
    let mut planned: Vec<Planned> = files
        .into_iter()
        .map(|file| Planned {
            of: match file.trouble {
                Some(trouble) => Err(trouble),
                None => register.holder(rules::base_name(&file.name)),
            },
            name: file.name,
        })
        .collect();
    refuse_doubles(&mut planned);
    Ok(planned)
}

/// Of several files of one person nobody can say which is meant.
fn refuse_doubles(planned: &mut [Planned]) {
    let mut files_of: HashMap<PersonId, usize> = HashMap::new();
    for holder in planned.iter().filter_map(|p| p.of.as_ref().ok()) {
        *files_of.entry(holder.id).or_default() += 1;
    }
    for planned in planned {
        let files = planned.of.as_ref().ok().and_then(|holder| files_of.get(&holder.id));
        if files.is_some_and(|files| *files > 1) {
            planned.of = Err(Outcome::PersonTwice);
        }
    }
}

/// The people who may be meant, by what a name may say.
#[derive(Default)]
struct Register {
    numbers: HashMap<String, PhotoHolder>,
    files: HashMap<String, Meant>,
    stems: HashMap<String, Meant>,
}

/// Whom a key means.
enum Meant {
    One(PhotoHolder),
    Several,
}

impl Register {
    fn announced(photos: Vec<officers::Announced>) -> Self {
        let mut register = Self::default();
        let add = |map: &mut HashMap<String, Meant>, key, holder: &PhotoHolder| {
            map.entry(key)
                .and_modify(|meant| *meant = Meant::Several)
                .or_insert_with(|| Meant::One(holder.clone()));
        };
        for officers::Announced { holder, file } in photos {
            add(&mut register.files, rules::exact_key(&file), &holder);
            add(&mut register.stems, rules::stem_key(&file), &holder);
        }
        register
    }

    /// An ID number and an announced name count alike; a name that only resembles an announced one
    /// is asked last.
    fn holder(&self, file: &str) -> Result<PhotoHolder, Outcome> {
        let mut found: BTreeMap<PersonId, &PhotoHolder> = rules::id_numbers(file)
            .iter()
            .filter_map(|number| self.numbers.get(number))
            .map(|holder| (holder.id, holder))
            .collect();
        let exact = self.files.get(&rules::exact_key(file));
        let alike = if found.is_empty() { self.stems.get(&rules::stem_key(file)) } else { None };
        match exact.or(alike) {
            Some(Meant::One(holder)) => {
                found.insert(holder.id, holder);
            }
            Some(Meant::Several) => return Err(Outcome::Ambiguous),
            None => {}
        }
        let mut found = found.into_values();
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one.clone()),
            (Some(_), Some(_)) => Err(Outcome::Ambiguous),
            (None, _) => Err(Outcome::NotMatched),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::officers::Announced;
    use uuid::Uuid;

    fn holder(n: u128) -> PhotoHolder {
        PhotoHolder { id: PersonId(Uuid::from_u128(n)), photo: None }
    }

    fn register() -> Register {
        let number = |n: u32| format!("62010219900307{n:04}");
        let announced = [
            (3, "IMG_0003.jpg"),
            (4, "王伟.jpg"),
            (5, "王伟.jpg"),
            (6, "李娜.JPG"),
            (7, "李娜.png"),
            (8, "8.jpg"),
        ];
        Register {
            numbers: (1..=3).map(|n| (number(n), holder(u128::from(n)))).collect(),
            ..Register::announced(
                announced
                    .map(|(n, file)| Announced { holder: holder(n), file: file.to_owned() })
                    .into(),
            )
        }
    }

    #[test]
    fn a_name_means_one_person_or_nobody() {
        let register = register();
        for (file, expected) in [
            ("620102199003070001.png", Ok(1)),
            ("张三 620102199003070002.jpg", Ok(2)),
            ("620102199003070009.jpg", Err(Outcome::NotMatched)),
            ("620102199003070001 620102199003070002.jpg", Err(Outcome::Ambiguous)),
            // The number of one whom the register knows, and of one whom it does not.
            ("620102199003070001 620102199003070009.jpg", Ok(1)),
            ("IMG_0003.jpg", Ok(3)),
            ("img_0003.PNG", Ok(3)),
            ("IMG_0003", Ok(3)),
            ("IMG_0004.jpg", Err(Outcome::NotMatched)),
            ("王伟.jpg", Err(Outcome::Ambiguous)),
            // Exactly one of two that differ in their ending only; without it, either.
            ("李娜.JPG", Ok(6)),
            ("李娜.png", Ok(7)),
            ("李娜.jpeg", Err(Outcome::Ambiguous)),
        ] {
            assert_eq!(register.holder(file), expected.map(holder), "{file}");
        }
    }

    #[test]
    fn the_number_and_the_announced_name_of_different_people_are_ambiguous() {
        let mut register = register();
        let name = "620102199003070001.jpg";
        let other = vec![Announced { holder: holder(8), file: name.to_owned() }];
        register.files = Register::announced(other).files;
        assert_eq!(register.holder(name), Err(Outcome::Ambiguous));
    }

    #[test]
    fn of_two_files_of_a_person_none_is_taken() {
        let planned = |of| Planned { name: String::new(), of };
        let mut all = [
            planned(Ok(holder(1))),
            planned(Ok(holder(2))),
            planned(Err(Outcome::Encrypted)),
            planned(Ok(holder(1))),
        ];
        refuse_doubles(&mut all);
        let twice = Err(Outcome::PersonTwice);
        assert_eq!(
            all.map(|p| p.of),
            [twice.clone(), Ok(holder(2)), Err(Outcome::Encrypted), twice]
        );
    }
}
