//! An officer's phone through public interfaces only: invited, enrolled with a key of its own,
//! given a credential, shown, read by a QR reader and a browser, challenged, lost.

use std::io::Cursor;

use api::credentials::qr::{VersionLimit, draw};
use api::platform::clock::{Clock as _, SystemClock};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use mobile_contract::{Challenge, Enrolment, Es256Signer, Signer, challenge_of_symbol, present};
use qrcode::{EcLevel, QrCode};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::demo::Demo;
use crate::server::{Server, audit_is_intact};
use crate::session::Session;
use crate::the_whole_way::{Issued, issued_to, read_code};

const PASSWORD: &str = "a password of my own";
const BEGIN: &str =
    include_str!("../../../mobile-contract/operations/account/BeginDeviceEnrolment.graphql");
const ENROL: &str = include_str!("../../../mobile-contract/operations/account/EnrolDevice.graphql");
const REFRESH: &str =
    include_str!("../../../mobile-contract/operations/officer/RefreshPhoneCredential.graphql");
const END: &str = include_str!("../../../mobile-contract/operations/account/EndDevice.graphql");
const CREATE: &str =
    include_str!("../../../mobile-contract/operations/supervisor/CreateChallenge.graphql");
const CHECK: &str =
    include_str!("../../../mobile-contract/operations/supervisor/CheckCode.graphql");

/// The longest name a code holds is a part of this one.
pub const LONGEST: &str = "买买提艾力江·阿不都热依木·吐尔逊";

/// An officer with a certificate in force and an enrolled phone.
pub struct Phone {
    key: Es256Signer,
    id: Value,
    /// The officer's session on it.
    pub officer: Session,
    /// The certificate.
    pub number: String,
}

fn now() -> i64 {
    SystemClock.now().timestamp()
}

