//! Numbers with right check characters that can belong to nobody: ID numbers (GB 11643), unified
//! social credit codes (GB 32100) and telephone numbers that cannot be dialled.

use chrono::NaiveDate;

/// The division of the demo's ID numbers and credit codes: in Gansu's range (62) and assigned to
/// nothing, as GB/T 2260 has no prefecture 6299.
pub const NOWHERE: &str = "629999";

/// As [`NOWHERE`], for the staff behind the demo's accounts, so that none of them is an officer.
pub const NOWHERE_STAFF: &str = "629998";

/// The ID number of somebody born on `birth`, with its check character (GB 11643-1999 §4).
/// `sequence` has three digits, odd for men and even for women.
pub fn id_number(division: &str, birth: NaiveDate, sequence: u16) -> String {
    let body = format!("{division}{}{sequence:03}", birth.format("%Y%m%d"));
    let check = id_check(&body);
    format!("{body}{check}")
}

/// The check character of the first 17 digits of an ID number (ISO 7064 MOD 11-2).
fn id_check(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    modulo_11(body, &WEIGHTS, 1)
}

/// The unified social credit code of the demo's organisation number `ordinal` (below 100,000):
/// registered by the staffing office (1) as an organ (1) or an institution (2), in [`NOWHERE`].
pub fn credit_code(institution: bool, ordinal: usize) -> String {
    let category = if institution { "12" } else { "11" };
    let organisation = format!("DEM{ordinal:05}");
    let check = organisation_check(&organisation);
    let body = format!("{category}{NOWHERE}{organisation}{check}");
    let check = credit_check(&body);
    format!("{body}{check}")
}

/// The check character of the eight characters of an organisation code (GB 11714-1997 §4).
fn organisation_check(body: &str) -> char {
    modulo_11(body, &[3, 7, 9, 10, 5, 8, 4, 2], 0)
}

/// `offset` minus the weighted sum, modulo 11, ten written as X. Letters count from A = 10.
fn modulo_11(body: &str, weights: &[u32], offset: u32) -> char {
    let sum: u32 =
        body.chars().zip(weights).map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight).sum();
    char::from_digit((offset + 11 - sum % 11) % 11, 10).unwrap_or('X')
}

/// The check character of the first 17 characters of a credit code (GB 32100-2015 §4.4): weights
/// are the powers of 3, modulo 31, over an alphabet without I, O, S, V and Z.
fn credit_check(body: &str) -> char {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut weight = 1;
    let mut sum = 0;
    for character in body.chars() {
        sum += ALPHABET.chars().position(|c| c == character).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('0')
}

/// A complaint telephone of the prefecture a division code lies in: its real area code and a
/// number beginning with 0, which no exchange connects.
pub fn complaint_phone(division: &str, ordinal: usize) -> String {
    let area = match division.get(..4).unwrap_or_default() {
        "6202" | "6209" => "0937",
        "6203" | "6206" => "0935",
        "6204" => "0943",
        "6205" => "0938",
        "6207" => "0936",
        "6208" => "0933",
        "6210" => "0934",
        "6211" => "0932",
        "6212" => "0939",
        "6229" => "0930",
        "6230" => "0941",
        _ => "0931",
    };
    format!("{area}-{ordinal:07}")
}

/// A mobile number of eleven digits in the block 199 0000 and 199 000x, kept for the demo.
pub fn mobile(ordinal: usize) -> String {
    format!("199{ordinal:08}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_standards_come_out() {
        // GB 11643-1999, annex; GB 32100-2015, annex; GB 11714-1997, annex.
        assert_eq!(id_check("11010519491231002"), 'X');
        assert_eq!(id_check("44052418800101001"), '4');
        assert_eq!(credit_check("91350100M000100Y4"), '3');
        assert_eq!(organisation_check("D2143569"), 'X');
    }

    #[test]
    fn numbers_have_their_whole_form() {
        let birth = NaiveDate::from_ymd_opt(1990, 2, 3).unwrap();
        assert_eq!(id_number(NOWHERE, birth, 7), "629999199002030074");
        assert_eq!(credit_code(false, 12).len(), 18);
        assert!(credit_code(true, 12).starts_with("12629999DEM00012"));
        assert_eq!(complaint_phone("620922", 41), "0937-0000041");
        assert_eq!(mobile(99_999), "19900099999");
    }

    proptest! {
        /// The receiving side's form of the rules: the weighted sum with the check character.
        #[test]
        fn a_number_satisfies_its_congruence(days in 0_u64..20_000, sequence in 0_u16..1000, ordinal in 0_usize..100_000) {
            let birth = NaiveDate::from_ymd_opt(1960, 1, 1).unwrap() + chrono::Days::new(days);
            let id = id_number(NOWHERE, birth, sequence);
            let sum: u32 = id.chars().enumerate().map(|(i, c)| {
                let value = if c == 'X' { 10 } else { c.to_digit(10).unwrap() };
                value * (2_u32.pow(17 - u32::try_from(i).unwrap()) % 11)
            }).sum();
            prop_assert_eq!(sum % 11, 1);

            let code = credit_code(ordinal % 2 == 0, ordinal);
            let sum: u32 = code.chars().enumerate().map(|(i, c)| {
                let value = "0123456789ABCDEFGHJKLMNPQRTUWXY".find(c).unwrap();
                let weight = if i == 17 { 1 } else { 3_u64.pow(u32::try_from(i).unwrap()) % 31 };
                u32::try_from(value).unwrap() * u32::try_from(weight).unwrap()
            }).sum();
            prop_assert_eq!(sum % 31, 0);
        }
    }
}
