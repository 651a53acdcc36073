//! Gansu's divisions (GB/T 2260) as committed in `api/data/divisions.csv`, and the dictionary of
//! enforcement fields. `scripts/check-divisions.mjs` compares the first with what the ministry publishes.

use entities::enums::DivisionLevel;

/// A division: a row of `divisions.csv` with its slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// Six digits.
    pub code: &'static str,
    /// The official name, such as 城关区; without the names above it.
    pub name: &'static str,
    /// Province, prefecture or county.
    pub level: DivisionLevel,
    /// The code of the division above; `None` for the province.
    pub parent: Option<&'static str>,
    /// A short name in lowercase ASCII, unique.
    pub slug: &'static str,
}

/// A row of the dictionary of enforcement fields (执法领域).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// A lowercase ASCII word.
    pub code: &'static str,
    /// The Chinese name, as it stands in the roster and on the public page.
    pub name_zh: &'static str,
    /// The English name.
    pub name_en: &'static str,
}

/// The province, its 14 prefectures and 86 counties in the order of their codes, so that a
/// division follows the one above it.
pub fn divisions() -> Vec<Division> {
    let slugs = include_str!("../../data/division-slugs.csv");
    rows(include_str!("../../data/divisions.csv"))
        .zip(rows(slugs))
        .filter_map(|(division, slug)| {
            let [code, name, level, parent] = columns(division)?;
            let [slug_code, slug] = columns(slug)?;
            Some(Division {
                code,
                name,
                level: DivisionLevel::from_code(level)?,
                parent: Some(parent).filter(|p| !p.is_empty()),
                slug: Some(slug).filter(|_| slug_code == code)?,
            })
        })
        .collect()
}

/// The dictionary of enforcement fields.
pub fn fields() -> Vec<Field> {
    rows(include_str!("../../data/enforcement-fields.csv"))
        .filter_map(|row| {
            let [code, name_zh, name_en] = columns(row)?;
            Some(Field { code, name_zh, name_en })
        })
        .collect()
}

fn rows(csv: &'static str) -> impl Iterator<Item = &'static str> {
    csv.lines().skip(1)
}

/// The cells of a row; these files have no quoted cell.
fn columns<const N: usize>(row: &'static str) -> Option<[&'static str; N]> {
    row.split(',').collect::<Vec<_>>().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn gansu_has_14_prefectures_and_86_counties() {
        let divisions = divisions();
        let names = |level| -> Vec<_> {
            divisions.iter().filter(|d| d.level == level).map(|d| d.name).collect()
        };
        let prefectures = names(DivisionLevel::Prefecture);
        let counties = names(DivisionLevel::County);
        let ending = |names: &[&str], end: &str| names.iter().filter(|n| n.ends_with(end)).count();

        assert_eq!(names(DivisionLevel::Province), ["甘肃省"]);
        assert_eq!((prefectures.len(), counties.len()), (14, 86));
        assert_eq!((ending(&prefectures, "市"), ending(&prefectures, "自治州")), (12, 2));
        assert_eq!(
            ["区", "市", "县", "自治县"].map(|end| ending(&counties, end)),
            [17, 5, 57 + 7, 7]
        );
    }

    #[test]
    fn every_division_follows_its_parent_and_no_slug_is_repeated() {
        let divisions = divisions();
        let mut seen = HashSet::new();
        for division in &divisions {
            assert_eq!(division.parent.is_none(), division.level == DivisionLevel::Province);
            assert!(division.parent.is_none_or(|p| seen.contains(p)), "{division:?}");
            assert!(division.slug.bytes().all(|b| b.is_ascii_lowercase()), "{division:?}");
            seen.insert(division.code);
        }
        assert_eq!(seen.len(), divisions.len());
        let slugs: HashSet<_> = divisions.iter().map(|d| d.slug).collect();
        assert_eq!(slugs.len(), divisions.len());
    }

    #[test]
    fn jiayuguan_has_no_counties() {
        assert!(divisions().iter().all(|d| d.parent != Some("620200")));
    }

    #[test]
    fn a_field_has_a_word_and_two_names_of_its_own() {
        let fields = fields();
        assert_eq!(fields.len(), 26);
        for names in [
            fields.iter().map(|f| f.code).collect::<HashSet<_>>(),
            fields.iter().map(|f| f.name_zh).collect(),
            fields.iter().map(|f| f.name_en).collect(),
        ] {
            assert_eq!(names.len(), fields.len());
        }
        assert!(fields.iter().all(|f| f.code.bytes().all(|b| b.is_ascii_lowercase())));
    }
}
