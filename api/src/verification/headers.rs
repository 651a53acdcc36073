//! The HTTP headers of every public page. They stand beside the style because the policy names
//! the style's digest.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::frame::STYLE;
use crate::platform::texts::Locale;

/// The page's own style by its digest and pictures of the same origin; no script, no frame, no
/// base, and forms only to this service.
///
/// There is no `'unsafe-inline'` for engines older than digests (Chromium 40): they show the same
/// page without its style, verdict first, and it can be read.
static CONTENT_SECURITY_POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
});

/// The policy of every public page.
pub fn content_security_policy() -> &'static str {
    &CONTENT_SECURITY_POLICY
}

/// Every header a public page is sent with, names in lower case.
///
/// `https` says whether the public URL is served over TLS: on plain HTTP, a demonstration on one
/// machine, Strict-Transport-Security must not be sent (RFC 6797 §7.2).
pub fn page_headers(locale: Locale, https: bool) -> Vec<(&'static str, &'static str)> {
    let mut headers = vec![
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", locale.tag()),
        ("content-security-policy", content_security_policy()),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex"),
        ("x-content-type-options", "nosniff"),
        ("vary", "Accept-Language"),
    ];
    if https {
        headers.push(("strict-transport-security", "max-age=31536000"));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_sent_with_all_headers() {
        assert_eq!(
            page_headers(Locale::En, true),
            [
                ("content-type", "text/html; charset=utf-8"),
                ("content-language", "en"),
                ("content-security-policy", content_security_policy()),
                ("cache-control", "no-store"),
                ("referrer-policy", "no-referrer"),
                ("x-robots-tag", "noindex"),
                ("x-content-type-options", "nosniff"),
                ("vary", "Accept-Language"),
                ("strict-transport-security", "max-age=31536000"),
            ]
        );
        let plain = page_headers(Locale::ZhCn, false);
        assert!(!plain.iter().any(|(name, _)| *name == "strict-transport-security"));
        assert!(plain.contains(&("content-language", "zh-CN")));
    }

    #[test]
    fn the_policy_names_the_style_and_nothing_unsafe() {
        let policy = content_security_policy();
        let digest = STANDARD.encode(Sha256::digest(STYLE));
        assert_eq!(
            policy,
            format!(
                "default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; form-action \
                 'self'; base-uri 'none'; frame-ancestors 'none'"
            )
        );
    }
}
