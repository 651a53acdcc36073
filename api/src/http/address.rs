//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::Extension;
use axum::extract::ConnectInfo;
use axum::http::HeaderMap;

use super::Web;

/// The other end of the connection, where it is known.
pub(super) type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// Where a request comes from: the connection's other end or, behind proxies of our own, what the
/// outermost of them wrote into `X-Forwarded-For`. It is counted, never kept.
pub(super) fn place(web: &Web, peer: Peer, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = peer.map(|Extension(ConnectInfo(peer))| peer.ip());
    client_address(peer, headers, web.config.trusted_proxies)
}

/// Each proxy appends whom it heard from, so what a client wrote itself stands further left and is
/// not believed.
fn client_address(peer: Option<IpAddr>, headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let Some(nth) = proxies.checked_sub(1) else { return peer };
    let lines = headers.get_all("x-forwarded-for");
    let forwarded: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .map(str::trim)
        .collect();
    let written = forwarded.iter().rev().nth(nth);
    let address = written.and_then(|text| {
        text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
    });
    // Without a readable address all who come so share one: they are counted, not let through.
    address.or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_that_our_own_proxies_saw() {
        let peer: Option<IpAddr> = "10.0.0.1".parse().ok();
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.66, 198.51.100.7".parse().unwrap());
        headers.append("x-forwarded-for", "2001:db8::1".parse().unwrap());
        for (proxies, expected) in [
            (0, peer),
            (1, "2001:db8::1".parse().ok()),
            (2, "198.51.100.7".parse().ok()),
            (3, "203.0.113.66".parse().ok()),
            (4, peer),
        ] {
            assert_eq!(client_address(peer, &headers, proxies), expected, "{proxies}");
        }
        assert_eq!(client_address(peer, &HeaderMap::new(), 1), peer);
    }
}