/// Bytes that the server gives in base64url.
pub fn decoded(value: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

impl Phone {
    /// From a roster to an enrolled phone.
    pub async fn enrolled(demo: &Demo, server: &Server, name: &str) -> Self {
        let admin = demo.sign_in(server, "admin").await;
        let held = issued_to(demo, server, name).await.handed_over().await;
        let Issued { hr, person, number, .. } = held;
        let officer = account(&admin, &hr, server, &person).await;
        let key = Es256Signer::from_scalar(&[0x5a; 32]).unwrap();
        let id = enrol(&hr, &officer, &person, &key).await;
        Self { key, id, officer, number }
    }

    /// What the phone shows now of a credential that it has: the digits.
    pub fn shown(&self, credential: &[u8]) -> String {
        present(credential, now(), None, &self.key).unwrap()
    }

    /// The credential of today.
    pub async fn credential(&self) -> Vec<u8> {
        let fetched = self.officer.ask(REFRESH, json!({ "deviceId": self.id })).await;
        assert_eq!(fetched["userErrors"], json!([]), "{fetched}");
        decoded(&fetched["credential"]["bytes"])
    }

    /// What the phone shows now: the digits.
    pub async fn code(&self, challenge: Option<&Challenge>) -> String {
        present(&self.credential().await, now(), challenge, &self.key).unwrap()
    }

    /// The phone's key as it is published.
    pub fn public_key(&self) -> Vec<u8> {
        self.key.public_key().to_bytes()
    }
}

/// Enrols a phone with this key, for an own session, by an invitation of another's; answers its id.
pub async fn enrol(inviter: &Session, own: &Session, person: &str, key: &Es256Signer) -> Value {
    let invite = "mutation($id: ID!) { inviteDevice(officerId: $id) { invitation { secret } \
        userErrors { code } } }";
    let invited = inviter.ask(invite, json!({ "id": person })).await;
    assert_eq!(invited["userErrors"], json!([]));
    let secret = invited["invitation"]["secret"].as_str().unwrap();
    let begun = own.ask(BEGIN, json!({})).await["enrolment"].clone();
    let public_key = key.public_key();
    let enrolment = Enrolment {
        nonce: &decoded(&begun["nonce"]).try_into().unwrap(),
        invitation: secret,
        officer: begun["officerId"].as_str().unwrap(),
        public_key: &public_key,
    };
    let signature = key.sign(&enrolment.message()).unwrap();
    let input = json!({
        "invitation": secret, "nonce": begun["nonce"], "algorithm": "ES256",
        "publicKey": BASE64_URL_SAFE_NO_PAD.encode(public_key.to_bytes()),
        "attestation": "TRUSTED_ENVIRONMENT", "name": "工作手机",
        "signature": BASE64_URL_SAFE_NO_PAD.encode(signature),
    });
    // Whoever invites has the secret, but not the officer's session.
    let by_another = inviter.ask(ENROL, json!({ "input": input })).await;
    assert_eq!(by_another["userErrors"][0]["code"], "DEVICE_INVITATION_OF_ANOTHER");
    let enrolled = own.ask(ENROL, json!({ "input": input })).await;
    assert_eq!(enrolled["userErrors"], json!([]), "{enrolled}");
    enrolled["device"]["id"].clone()
}

/// An account of a person's own, activated by them.
async fn account(admin: &Session, hr: &Session, server: &Server, person: &str) -> Session {
    let own = hr.ask("{ viewer { roles { agencyId } } }", json!({})).await;
    let role = json!({ "role": "OFFICER", "agencyId": own["roles"][0]["agencyId"], "axis": "OWN" });
    let invite = "mutation($input: InviteAccountInput!) { inviteAccount(input: $input) { \
        invitation { secret } userErrors { code } } }";
    let login = "officer.phone";
    let input = json!({ "input": { "personId": person, "login": login, "roles": [role] } });
    let invited = admin.ask(invite, input).await;
    let nobody = Session::of(server, "");
    let activate = "mutation($input: ActivateAccountInput!) { activateAccount(input: $input) { \
        tokens { accessToken } userErrors { code } } }";
    let secret = &invited["invitation"]["secret"];
    let input = json!({ "login": login, "secret": secret, "password": PASSWORD });
    let active = nobody.ask(activate, json!({ "input": input })).await;
    nobody.with_token(active["tokens"]["accessToken"].as_str().unwrap())
}

/// What `zbarimg` reads of a code drawn as a phone draws it, and its version.
async fn read_drawn(prefix: &str, digits: &str) -> (String, i16) {
    let code = draw(prefix, digits, VersionLimit::Phone).unwrap();
    (read_code(&code.to_png(5).unwrap()).await, code.version())
}

/// What the officer's app reads from the supervisor's screen.
async fn scanned(symbol: &str) -> Challenge {
    let code = QrCode::with_error_correction_level(symbol, EcLevel::M).unwrap();
    let screen = code.render::<image::Luma<u8>>().module_dimensions(5, 5).build();
    let mut png = Cursor::new(Vec::new());
    screen.write_to(&mut png, image::ImageFormat::Png).unwrap();
    challenge_of_symbol(&read_code(png.get_ref()).await).unwrap()
}

#[tokio::test]
async fn from_an_invitation_to_a_code_shown_live_and_a_phone_that_was_lost() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let phone = Phone::enrolled(&demo, &server, LONGEST).await;
    let digits = phone.code(None).await;

    // Behind the longest host it takes the largest version, and a reader has it.
    let longest_host = format!("https://{}/v/", "h".repeat(28));
    let (read, version) = read_drawn(&longest_host, &digits).await;
    assert_eq!((read, version), (format!("{longest_host}{digits}"), 13));
    let (url, version) = read_drawn(&format!("{}/v/", server.url), &digits).await;
    assert_eq!(url, format!("{}/v/{digits}", server.url));
    assert!(version <= 13);

    let mut browser = Browser::start();
    for (lang, live) in [("zh-CN", "当面出示"), ("en", "Shown live at ")] {
        let visit = json!({ "url": url, "width": 360, "lang": lang, "axe": true });
        let page = browser.visit(&visit).await;
        assert_eq!((&page["verdict"], &page["status"]), (&json!("VALID"), &json!(200)), "{page}");
        let text = page["text"].as_str().unwrap();
        for shown in [LONGEST, &phone.number, live] {
            assert!(text.contains(shown), "{shown} is missing:\n{text}");
        }
        assert_eq!((&page["violations"], &page["cookies"]), (&json!([]), &json!([])), "{page}");
        assert_eq!(page["scrollWidth"], page["clientWidth"]);
    }
    // Later it says that it was opened before, and holds all the same.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let page = browser.open(&url, 360).await;
    assert_eq!(page["verdict"], "VALID");
    assert!(page["text"].as_str().unwrap().contains("此码两分钟内已被打开过"), "{page}");

    // A supervisor asks for a code of this moment.
    let supervisor = demo.sign_in(&server, "supervisor.chengguan").await;
    let made = supervisor.ask(CREATE, json!({})).await["challenge"].clone();
    let challenge = scanned(made["symbol"].as_str().unwrap()).await;
    assert_eq!(challenge.as_slice(), decoded(&made["value"]));
    let answered = phone.code(Some(&challenge)).await;
    let page = browser.open(&format!("{}/v/{answered}", server.url), 360).await;
    assert_eq!(page["verdict"], "CHALLENGE_BOUND", "it is for the supervisor alone");
    let variables = json!({ "code": answered, "challengeId": made["id"] });
    let check = supervisor.ask(CHECK, variables.clone()).await["check"].clone();
    let words = (&check["verdict"], &check["evidence"], &check["certificate"]["name"]);
    assert_eq!(words, (&json!("VALID"), &json!("CHALLENGED"), &json!(LONGEST)));
    let twice = supervisor.ask(CHECK, variables).await;
    assert_eq!(twice["userErrors"][0]["code"], "CHALLENGE_USED");

    // The phone is lost.
    let digits = phone.code(None).await;
    let url = format!("{}/v/{digits}", server.url);
    let lost = json!({ "deviceId": phone.id, "reason": "LOST" });
    let ended = phone.officer.ask(END, lost).await;
    assert_eq!(ended["device"]["endReason"], "LOST");
    let page = browser.open(&url, 360).await;
    assert_eq!(page["verdict"], "STALE_CODE");
    assert!(!page["text"].as_str().unwrap().contains(LONGEST), "{page}");
    let told = phone.officer.ask(REFRESH, json!({ "deviceId": phone.id })).await;
    assert_eq!(told["userErrors"][0]["code"], "DEVICE_ENDED");
    browser.close().await;
    server.stop().await;
    audit_is_intact(demo.data()).await;
}
