//! Codes of an authenticator app: RFC 6238 with SHA-1, six digits, steps of 30 seconds, which is
//! what every app takes. Pure: the secret, the time and the last step taken are passed in.

use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq;
use totp_rs::{Builder, Totp, TotpError};

/// Seconds of a step.
const STEP: i64 = 30;
/// Steps a clock may be off, each way.
const DRIFT: i64 = 1;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Bytes of a secret: as many as SHA-1 gives (RFC 4226 §4, R6).
pub const SECRET: usize = 20;

/// What an app shows of a secret. The defaults of the library are those above.
pub struct App(Totp);

impl App {
    /// The app of an account. `deployment` is the host it is for: whoever has accounts of two keeps
    /// them apart.
    pub fn new(deployment: &str, login: &str, secret: &[u8]) -> Result<Self, TotpError> {
        let app = Builder::new().with_secret(secret).with_account_name(login);
        Ok(Self(app.with_issuer(Some(deployment)).build()?))
    }

    /// The code of a step.
    fn code(&self, step: i64) -> String {
        self.0.generate(u64::try_from(step * STEP).unwrap_or_default()).to_string()
    }

    /// The step whose code was given: of this moment or one beside it, and after the last one taken,
    /// so that a code is good once.
    pub fn step_of(&self, given: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
        steps(now, last).find(|step| same(&self.code(*step), given))
    }

    /// The later of two steps in a row whose codes were given one after the other, twelve digits.
    /// To guess both is a million times as hard.
    pub fn step_of_pair(&self, given: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
        steps(now, last).find(|step| same(&(self.code(*step - 1) + &self.code(*step)), given))
    }

    /// The secret as it is typed into an app.
    pub fn typed(&self) -> String {
        self.0.secret().to_base32()
    }

    /// The address that an app reads from a QR code.
    pub fn uri(&self) -> Result<String, TotpError> {
        self.0.to_url()
    }
}

/// The step a moment lies in.
fn step_at(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP)
}

fn steps(now: DateTime<Utc>, last: i64) -> impl Iterator<Item = i64> {
    let at = step_at(now);
    (at - DRIFT..=at + DRIFT).filter(move |step| *step > last)
}

fn same(code: &str, given: &str) -> bool {
    code.as_bytes().ct_eq(given.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, Appendix B.
    const KEY: &[u8] = b"12345678901234567890";

    fn app() -> App {
        App::new("liangzheng.example.cn", "issuer.chengguan", KEY).unwrap()
    }

    fn code(step: i64) -> String {
        app().code(step)
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // The table gives eight digits; six are the last six of them.
        for (seconds, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(step_at(at(seconds))), eight[2..], "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_from_the_step_before_its_own_to_the_step_after() {
        // Step 100 is the seconds 3000 to 3029.
        let word = code(100);
        for (seconds, expected) in [
            (2_969, None),
            (2_970, Some(100)),
            (3_000, Some(100)),
            (3_059, Some(100)),
            (3_060, None),
        ] {
            assert_eq!(app().step_of(&word, at(seconds), 0), expected, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_once_and_none_of_a_step_before_it() {
        let now = at(3_000);
        for (step, last, expected) in
            [(100, 99, Some(100)), (100, 100, None), (99, 100, None), (101, 100, Some(101))]
        {
            assert_eq!(app().step_of(&code(step), now, last), expected, "{step} {last}");
        }
    }

    #[test]
    fn nothing_but_the_digits_is_a_code() {
        let word = code(100);
        for wrong in ["", "0", &word[..5], &format!("{word}0"), &format!(" {word}"), "287 082"] {
            assert_eq!(app().step_of(wrong, at(3_000), 0), None, "{wrong:?}");
        }
        let other =
            App::new("liangzheng.example.cn", "issuer.two", b"another secret......").unwrap();
        assert_eq!(other.step_of(&word, at(3_000), 0), None);
    }

    #[test]
    fn two_codes_are_taken_in_their_order_and_only_in_a_row() {
        let pair = |a: i64, b: i64| code(a) + &code(b);
        let now = at(3_000);
        for (given, last, expected) in [
            (pair(98, 99), 0, Some(99)),
            (pair(99, 100), 0, Some(100)),
            (pair(100, 101), 100, Some(101)),
            (pair(99, 100), 100, None),
            (pair(97, 98), 0, None),
            (pair(100, 99), 0, None),
            (pair(99, 101), 0, None),
            (pair(100, 100), 0, None),
        ] {
            assert_eq!(app().step_of_pair(&given, now, last), expected, "{given} {last}");
        }
        assert_eq!(app().step_of_pair(&code(100), now, 0), None);
    }

    #[test]
    fn an_app_reads_the_secret_from_an_address() {
        assert_eq!(app().typed(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            app().uri().unwrap(),
            "otpauth://totp/liangzheng.example.cn:issuer.chengguan\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=liangzheng.example.cn"
        );
    }
}
